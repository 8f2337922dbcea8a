import Interchange
import Testing

@Suite("Safetensors headers at fault")
struct SafetensorsFaultTests {
  private func problem(_ header: String, _ count: Int = 0) throws -> ArrayFault.Problem {
    let bytes = safetensors(header, [UInt8](repeating: 0, count: count))
    return try caughtFault { () throws(ArrayFault) in try SafetensorsFormat.decode(bytes) }.problem
  }

  private func entry(_ name: String, _ start: Int, _ end: Int, _ sizes: String) -> String {
    "\"\(name)\":{\"dtype\":\"F32\",\"shape\":[\(sizes)],\"data_offsets\":[\(start),\(end)]}"
  }

  @Test("a header that is right reads, in any order of its entries")
  func control() throws {
    let bytes = safetensors(
      "{\(entry("b", 4, 8, "1")),\(entry("a", 0, 4, "")),\(entry("c", 4, 4, "0"))}",
      [0, 0, 128, 63, 0, 0, 0, 64])
    let content = try SafetensorsFormat.decode(bytes)
    #expect(content.arrays.map(\.name) == ["b", "a", "c"])
    #expect(content.arrays.map { $0.array.asFloat32.elements } == [[2], [1], []])
  }

  @Test("ranges that overlap, leave gaps, or leave the file are faults")
  func ranges() throws {
    let overlap = try problem("{\(entry("a", 0, 4, "1")),\(entry("b", 0, 4, "1"))}", 4)
    #expect(overlap == .dataNotContiguous(name: "b", expected: 4, found: 0))
    let gap = try problem("{\(entry("a", 0, 4, "1")),\(entry("b", 8, 12, "1"))}", 12)
    #expect(gap == .dataNotContiguous(name: "b", expected: 4, found: 8))
    let rest = try problem("{\(entry("a", 0, 4, "1"))}", 6)
    #expect(rest == .unclaimedData(start: 4, end: 6))
    let outside = try problem("{\(entry("a", 0, 8, "2"))}", 4)
    #expect(outside == .dataRange(name: "a", start: 0, end: 8, available: 4))
    let reversed = try problem("{\(entry("a", 4, 0, "1"))}", 4)
    #expect(reversed == .dataRange(name: "a", start: 4, end: 0, available: 4))
    let negative = try problem("{\(entry("a", -4, 0, "1"))}", 4)
    #expect(negative == .dataRange(name: "a", start: -4, end: 0, available: 4))
    let lie = try problem("{\(entry("a", 0, 4, "2"))}", 4)
    #expect(lie == .dataLength(expected: 8, found: 4))
  }

  @Test("a header that is longer than the file, or than any header, is a fault")
  func length() throws {
    let long = try caughtFault { () throws(ArrayFault) in
      try SafetensorsFormat.decode([255, 255, 255, 255, 255, 255, 255, 255])
    }
    #expect(long.problem == .headerTooLong(length: .max, limit: 100_000_000))
    let beyond = try caughtFault { () throws(ArrayFault) in
      try SafetensorsFormat.decode([9, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d])
    }
    #expect(beyond.problem == .truncated(part: "the header", needed: 9, available: 2))
  }

  static let malformed: [(String, String)] = [
    (" {}", "an object"), ("[]", "an array"), ("{\"a\":1}", "a number"),
    ("{\"__metadata__\":[]}", "an array"), ("{\"__metadata__\":{\"a\":1}}", "a number under \"a\""),
    ("{\"a\":{}}", "nothing"), ("{\"a\":{\"dtype\":\"F32\"}}", "nothing"),
    ("{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5]}}", "a number"),
    ("{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0]}}", "1"),
    (
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,99999999999999999999]}}",
      "a number"
    ),
    ("{\"a\":{\"extra\":0}}", "\"extra\""),
  ]

  @Test("a header of another form says what was found", arguments: malformed)
  func forms(_ header: String, _ expected: String) throws {
    guard case .header(_, let found) = try problem(header, 4) else {
      Issue.record("expected a header fault")
      return
    }
    #expect(found == expected)
  }

  @Test("unknown types, duplicate names and bad JSON are named")
  func names() throws {
    let type = try problem("{\"a\":{\"dtype\":\"F8_E4M3\",\"shape\":[],\"data_offsets\":[0,1]}}", 1)
    #expect(type == .elementType("F8_E4M3"))
    let twice = try problem("{\(entry("a", 0, 4, "1")),\(entry("a", 4, 8, "1"))}", 8)
    guard case .json(let error) = twice else {
      Issue.record("\(twice)")
      return
    }
    #expect(error.fault == .duplicateKey("a"))
    #expect(try problem("{") == .json(JSONError(offset: 1, fault: .unexpectedEnd)))
  }
}
