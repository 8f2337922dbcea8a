import DiagramIR
import TensorKernels

extension TensorDiagram {
  /// A random value for an input: standard normal real numbers, or indices uniform below their axis' size.
  ///
  /// Each input has a stream of its own: what it gets depends on the seed, its position and its shape only.
  ///
  /// - Throws: `emptyAxis`, `openSizes`, `sizeOverflow`, `tooManyElements`; `inputCount` when there is no such
  ///   input.
  public func randomInput<Scalar: RealScalar>(
    _ position: Int, sizes: [SizeVariable: Int], seed: UInt64, as type: Scalar.Type = Scalar.self
  ) throws(InterpretationError) -> Value<Scalar> {
    let names = inputNames
    guard names.indices.contains(position) else {
      throw .inputCount(expected: names, found: position + 1)
    }
    let type = diagram.type(of: diagram.domain[diagram.domain.startIndex + position])
    guard type.shapeVariables.isEmpty else {
      throw .openShapes(type.shapeVariables.map(\.name))
    }
    let what = "input '\(names[position])'"
    let shape = try sizes.shape(type.sizes, what: what)
    var source = RandomSource(seed: seed, stream: "input \(position)")
    guard let axis = type.indexedSize else { return .real(source.normals(shape)) }
    let bound = try sizes.value(axis, what: what)
    do { return .index(try source.indices(shape, below: bound)) } catch {
      throw .emptyAxis(input: names[position], size: axis)
    }
  }

  /// Random values for all inputs.
  ///
  /// - Throws: as `randomInput`.
  public func randomInputs<Scalar: RealScalar>(
    sizes: [SizeVariable: Int], seed: UInt64, as type: Scalar.Type = Scalar.self
  ) throws(InterpretationError) -> [Value<Scalar>] {
    var inputs: [Value<Scalar>] = []
    for position in diagram.domain.indices {
      inputs.append(
        try randomInput(position - diagram.domain.startIndex, sizes: sizes, seed: seed))
    }
    return inputs
  }
}
