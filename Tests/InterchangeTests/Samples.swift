import Foundation
import Interchange
import TensorKernels
import Testing

/// The files beside these tests, written by numpy 2.4 and safetensors 0.8.
enum Fixture {
  static func path(_ name: String) throws -> String {
    try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
      .appendingPathComponent(name).path
  }

  static func bytes(_ name: String) throws -> [UInt8] { try FileBytes.read(path(name)) }

  static func read(_ name: String) throws -> ArrayFile { try ArrayFile.read(path(name)) }
}

/// What most fixtures hold: -1, -0.5, 0, 0.5, … in a shape.
func ramp(_ sizes: Int...) throws -> Tensor<Float> {
  let shape = try Shape(sizes)
  return try Tensor(shape: shape, elements: (0..<shape.elementCount).map { Float($0) / 2 - 1 })
}

func wideRamp(_ sizes: Int...) throws -> Tensor<Double> {
  let shape = try Shape(sizes)
  return try Tensor(shape: shape, elements: (0..<shape.elementCount).map { Double($0) / 2 - 1 })
}

/// Arrays of every type that is written, with empty ones, scalars and special values.
func sampleArrays() throws -> [NamedArray] {
  [
    NamedArray(name: "layer.query", array: .float32(try ramp(2, 3))),
    NamedArray(name: "état", array: .float64(try wideRamp(3))),
    NamedArray(name: "index", array: .int64(try Tensor([2], [Int.min, .max]))),
    NamedArray(name: "empty", array: .float32(try ramp(0, 4))),
    NamedArray(name: "scalar", array: .float64(Tensor(scalar: -.infinity))),
  ]
}

/// An npy file of version 1.0 with a given dictionary and data, not padded.
func npy(_ dictionary: String, _ data: [UInt8] = []) -> [UInt8] {
  let text = Array(dictionary.utf8)
  return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.count & 255), UInt8(text.count >> 8)]
    + text + data
}

/// A safetensors file with a given header and data.
func safetensors(_ header: String, _ data: [UInt8] = []) -> [UInt8] {
  let text = Array(header.utf8)
  let length = (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }
  return length + text + data
}

/// Checks that decoding fails with a fault, and gives it.
func caughtFault<Result>(
  sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () throws(ArrayFault) -> Result
) throws -> ArrayFault {
  do throws(ArrayFault) {
    _ = try body()
  } catch {
    #expect(!error.message.isEmpty, sourceLocation: sourceLocation)
    return error
  }
  return try #require(nil, "expected a fault", sourceLocation: sourceLocation)
}
