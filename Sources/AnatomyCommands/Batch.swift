import DiagramIR
import TensorInterpretation

/// What `--batch NAME,…[=N]` asks for: a leading axis for some inputs and all results.
struct Batch {
  let inputs: [String]
  /// The size of the axis, if it is given here.
  let size: Int?

  /// `nil` where the option isn't given.
  init?(_ arguments: Arguments) throws(CommandFailure) {
    guard let word = arguments.value("--batch") else { return nil }
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    inputs = parts[0].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    if parts.count > 1 {
      guard let size = Int(parts[1]), size >= 0 else {
        throw .usage("--batch \(word): a size is a whole number")
      }
      self.size = size
    } else {
      size = nil
    }
    guard !inputs.contains("") else {
      throw .usage("--batch takes names of inputs, as in x,y or x,y=8, and not '\(word)'")
    }
    for (place, name) in inputs.enumerated() where inputs.prefix(place).contains(name) {
      throw .usage("--batch names '\(name)' twice")
    }
  }

  /// The diagram in lanes, and the axis.
  func applied(
    to function: TensorDiagram, named name: String
  ) throws(CommandFailure) -> (function: TensorDiagram, axis: SizeVariable) {
    let known = function.inputNames
    for input in inputs where !known.contains(input) {
      let list = known.isEmpty ? "it has no inputs" : "it has \(known.joined(separator: ", "))"
      throw .failure("--batch: there is no input '\(input)' in '\(name)'; \(list)")
    }
    let axis = function.freshBatchAxis
    do { return (try function.batched(over: axis, inputs: Set(inputs)), axis) } catch {
      throw .failure("\(error)")
    }
  }
}
