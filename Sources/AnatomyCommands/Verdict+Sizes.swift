import DiagramIR
import TensorInterpretation

extension Verdict {
  /// For which sizes a false equation holds after all, in words; empty when for none.
  func conditionText(
    _ left: Diagram, _ right: Diagram, _ workspace: Workspace, _ seed: UInt64,
    _ trials: [EquationCheck.Trial]
  ) -> String {
    let check = EquationCheck(environment: workspace.environment, seed: seed)
    let failing = trials.last { !($0.difference.relative <= Self.tolerance) }
    guard let failing,
      let found = try? check.condition(
        left, right, shapes: failing.shapes, tolerance: Self.tolerance)
    else { return "" }
    let total = found.held + found.failed
    guard total > 1 else { return "" }
    var lines: [String] = []
    if found.held == 0 {
      lines.append("note: it holds for none of \(total) choices of small sizes")
    } else if found.conditions.isEmpty {
      lines.append("note: it holds for \(found.held) of \(total) choices of small sizes")
    } else {
      lines.append("note: it holds where \(found.conditions.joined(separator: ", or "))")
    }
    if found.failed > 0, found.held > 0 {
      lines.append(
        "note: it held for \(found.held) of \(total) choices of small sizes and failed for \(found.failed); "
          + "a rule that needs a condition states it in its types")
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// How many rules were evaluated, and the largest difference.
  static func summary(_ verdicts: [Verdict]) -> String {
    let differences = verdicts.compactMap { verdict -> Double? in
      if case .difference(let difference) = verdict.evaluation { difference } else { nil }
    }
    let refused = verdicts.count { !$0.isAccepted }
    var text =
      "\(verdicts.count) rule\(verdicts.count == 1 ? "" : "s"), \(differences.count) evaluated"
    if let largest = differences.max() { text += ", largest difference \(short(largest))" }
    return text + (refused == 0 ? "" : "; \(refused) refused")
  }
}
