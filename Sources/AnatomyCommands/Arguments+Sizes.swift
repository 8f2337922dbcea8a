import DiagramIR
import TensorInterpretation

extension Arguments {
  /// The sizes of `--size NAME=N…`, each of which the diagram must have.
  func sizes(
    of function: TensorDiagram, named name: String
  ) throws(CommandFailure) -> [SizeVariable: Int] {
    var sizes: [SizeVariable: Int] = [:]
    for (word, value) in try assignments("--size") {
      guard let size = Int(value), size >= 0 else {
        throw .usage("--size \(word)=\(value): a size is a whole number")
      }
      guard function.sizeVariables.contains(SizeVariable(word)) else {
        let known = function.sizeVariables.map(\.name).sorted().joined(separator: ", ")
        throw .failure("there is no size '\(word)' in '\(name)'; it has \(known)")
      }
      sizes[SizeVariable(word)] = size
    }
    return sizes
  }
}
