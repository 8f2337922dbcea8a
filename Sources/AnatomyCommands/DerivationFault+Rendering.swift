import Diagnostics
import DiagramIR
import DiagramText
import Rewriting

extension DerivationFault {
  /// The stable id of the fault.
  var id: String {
    switch self {
    case .undeclared: "unknown-diagram"
    case .step, .certificate: "derivation-step"
    case .expectation: "derivation-expectation"
    case .limit: "derivation-limit"
    case .target: "derivation-target"
    case .claim: "derivation-claim"
    }
  }

  /// The fault for people, with the lines of the derivation in the file at a path that it is about.
  func rendered(of derivation: Derivation, _ workspace: Workspace, _ path: String) -> String {
    guard let file = workspace.file(path) else { return "\(derivation.symbol.name): \(self)\n" }
    let spans = file.stepSpans[derivation.symbol] ?? []
    var span = file.spans[.derivations]?[derivation.symbol] ?? SourceSpan(0, 0)
    switch self {
    case .step(let index, _, _), .expectation(let index, _, _, _), .limit(let index, _, _),
      .certificate(let index, _, _):
      if index < spans.count { span = spans[index] }
    default: break
    }
    let diagnostic = Diagnostic(
      id: id, span: span, message: "\(derivation.symbol.name): \(self)")
    return DiagnosticRenderer.render([diagnostic], of: file.source)
  }
}

extension DerivationReport.Step {
  /// The step with the relation that it has, and the proof that it cites.
  var caption: String {
    "\(step) [\(relation.rawValue)]" + (citation.map { ", cites \"\($0)\"" } ?? "")
  }
}
