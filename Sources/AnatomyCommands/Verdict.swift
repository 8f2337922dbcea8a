import Diagnostics
import DiagramIR
import DiagramText
import Interchange
import Rewriting
import TensorInterpretation

/// What verifying one derivation or one rule has shown.
struct Verdict {
  /// How far the two sides were apart on random tensors.
  enum Evaluation {
    case difference(Double)
    case notEvaluated(String)
  }

  /// The largest difference that counts as equal, relative to numbers of order one.
  static let tolerance = 1e-8

  let name: String
  private let claim: String
  private var proof = ""
  private var steps: [DerivationReport.Step] = []
  private(set) var evaluation: Evaluation?
  /// Why it is refused; rendered for people.
  private var refusal: String?

  /// Whether nothing speaks against it.
  var isAccepted: Bool { refusal == nil }

  /// Evaluates both sides of a rule.
  init(evaluating rule: Rule, _ workspace: Workspace, _ seed: UInt64) {
    name = rule.symbol.name
    claim = "\(rule.relation.rawValue)"
    guard rule.relation == .equal else {
      evaluation = .notEvaluated("a rule of \(rule.relation.rawValue) has two different functions")
      return
    }
    evaluate(rule.left, rule.right, workspace, seed)
  }

  /// Replays a derivation, and evaluates both its ends when it claims equality.
  init(
    replaying derivation: Derivation, _ workspace: Workspace, _ seed: UInt64, _ path: String
  ) {
    name = derivation.symbol.name
    claim =
      "\(derivation.source.name) \(derivation.relation.rawValue) \(derivation.target.name)"
    let end: Diagram
    do {
      let report = try DerivationChecker(workspace.environment).check(derivation)
      steps = report.steps
      end = report.end
      proof =
        "proved \(report.proved.rawValue) in \(steps.count) step\(steps.count == 1 ? "" : "s")"
    } catch {
      refusal = Self.render(error, derivation, workspace, path)
      return
    }
    guard derivation.relation == .equal,
      let source = workspace.environment.definition(derivation.source)
    else { return }
    evaluate(source.diagram, end, workspace, seed)
  }

  private mutating func evaluate(
    _ left: Diagram, _ right: Diagram, _ workspace: Workspace, _ seed: UInt64
  ) {
    let trials: [EquationCheck.Trial]
    do {
      trials = try EquationCheck(environment: workspace.environment, seed: seed).compare(
        left, right)
    } catch .doctrine(let doctrine) {
      evaluation = .notEvaluated("\(doctrine) diagrams are no functions of arrays")
      return
    } catch {
      evaluation = .notEvaluated("\(error)")
      return
    }
    guard let worst = trials.max(by: { $0.difference.relative < $1.difference.relative }) else {
      return
    }
    evaluation = .difference(worst.difference.relative)
    guard !(worst.difference.relative <= Self.tolerance) else { return }
    let sizes = worst.sizes.sorted { $0.key < $1.key }.map { "\($0.key.name) = \($0.value)" }
    let shapes = worst.shapes.sorted { $0.key < $1.key }.map { "..\($0.key.name) = \($0.value)" }
    refusal =
      "\(name): the sides differ on random tensors, by \(Self.short(worst.difference.relative))"
      + (sizes + shapes).enumerated().map { ($0 == 0 ? " at " : ", ") + $1 }.joined() + "\n"
      + conditionText(left, right, workspace, seed, trials)
  }

  private static func render(
    _ fault: DerivationFault, _ derivation: Derivation, _ workspace: Workspace, _ path: String
  ) -> String {
    guard let file = workspace.file(path) else { return "\(derivation.symbol.name): \(fault)\n" }
    let spans = file.stepSpans[derivation.symbol] ?? []
    var span = file.spans[.derivations]?[derivation.symbol] ?? SourceSpan(0, 0)
    switch fault {
    case .step(let index, _, _), .expectation(let index, _, _, _), .limit(let index, _, _):
      if index < spans.count { span = spans[index] }
    default: break
    }
    let diagnostic = Diagnostic(
      id: fault.id, span: span, message: "\(derivation.symbol.name): \(fault)")
    return DiagnosticRenderer.render([diagnostic], of: file.source)
  }

  // MARK: Saying so

  /// Writes the verdict for people.
  func print(_ console: Console, showsSteps: Bool) {
    if let refusal { console.report(refusal) }
    let parts = [isAccepted ? proof : "refused", evaluationText].filter { !$0.isEmpty }
    console.writeLine("\(name): \(claim): \(parts.joined(separator: "; "))")
    guard showsSteps else { return }
    for (number, step) in steps.enumerated() {
      console.writeLine(
        "  \(number + 1). \(step.step) [\(step.relation.rawValue)], "
          + "\(step.boxesBefore) → \(step.boxesAfter) boxes")
    }
  }

  private var evaluationText: String {
    switch evaluation {
    case .difference(let difference):
      "largest difference on random tensors \(Self.short(difference))"
    case .notEvaluated(let reason): "not evaluated: \(reason)"
    case nil: ""
    }
  }

  /// A difference with two digits.
  static func short(_ value: Double) -> String {
    guard value.isFinite, value > 0 else { return value == 0 ? "0" : "\(value)" }
    var (mantissa, exponent) = (value, 0)
    while mantissa < 1 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
    while mantissa >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    let digits = (mantissa * 10).rounded() / 10
    return exponent == 0 ? "\(digits)" : "\(digits)e\(exponent)"
  }

  /// The verdict for programs.
  var json: JSONValue {
    var object: JSONObject = [
      "name": .string(name), "claim": .string(claim), "accepted": .bool(isAccepted),
    ]
    if !proof.isEmpty { _ = object.append("proof", .string(proof)) }
    switch evaluation {
    case .difference(let difference):
      let number = JSONDecimal(difference).map(JSONValue.decimal) ?? .null
      _ = object.append("largest_difference", number)
    case .notEvaluated(let reason): _ = object.append("not_evaluated", .string(reason))
    case nil: break
    }
    if let refusal { _ = object.append("refusal", .string(refusal)) }
    return .object(object)
  }
}

extension DerivationFault {
  /// The stable id of the fault.
  var id: String {
    switch self {
    case .undeclared: "unknown-diagram"
    case .step: "derivation-step"
    case .expectation: "derivation-expectation"
    case .limit: "derivation-limit"
    case .target: "derivation-target"
    case .claim: "derivation-claim"
    }
  }
}
