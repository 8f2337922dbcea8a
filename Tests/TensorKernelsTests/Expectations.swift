import TensorKernels
import Testing

/// Checks that a body throws exactly this error.
func expectError<Result>(
  _ expected: TensorError, sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () throws(TensorError) -> Result
) {
  do throws(TensorError) {
    _ = try body()
    Issue.record("expected \(expected)", sourceLocation: sourceLocation)
  } catch {
    #expect(error == expected, sourceLocation: sourceLocation)
    #expect(!error.description.isEmpty, sourceLocation: sourceLocation)
  }
}

/// Checks that two numbers differ by at most `tolerance`, or are the same infinity, or both NaN.
func expectClose(
  _ found: Double, _ expected: Double, within tolerance: Double,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let isSame = found == expected || (found.isNaN && expected.isNaN)
  #expect(
    isSame || abs(found - expected) <= tolerance, "found \(found), expected \(expected)",
    sourceLocation: sourceLocation)
}

func vector(_ elements: Double...) throws -> Tensor<Double> {
  try Tensor([elements.count], elements)
}

/// The numbers 0, 1, 2, … in a shape.
func ramp(_ sizes: Int...) throws -> Tensor<Double> {
  let shape = try Shape(sizes)
  return try Tensor(shape: shape, elements: (0..<shape.elementCount).map(Double.init))
}
