import Interchange
import TensorKernels
import Testing

@Suite("Array files at fault")
struct ArrayFaultTests {
  static let headers: [(String, String)] = [
    ("", "'{'"), ("{", "a string in quotes"), ("{'descr': '<f4'", "','"),
    ("{'descr': '<f4', 'fortran_order': False}", "the keys"),
    ("{'descr': '<f4', 'descr': '<f4'}", "once each"),
    ("{'other': 1}", "once each"), ("{'descr': <f4}", "a string in quotes"),
    ("{'descr': '<f4}", "a string that ends"), ("{'fortran_order': false}", "True or False"),
    ("{'shape': 3}", "'('"), ("{'shape': (3)}", "a comma"), ("{'shape': (3, 4", "',' or ')'"),
    ("{'shape': (a,)}", "a size"), ("{'shape': (9999999999999999999,)}", "a size"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': ()} x", "nothing behind"),
  ]

  @Test("a malformed npy header says what was expected", arguments: headers)
  func malformedHeaders(_ header: String, _ expected: String) throws {
    let fault = try caughtFault { () throws(ArrayFault) in try NPYFormat.decode(npy(header)) }
    guard case .header(let found, _) = fault.problem else {
      Issue.record("\(fault)")
      return
    }
    #expect(found.contains(expected))
    #expect((10...10 + header.utf8.count).contains(fault.offset))
  }

  @Test("spaces, double quotes, another order, and Python 2's L are fine in an npy header")
  func lenientHeaders() throws {
    let header = "{ \"shape\":(2L,1),'fortran_order' : True,\"descr\":\"<i2\" }\n"
    let array = try NPYFormat.decode(npy(header, [1, 0, 2, 0]))
    #expect(try array == .int64(Tensor([2, 1], [1, 2])))
  }

  static let shapes: [(String, TensorError)] = [
    ("(-1,)", .negativeSize(axis: 0, size: -1)),
    ("(1000000, 1000000)", .tooManyElements(sizes: [1_000_000, 1_000_000])),
    ("(9223372036854775807, 9223372036854775807, 0)", .tooManyElements(sizes: [.max, .max, 0])),
  ]

  @Test("negative and huge shapes are errors, not allocations", arguments: shapes)
  func refusedShapes(_ shape: String, _ expected: TensorError) throws {
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': \(shape)}"
    let found = try caughtFault { () throws(ArrayFault) in try NPYFormat.decode(npy(header)) }
    #expect(found.problem == .shape(expected))
    let sizes = shape.filter { $0 != "(" && $0 != ")" }
    let json = sizes.last == "," ? String(sizes.dropLast()) : sizes
    let safe = "{\"x\":{\"dtype\":\"F32\",\"shape\":[\(json)],\"data_offsets\":[0,0]}}"
    let other = try caughtFault { () throws(ArrayFault) in
      try SafetensorsFormat.decode(safetensors(safe))
    }
    #expect(other.problem == .shape(expected))
    #expect(other.entry == "x")
  }

  @Test("an array of more axes than numpy has is refused")
  func manyAxes() throws {
    let ones = String(repeating: "1,", count: 65)
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(ones))}"
    let found = try caughtFault { () throws(ArrayFault) in
      try NPYFormat.decode(npy(header, [0, 0, 0, 0]))
    }
    #expect(found.problem == .tooManyAxes(found: 65, limit: 64))
  }

  @Test("every truncation of an npy file, and every byte too many, is a fault")
  func npyLength() throws {
    let bytes = try Fixture.bytes("float32.npy")
    for length in bytes.indices {
      _ = try caughtFault { () throws(ArrayFault) in try NPYFormat.decode(Array(bytes[..<length])) }
    }
    let short = try caughtFault { () throws(ArrayFault) in try NPYFormat.decode(bytes.dropLast()) }
    #expect(short.problem == .dataLength(expected: 24, found: 23))
    #expect(short.offset == 128)
    let long = try caughtFault { () throws(ArrayFault) in try NPYFormat.decode(bytes + [0]) }
    #expect(long.problem == .dataLength(expected: 24, found: 25))
  }

  @Test("unknown versions and endless headers are named")
  func npyStart() throws {
    let magic = [0x93] + Array("NUMPY".utf8)
    let version = try caughtFault { () throws(ArrayFault) in
      try NPYFormat.decode(magic + [4, 0, 0, 0])
    }
    #expect(version.problem == .unsupportedVersion(major: 4, minor: 0))
    let length = try caughtFault { () throws(ArrayFault) in
      try NPYFormat.decode(magic + [2, 0, 255, 255, 255, 255])
    }
    #expect(length.problem == .headerTooLong(length: 0xffff_ffff, limit: 65536))
    let other = try caughtFault { () throws(ArrayFault) in try NPYFormat.decode(Array("PK".utf8)) }
    #expect(other.problem == .notTheFormat(name: "an npy"))
  }

  @Test(
    "every truncation of an npz file is a fault",
    arguments: ["stored.npz", "compressed.npz"])
  func npzLength(_ name: String) throws {
    let bytes = try Fixture.bytes(name)
    for length in bytes.indices {
      _ = try caughtFault { () throws(ArrayFault) in try NPZFormat.decode(Array(bytes[..<length])) }
    }
  }

  @Test("a changed byte of the data of an npz entry is found by its checksum")
  func npzChecksum() throws {
    var bytes = try #require(NPZFormat.encode(sampleArrays()))
    // The header of the entry (30), its name (15) and the npy header (128) come first.
    bytes[30 + 15 + 128] ^= 1
    let found = try caughtFault { () throws(ArrayFault) in try NPZFormat.decode(bytes) }
    guard case .checksum = found.problem else {
      Issue.record("\(found)")
      return
    }
    #expect(found.entry == "layer.query")
  }

  @Test("two entries of one name, and entries that are no arrays, are refused")
  func npzNames() throws {
    let one = NamedArray(name: "a", array: .float32(try ramp(1)))
    let twice = try #require(NPZFormat.encode([one, one]))
    let found = try caughtFault { () throws(ArrayFault) in try NPZFormat.decode(twice) }
    #expect(found.problem == .duplicateName("a"))
    var other = try #require(NPZFormat.encode([one]))
    for index in other.indices where other[index...].starts(with: Array(".npy".utf8)) {
      other[index + 3] = UInt8(ascii: "x")
    }
    let named = try caughtFault { () throws(ArrayFault) in try NPZFormat.decode(other) }
    #expect(named.problem == .notAnArray)
  }
}
