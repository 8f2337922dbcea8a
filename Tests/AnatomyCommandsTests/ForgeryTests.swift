import DiagramIR
import class Foundation.ProcessInfo
import Rewriting
import TensorInterpretation
import TensorKernels
import Testing

/// Mutated derivations: each is rejected, or proves a true statement.
struct ForgeryTests {
  static let environment = LibraryProgram.environment
  static let seed: UInt64 = 2026

  /// How many mutants of each derivation are judged.
  static let mutantCount =
    ProcessInfo.processInfo.environment["ANATOMY_FORGERY_COUNT"].flatMap(Int.init) ?? 12

  /// What became of a mutant.
  enum Verdict: Equatable {
    case rejected
    case provesTruth
    case provesFalsehood(String)
  }

  @Test("mutants of every derivation are rejected, or what they prove is true")
  func forgeries() {
    var random = RandomSource(seed: Self.seed, stream: "forgeries")
    var counts = (rejected: 0, accepted: 0)
    for derivation in Self.environment.derivations {
      let mutants = Forger(Self.environment).mutants(of: derivation).shuffled(using: &random)
      for (mutant, environment) in mutants.prefix(Self.mutantCount) {
        switch Self.judge(mutant, environment()) {
        case .rejected: counts.rejected += 1
        case .provesTruth: counts.accepted += 1
        case .provesFalsehood(let reason):
          Issue.record("\(mutant.symbol): \(mutant.steps): \(reason), seed \(Self.seed)")
        }
      }
    }
    print("forgeries: \(counts.rejected) rejected, \(counts.accepted) prove something true")
    #expect(counts.rejected + counts.accepted >= 1000)
    #expect(counts.rejected > 500 && counts.accepted > 5)
  }

  @Test("the judge of mutants knows a falsehood")
  func judge() throws {
    let program = LibraryProgram.program(
      """
      import tensor
      rule lie(a: [], b: []) { sub(a, b) == sub(b, a) }
      diagram f(a: [], b: []) -> [] { sub(a, b) }
      diagram g(a: [], b: []) -> [] { sub(b, a) }
      derivation d: f == g { apply lie }
      """)
    let derivation = try #require(program.environment.derivations.first { $0.symbol.name == "d" })
    guard case .provesFalsehood = Self.judge(derivation, program.environment) else {
      Issue.record("a false derivation passed")
      return
    }
  }

  /// Replays a derivation; what it proves is then judged without its certificates.
  static func judge(_ derivation: Derivation, _ environment: Environment) -> Verdict {
    guard let report = try? DerivationChecker(environment).check(derivation) else {
      return .rejected
    }
    var (down, up) = (true, true)
    for step in report.steps {
      let (source, target) = (step.source, step.target)
      switch step.relation {
      case .equal:
        guard agree(source, target, environment) else {
          return .provesFalsehood("\(step.step) is not exact")
        }
      default:
        guard step.citation == nil else {
          down = down && step.relation != .expressed
          up = up && step.relation != .expresses
          continue
        }
        if case .specialise(let label, let symbol, _) = step.step {
          down = down && replaces(label, by: symbol, source, target)
          up = false
          continue
        }
        down =
          down
          && LearnedSubstitution(making: target, of: source, in: environment, budget: 5000) != nil
        up =
          up
          && LearnedSubstitution(making: source, of: target, in: environment, budget: 5000) != nil
      }
    }
    let isTrue =
      switch derivation.relation {
      case .equal: report.steps.allSatisfy { $0.relation == .equal }
      case .equivalent: down && up
      case .expresses: down
      case .expressed: up
      case .connected: true
      }
    return isTrue ? .provesTruth : .provesFalsehood("no certificate for the claim")
  }

  /// Whether the boxes of a diagram are those of another with all learned boxes of a label become uses of a diagram.
  private static func replaces(
    _ label: String, by symbol: Symbol, _ source: Diagram, _ target: Diagram
  ) -> Bool {
    func boxes(_ diagram: Diagram, _ isReplaced: (Operation) -> Bool) -> [String] {
      (0..<diagram.boxCount).map { diagram.operation(of: BoxID($0)) }.filter { !$0.hasBody }
        .map { isReplaced($0) ? "replaced" : "\($0)" }.sorted()
    }
    let before = boxes(source) { operation in
      if case .learned(let box) = operation { box.label == label } else { false }
    }
    let after = boxes(target) { operation in
      guard case .use(let use) = operation else { return false }
      return use.definition == symbol && (use.label.isEmpty || use.label == label)
    }
    return before == after && before.contains("replaced")
  }

  /// Whether two diagrams agree on random tensors; outside `cartesian`, where nothing is evaluated, they must
  /// be connected by the laws of a theory, and the matching kernel is trusted.
  private static func agree(_ a: Diagram, _ b: Diagram, _ environment: Environment) -> Bool {
    guard a.doctrine == .cartesian, !a.isIsomorphic(to: b) else { return true }
    let check = EquationCheck(environment: environment, seed: seed, trials: 2)
    do { return try check.difference(a, b).relative <= 1e-8 } catch { return false }
  }
}
