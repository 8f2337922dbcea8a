import Interchange
import Testing

@Suite("Deflate")
struct InflaterTests {
  private func inflate(_ bytes: [UInt8], limit: Int = 1000) throws(DeflateFault) -> [UInt8] {
    try Inflater.inflate(bytes, in: 0..<bytes.count, limit: limit)
  }

  private func expectFault(
    _ expected: DeflateFault, _ bytes: [UInt8], limit: Int = 1000,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    do throws(DeflateFault) {
      _ = try inflate(bytes, limit: limit)
      Issue.record("expected \(expected)", sourceLocation: sourceLocation)
    } catch {
      #expect(error == expected, sourceLocation: sourceLocation)
    }
  }

  /// Streams that zlib made.
  static let streams: [([UInt8], String)] = [
    ([3, 0], ""),
    ([1, 3, 0, 252, 255, 97, 98, 99], "abc"),
    ([75, 76, 74, 78, 132, 33, 0], "abcabcabcabc"),
    ([75, 76, 28, 5, 196, 2, 0], String(repeating: "a", count: 300)),
  ]

  @Test("stored blocks, fixed codes and overlapping copies expand", arguments: streams)
  func expands(_ bytes: [UInt8], _ expected: String) throws {
    #expect(try inflate(bytes) == Array(expected.utf8))
  }

  @Test("a block with its own codes expands")
  func dynamicBlock() throws {
    let start: [UInt8] = [
      5, 193, 129, 13, 0, 17, 16, 0, 176, 217, 138, 227, 17, 17, 17, 251, 175, 242, 173, 56, 234,
      213, 158, 143, 158, 141, 48, 27, 93, 154, 242, 82, 182,
    ]
    let period: [UInt8] = [56, 234, 213, 158, 143, 158, 141, 48, 27, 93, 154, 242, 82, 182]
    let stream = start + (0..<5).flatMap { _ in period } + [248, 1]
    let expected = (0..<200).map { (index: Int) -> UInt8 in
      let letter = (index * 37 % 11) * (index % 3)
      return UInt8(letter + 65)
    }
    #expect(try inflate(stream) == expected)
  }

  @Test("streams that end early, go on, or lie are faults")
  func faults() {
    expectFault(.truncated, [])
    expectFault(.truncated, [75, 76, 74])
    expectFault(.truncated, [1, 4, 0, 251, 255, 97, 98, 99])
    expectFault(.trailingBytes(2), [3, 0, 0, 0])
    expectFault(.blockType, [7, 0])
    expectFault(.storedLength, [1, 3, 0, 252, 254, 97, 98, 99])
    expectFault(.distance, [75, 4, 98, 0])
    expectFault(.code, [5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    expectFault(.codeLengths, [5, 224, 147, 36, 73, 146, 36, 73, 146, 0])
  }

  @Test("output beyond the limit is a fault, or cut where that is asked for")
  func limits() throws {
    let bytes: [UInt8] = [75, 76, 28, 5, 196, 2, 0]
    expectFault(.tooLong(limit: 299), bytes, limit: 299)
    #expect(try inflate(bytes, limit: 300).count == 300)
    let cut = try Inflater.inflate(bytes, in: 0..<bytes.count, limit: 10, overrun: .isCut)
    #expect(cut == [UInt8](repeating: 97, count: 10))
  }
}
