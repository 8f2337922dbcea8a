import DiagramIR

/// What justifies rules that are not exact, found once for each and kept.
///
/// ```
/// let known = RuleCertificates(of: environment.rules, in: environment)
/// let rewriter = Rewriter(environment, certificates: known)
/// ```
///
/// It is a value: what is in it depends on the rules and the environment alone.
public struct RuleCertificates: Sendable {
  private var known: [Symbol: RuleCertificate] = [:]

  /// Knows nothing.
  public init() {}

  /// Looks for what justifies rules; exact ones are passed over.
  ///
  /// - Complexity: that of `RuleCertificate` for each rule that is not exact.
  public init(of rules: some Sequence<Rule>, in environment: Environment) {
    for rule in rules { add(rule, in: environment) }
  }

  /// Looks for what justifies a rule, unless it is exact or known already.
  public mutating func add(_ rule: Rule, in environment: Environment) {
    guard rule.relation != .equal, known[rule.symbol] == nil else { return }
    known[rule.symbol] = RuleCertificate(rule, in: environment)
  }

  /// What justifies the rule of a name; `nil` when nobody has looked.
  public subscript(symbol: Symbol) -> RuleCertificate? { known[symbol] }
}

extension Rewriter {
  /// A rewriter that knows what justifies the rules of these laws.
  func knowing(_ laws: some Sequence<Law>) -> Rewriter {
    var certificates = certificates
    for case .rule(let symbol) in laws {
      if let rule = environment.rule(symbol) { certificates.add(rule, in: environment) }
    }
    return Rewriter(environment, certificates: certificates)
  }
}

extension Derivation {
  /// The laws that its steps apply one at a time.
  var appliedLaws: [Law] {
    steps.compactMap { step in
      if case .apply(let law, _, _, _) = step { law } else { nil }
    }
  }
}
