import Interchange
import TensorKernels
import Testing

@Suite("Round trips")
struct RoundTripTests {
  @Test("every sample comes back from npy, its data at a multiple of 64")
  func npy() throws {
    for item in try sampleArrays() {
      let bytes = NPYFormat.encode(item.array)
      #expect(try NPYFormat.decode(bytes) == item.array)
      let dataStart = 10 + Int(bytes[8]) + Int(bytes[9]) << 8
      #expect(dataStart % 64 == 0)
      #expect(bytes[dataStart - 1] == 0x0a)
    }
  }

  @Test("all samples come back from npz in their order, and the bytes do not vary")
  func npz() throws {
    let arrays = try sampleArrays()
    let bytes = try #require(NPZFormat.encode(arrays))
    #expect(try NPZFormat.decode(bytes) == arrays)
    #expect(NPZFormat.encode(arrays) == bytes)
    let none = try #require(NPZFormat.encode([]))
    #expect(try NPZFormat.decode(none).isEmpty)
  }

  @Test("all samples come back from safetensors by name, whatever order they are given in")
  func safetensors() throws {
    let arrays = try sampleArrays()
    let metadata = ["b": "2", "a": "1\n\u{1}"]
    let bytes = SafetensorsFormat.encode(.init(arrays: arrays, metadata: metadata))
    let reversed = SafetensorsFormat.encode(.init(arrays: arrays.reversed(), metadata: metadata))
    #expect(bytes == reversed)
    let content = try SafetensorsFormat.decode(bytes)
    #expect(content.metadata == metadata)
    #expect(content.arrays.map(\.name) == ["empty", "index", "layer.query", "scalar", "état"])
    #expect(Set(content.arrays) == Set(arrays))
    let headerLength = Int(bytes[0]) + Int(bytes[1]) << 8
    #expect(headerLength % 8 == 0)
    let none = try SafetensorsFormat.decode(SafetensorsFormat.encode(.init(arrays: [])))
    #expect(none.arrays.isEmpty)
  }

  @Test("NaN keeps its bits")
  func notANumber() throws {
    let pattern: UInt32 = 0x7fc0_1234
    let array = NumericArray.float32(Tensor(scalar: Float(bitPattern: pattern)))
    let back = try NPYFormat.decode(NPYFormat.encode(array)).asFloat32
    #expect(back.elements.map(\.bitPattern) == [pattern])
  }

  @Test("random shapes come back from all three formats", arguments: 0..<30 as Range<UInt64>)
  func randomShapes(_ seed: UInt64) throws {
    var source = RandomSource(seed: seed)
    var arrays: [NamedArray] = []
    for number in 0..<(try source.integer(below: 5)) {
      let rank = try source.integer(below: 5)
      let shape = try Shape((0..<rank).map { _ in try source.integer(below: 4) })
      let array: NumericArray =
        switch try source.integer(below: 3) {
        case 0: .float32(source.normals(shape))
        case 1: .float64(source.normals(shape))
        default: .int64(try source.indices(shape, below: 1 << 40))
        }
      arrays.append(NamedArray(name: "x.\(number)", array: array))
      #expect(try NPYFormat.decode(NPYFormat.encode(array)) == array, "seed \(seed)")
    }
    let npz = try #require(NPZFormat.encode(arrays))
    #expect(try NPZFormat.decode(npz) == arrays, "seed \(seed)")
    let safe = SafetensorsFormat.encode(.init(arrays: arrays))
    #expect(try SafetensorsFormat.decode(safe).arrays == arrays, "seed \(seed)")
  }

  @Test("conversions round to the type asked for")
  func conversions() throws {
    let array = NumericArray.int64(try Tensor([2], [1, -2]))
    #expect(array.asFloat32.elements == [1, -2])
    #expect(array.asFloat64.elements == [1, -2])
    #expect(array.asIndices?.elements == [1, -2])
    #expect(NumericArray.float32(Tensor(scalar: 1)).asIndices == nil)
    #expect(NumericArray.float64(Tensor(scalar: 0.1)).asFloat32.elements == [0.1])
  }
}
