import Interchange
import Testing

@Suite("ZIP archives at fault")
struct ZIPFaultTests {
  /// The fault that comes of changing bytes in the first entry of an archive's directory.
  private func problem(
    _ name: String, offset: Int, _ replacement: [UInt8]
  ) throws -> ArrayFault.Problem {
    var bytes = try Fixture.bytes(name)
    let start = try #require(
      bytes.indices.first { bytes[$0...].starts(with: [0x50, 0x4b, 1, 2]) })
    bytes.replaceSubrange(start + offset..<start + offset + replacement.count, with: replacement)
    return try caughtFault { () throws(ArrayFault) in try NPZFormat.decode(bytes) }.problem
  }

  static let features: [(Int, [UInt8], String)] = [
    (8, [1], "encryption"), (10, [12], "compression method 12"),
    (24, [255, 255, 255, 255], "ZIP64 (an entry over 4 GiB)"),
    (46, [0xff], "a name that is not UTF-8"),
  ]

  @Test("what is not read is named", arguments: features)
  func refusedFeatures(_ offset: Int, _ bytes: [UInt8], _ feature: String) throws {
    #expect(try problem("stored.npz", offset: offset, bytes) == .zipFeature(feature))
  }

  @Test("a compressed entry that claims another length than its npy header is not expanded")
  func bomb() throws {
    // The npy file is 128 + 24 bytes long.
    let more = try problem("compressed.npz", offset: 24, [0, 0, 0, 0x7f])
    #expect(more == .dataLength(expected: 24, found: 0x7f00_0000 - 128))
    let less = try problem("compressed.npz", offset: 24, [130, 0, 0, 0])
    #expect(less == .dataLength(expected: 24, found: 2))
  }

  @Test("a stored entry of two lengths, and one that is not where it should be, contradict")
  func inconsistency() throws {
    let lengths = try problem("stored.npz", offset: 24, [1, 0, 0, 0])
    #expect(lengths == .zipInconsistent("an uncompressed entry has two lengths"))
    let place = try problem("stored.npz", offset: 42, [1, 0, 0, 0])
    #expect(place == .zipInconsistent("there is no entry where the directory says"))
    let name = try problem("stored.npz", offset: 46, [UInt8(ascii: "x")])
    #expect(name == .zipInconsistent("an entry and the directory differ in the name"))
    let beyond = try problem("stored.npz", offset: 42, [0, 0, 0, 0x7f])
    guard case .truncated = beyond else {
      Issue.record("\(beyond)")
      return
    }
  }

  @Test("entries that share bytes are refused")
  func overlap() throws {
    var bytes = try Fixture.bytes("stored.npz")
    let starts = bytes.indices.filter { bytes[$0...].starts(with: [0x50, 0x4b, 1, 2]) }
    let first = try #require(starts.first)
    // Both lengths of the first entry grow by one, into the next entry's header.
    bytes[first + 20] += 1
    bytes[first + 24] += 1
    let found = try caughtFault { () throws(ArrayFault) in try NPZFormat.decode(bytes) }
    #expect(found.problem == .zipInconsistent("entries overlap"))
  }
}
