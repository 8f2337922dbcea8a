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
  /// For a derivation, where it starts, where it ends, and the relation that its steps prove.
  private(set) var (source, target, proved) = ("", "", Relation.connected)
  private var proof = ""
  private(set) var steps: [DerivationReport.Step] = []
  private(set) var evaluation: Evaluation?
  /// How many steps were evaluated, and the largest difference of one.
  private var evaluatedSteps = (count: 0, difference: 0.0)
  /// The proofs it relies on without checking them.
  private(set) var citations: [String] = []
  /// Why it is refused; rendered for people.
  private var refusal: String?

  /// Whether nothing speaks against it.
  var isAccepted: Bool { refusal == nil }

  /// Evaluates both sides of an exact rule; looks for what justifies another.
  init(evaluating rule: Rule, _ workspace: Workspace, _ seed: UInt64) {
    name = rule.symbol.name
    claim = "\(rule.relation.rawValue)"
    if rule.relation == .equal {
      evaluate(rule.left, rule.right, workspace, seed)
    } else {
      justify(rule, workspace, seed)
    }
  }

  private mutating func justify(_ rule: Rule, _ workspace: Workspace, _ seed: UInt64) {
    let certificate = RuleCertificate(rule, in: workspace.environment)
    let used = certificate.rules.map(\.name)
    proof =
      certificate.standing.rawValue
      + (used.isEmpty ? "" : " with \(used.joined(separator: ", "))")
    switch certificate.standing {
    case .exact, .certified: evaluate(used: certificate.rules, workspace, seed)
    case .cited: citations = [rule.citation].compactMap { $0 }
    case .refused:
      let error = RewritingError.unjustified(law: rule.symbol.name, rule.relation)
      refusal = "\(name): \(error)\n"
    }
  }

  /// Replays a derivation, and evaluates both its ends when it claims equality.
  init(
    replaying derivation: Derivation, by checker: DerivationChecker, _ workspace: Workspace,
    _ seed: UInt64, _ path: String, goingOn: (Int) -> Bool
  ) {
    name = derivation.symbol.name
    (source, target) = (derivation.source.name, derivation.target.name)
    claim = "\(source) \(derivation.relation.rawValue) \(target)"
    let end: Diagram
    do {
      let report = try checker.check(derivation, goingOn: goingOn)
      (steps, citations, end) = (report.steps, report.citations, report.end)
      proved = report.proved
      proof =
        "proved \(report.proved.rawValue) in \(steps.count) step\(steps.count == 1 ? "" : "s")"
    } catch {
      refusal = error.rendered(of: derivation, workspace, path)
      return
    }
    for (number, step) in steps.enumerated() where isAccepted {
      evaluate(step, number + 1, workspace, seed)
      evaluate(used: step.certificateRules, workspace, seed)
    }
    guard isAccepted, derivation.relation == .equal,
      let source = workspace.environment.definition(derivation.source)
    else { return }
    evaluate(source.diagram, end, workspace, seed)
  }

  /// Evaluates both sides of an exact step. What can't be evaluated says nothing.
  private mutating func evaluate(
    _ step: DerivationReport.Step, _ number: Int, _ workspace: Workspace, _ seed: UInt64
  ) {
    if case .expect = step.step { return }
    guard step.relation == .equal,
      let difference = try? EquationCheck(environment: workspace.environment, seed: seed)
        .difference(step.source, step.target).relative
    else { return }
    evaluatedSteps.count += 1
    evaluatedSteps.difference = max(evaluatedSteps.difference, difference)
    guard !(difference <= Self.tolerance) else { return }
    refusal =
      "\(name): the diagrams before and after step \(number) (\(step.step)) differ on random tensors, by "
      + "\(Self.short(difference))\n"
  }

  /// Evaluates both sides of the exact rules that certificates use.
  private mutating func evaluate(used rules: [Symbol], _ workspace: Workspace, _ seed: UInt64) {
    let check = EquationCheck(environment: workspace.environment, seed: seed)
    for symbol in rules where isAccepted {
      guard let rule = workspace.environment.rule(symbol),
        let difference = try? check.difference(rule.left, rule.right).relative,
        !(difference <= Self.tolerance)
      else { continue }
      refusal =
        "\(name): its certificate uses '\(symbol.name)', whose sides differ on random tensors, by "
        + "\(Self.short(difference))\n"
    }
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

  // MARK: Saying so

  /// Says why it is refused, if it is.
  func reportRefusal(_ console: Console) {
    if let refusal { console.report(refusal) }
  }

  /// Writes the verdict for people.
  func print(_ console: Console, showsSteps: Bool) {
    reportRefusal(console)
    let cites = citations.map { "cites \"\($0)\"" }
    let parts = ([isAccepted ? proof : "refused"] + cites + [evaluationText])
      .filter { !$0.isEmpty }
    console.writeLine("\(name): \(claim): \(parts.joined(separator: "; "))")
    guard showsSteps else { return }
    for (number, step) in steps.enumerated() {
      console.writeLine(
        "  \(number + 1). \(step.caption), \(step.boxesBefore) → \(step.boxesAfter) boxes")
    }
  }

  /// The largest difference on random tensors, of both ends or of the ends of an exact step; `nil` when nothing was
  /// evaluated.
  var largestDifference: Double? {
    let ofSteps = evaluatedSteps.count > 0 ? evaluatedSteps.difference : nil
    guard case .difference(let ofEnds) = evaluation else { return ofSteps }
    return max(ofEnds, ofSteps ?? 0)
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
    if !citations.isEmpty {
      _ = object.append("cites", .array(citations.map { .string($0) }))
    }
    if evaluatedSteps.count > 0 {
      let worst = JSONDecimal(evaluatedSteps.difference).map(JSONValue.decimal) ?? .null
      _ = object.append("largest_difference_of_a_step", worst)
    }
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
