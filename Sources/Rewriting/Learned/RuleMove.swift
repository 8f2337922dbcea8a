import DiagramIR

/// One rule in one direction, ready to be applied everywhere in many diagrams.
///
/// ```
/// let move = try RuleMove(rule, .forward, in: environment)
/// move.outcomes(in: Matcher(diagram))      // one for each place where it applies
/// ```
public struct RuleMove: Sendable {
  /// What the rule makes of a diagram at one place.
  public struct Outcome: Sendable {
    /// The step, as a derivation writes it.
    public let step: DerivationStep
    /// The diagram after it, how it compares, and what certifies that.
    public let outcome: LearnedOutcome
  }

  private enum Kind {
    case exact(Rewrite)
    case learned(LearnedRewrite)
  }

  /// The rule.
  public var rule: Symbol { declaration.symbol }
  /// The rule as it is declared.
  package let declaration: Rule
  /// The direction in which it is applied.
  public let direction: Direction
  /// The rule's relation, read in that direction; a step can have a stronger one.
  public let relation: Relation
  private let kind: Kind

  /// Prepares a rule.
  ///
  /// - Throws: `RewritingError`, when the rule can't be used in that direction; `.unjustified` when nothing
  ///   certifies it and it cites nothing.
  public init(
    _ rule: Rule, _ direction: Direction = .forward, in environment: Environment
  ) throws(RewritingError) {
    declaration = rule
    self.direction = direction
    relation = direction == .forward ? rule.relation : rule.relation.reversed
    if rule.relation == .equal {
      kind = .exact(try Rewrite(rule, direction))
    } else {
      let certificate = RuleCertificate(rule, in: environment)
      kind = .learned(try LearnedRewrite(rule, certificate, direction, sizes: [], environment))
    }
    guard pattern.diagram.boxCount > 0 else { throw .bareWires(law: rule.symbol.name) }
  }

  private var pattern: Pattern {
    switch kind {
    case .exact(let rewrite): rewrite.pattern
    case .learned(let learned): learned.rewrite.pattern
    }
  }

  /// What the rule makes of a diagram: at every place where it applies, what the first match there that something
  /// can be done with comes to. Places are in canonical order of the matches.
  ///
  /// - Complexity: that of finding all matches, and of applying the rule once for each place.
  public func outcomes(in matcher: Matcher) -> [Outcome] {
    guard pattern.diagram.doctrine == matcher.diagram.doctrine,
      pattern.keys.allSatisfy({ !matcher.index.boxes(of: $0).isEmpty })
    else { return [] }
    var search = MatchSearch(pattern, matcher.index, at: nil)
    var (seen, found): (Set<WireID>, [Outcome]) = ([], [])
    while let match = search.next() {
      if let anchor = match.anchor, seen.contains(anchor) { continue }
      guard let outcome = try? apply(match, in: matcher) else { continue }
      if let anchor = match.anchor { seen.insert(anchor) } else if !found.isEmpty { continue }
      let place = match.anchor.map { Place.name(of: $0, in: matcher.index) }
      let step = DerivationStep.apply(
        .rule(rule), isBackward: direction == .backward, at: place, sizes: [])
      found.append(Outcome(step: step, outcome: outcome))
    }
    return found
  }

  private func apply(
    _ match: Match, in matcher: Matcher
  ) throws(RewritingError) -> LearnedOutcome {
    switch kind {
    case .exact(let rewrite): LearnedOutcome(exact: try rewrite.apply(match, in: matcher))
    case .learned(let learned): try learned.apply(match, in: matcher)
    }
  }
}
