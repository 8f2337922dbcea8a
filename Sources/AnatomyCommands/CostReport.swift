import DiagramIR
import TensorInterpretation

/// The costs of a diagram as lines that a person reads.
struct CostReport {
  let cost: DiagramCost

  /// Each cost by name.
  var rows: [(name: String, value: String)] {
    var rows = [
      ("parameters", "\(cost.parameters)"),
      ("multiply-adds", "\(cost.operations.multiplyAdds)"),
      ("folded", "\(cost.operations.folded)"),
      ("other functions", "\(cost.operations.functions)"),
      ("peak memory", peakMemory),
    ]
    if let generation = cost.generation {
      rows.append(("kept along \(generation.axis)", kept(generation)))
    }
    return rows.map { (name: $0.0, value: $0.1) }
  }

  /// One line for each cost.
  var text: String {
    let width = (rows.map(\.name.count).max() ?? 0) + 2
    return rows.map { name, value in
      name + String(repeating: " ", count: width - name.count) + value + "\n"
    }.joined()
  }

  private var peakMemory: String {
    let sizes = cost.peakMemory.map(\.description)
    return sizes.count == 1 ? sizes[0] : "the largest of " + sizes.joined(separator: ", ")
  }

  private func kept(_ state: GenerationState) -> String {
    guard let (constant, perToken) = state.parts else { return "\(state.kept)" }
    if perToken == .zero { return "\(constant), whatever \(state.axis) is" }
    return "\(state.kept): \(perToken) a token" + (constant == .zero ? "" : " and \(constant)")
  }
}
