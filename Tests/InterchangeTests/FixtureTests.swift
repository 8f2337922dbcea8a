import Interchange
import TensorKernels
import Testing

@Suite("Files that numpy and safetensors wrote")
struct FixtureTests {
  @Test(
    "single precision reads from npy versions 1, 2 and 3",
    arguments: ["float32.npy", "float32-version2.npy", "float32-version3.npy"])
  func versions(_ name: String) throws {
    let file = try Fixture.read(name)
    #expect(try file.arrays == [NamedArray(name: "", array: .float32(ramp(2, 3)))])
  }

  @Test("Fortran order comes out in row-major order")
  func fortranOrder() throws {
    #expect(try Fixture.read("float64-fortran.npy")[""] == .float64(wideRamp(2, 3, 2)))
  }

  static let integers: [(String, [Int], [Int])] = [
    ("int64-scalar.npy", [], [-7]), ("int32-vector.npy", [3], [2, -3, 5]),
    ("int16-vector.npy", [3], [2, -3, 32767]), ("uint8-vector.npy", [3], [0, 127, 255]),
    ("bool-vector.npy", [2], [1, 0]),
  ]

  @Test("integers and booleans widen to 64 bits", arguments: integers)
  func widening(_ name: String, _ sizes: [Int], _ elements: [Int]) throws {
    #expect(try Fixture.read(name)[""] == .int64(Tensor(sizes, elements)))
  }

  @Test("half precision widens exactly: normal, negative zero, subnormal, largest, infinite")
  func halfPrecision() throws {
    let found = try #require(try Fixture.read("float16-vector.npy")[""]).asFloat32.elements
    #expect(found == [1.5, 0, 0x1p-24, 65504, .infinity])
    #expect(found[1].sign == .minus)
  }

  @Test("empty arrays keep their shape")
  func emptyArray() throws {
    #expect(try Fixture.read("float32-empty.npy")[""] == .float32(ramp(0, 4)))
  }

  static let refused: [(String, ArrayFault.Problem)] = [
    ("float32-big-endian.npy", .bigEndian(">f4")), ("object.npy", .elementType("|O")),
    ("record.npy", .elementType("record")),
  ]

  @Test("big-endian numbers, objects and records are refused by name", arguments: refused)
  func refusals(_ name: String, _ problem: ArrayFault.Problem) throws {
    let path = try Fixture.path(name)
    do throws(InterchangeError) {
      _ = try ArrayFile.read(path)
      Issue.record("expected a fault")
    } catch {
      guard case .malformed(path, let fault) = error else { throw error }
      #expect(fault.problem == problem)
      #expect(!error.notes.isEmpty)
      #expect(error.description.hasPrefix(path + ": byte "))
    }
  }

  @Test("an uncompressed npz reads, with a name that is not ASCII")
  func stored() throws {
    let file = try Fixture.read("stored.npz")
    #expect(file.arrays.map(\.name) == ["w.0", "état"])
    #expect(try file["w.0"] == .float32(ramp(2, 3)))
    #expect(try file["état"] == .float64(wideRamp(2)))
    #expect(file["missing"] == nil)
  }

  @Test("a compressed npz reads")
  func compressed() throws {
    let file = try Fixture.read("compressed.npz")
    let pattern = (0..<3000).map { $0 * $0 * 7919 % 1000 }
    #expect(try file["small"] == .float32(ramp(2, 3)))
    #expect(try file["pattern"] == .int64(Tensor([3000], pattern)))
    #expect(
      try file["zeros"] == .float32(Tensor(repeating: 0, shape: Shape([100, 50]))))
  }

  @Test("a safetensors file reads, with metadata and every kind of shape")
  func library() throws {
    let file = try Fixture.read("library.safetensors")
    #expect(file.metadata == ["format": "np", "note": "a \"quote\""])
    #expect(try file["layer.query"] == .float32(ramp(2, 3)))
    #expect(try file["bias"] == .float64(wideRamp(3)))
    #expect(try file["index"] == .int64(Tensor([2], [3, 1])))
    #expect(try file["empty"] == .float32(ramp(0, 2)))
    #expect(file["scalar"] == .float32(Tensor(scalar: 2.5)))
    #expect(try file["half"] == .float32(Tensor([2], [1.5, -2])))
    #expect(file.arrays.count == 6)
  }

  @Test("bfloat16 widens exactly")
  func bfloat16() throws {
    let array = try Fixture.read("bfloat16.safetensors")["x"]
    #expect(try array == .float32(Tensor([2], [1.5, -2])))
  }

  @Test(
    "what is written is byte for byte what numpy writes",
    arguments: ["float32.npy", "float32-empty.npy", "int64-scalar.npy"])
  func sameBytes(_ name: String) throws {
    let bytes = try Fixture.bytes(name)
    #expect(try NPYFormat.encode(NPYFormat.decode(bytes)) == bytes)
  }
}
