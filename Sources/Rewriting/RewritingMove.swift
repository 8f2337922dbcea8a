import DiagramIR

/// A law, prepared to be applied again and again.
enum RewritingMove {
  /// An exact rule.
  case rule(Symbol, Rewrite)
  /// A rule of another relation.
  case learned(Symbol, LearnedRewrite)
  /// `share` or `discard`.
  case structural(Law)
  /// A law of SIMD and scan boxes.
  case lanes(LaneLaw)

  typealias Step = (step: DerivationStep?, outcome: LearnedOutcome)

  /// The move at its first place in canonical order; `nil` when there is none.
  ///
  /// - Throws: `RewritingError`, when the law can't be used; for a rule that is not exact also when it matches, and
  ///   no match can be replaced.
  func make(
    in matcher: Matcher, _ rewriter: Rewriter, _ isRecording: Bool
  ) throws(RewritingError) -> Step? {
    switch self {
    case .rule(let symbol, let rewrite):
      guard let found = try? rewriter.firstApplication(of: rewrite, in: matcher) else { return nil }
      let outcome = LearnedOutcome(exact: found.result)
      return (isRecording ? Self.step(symbol, found.match, matcher) : nil, outcome)
    case .learned(let symbol, let learned):
      let found = try rewriter.firstApplication(of: learned.rewrite, in: matcher, at: nil) {
        match, matcher throws(RewritingError) in
        let outcome = try learned.apply(match, in: matcher)
        guard !outcome.diagram.isIsomorphic(to: matcher.diagram) else {
          throw .changesNothing(law: symbol.name)
        }
        return outcome
      }
      guard let found else { return nil }
      return (isRecording ? Self.step(symbol, found.match, matcher) : nil, found.result)
    case .structural(let law): return try Self.structural(law, matcher.diagram, isRecording)
    case .lanes(let law):
      let rewriting = LaneRewriting(
        law: law, isBackward: false, environment: rewriter.environment)
      guard let found = try rewriting.next(matcher.index) else { return nil }
      return (isRecording ? found.step : nil, LearnedOutcome(exact: found.diagram))
    }
  }

  private static func step(
    _ symbol: Symbol, _ match: Match, _ matcher: Matcher
  ) -> DerivationStep {
    let place = match.anchor.map { Place.name(of: $0, in: matcher.index) }
    return .apply(.rule(symbol), isBackward: false, at: place, sizes: [])
  }

  private static func structural(
    _ law: Law, _ diagram: Diagram, _ isRecording: Bool
  ) throws(RewritingError) -> Step? {
    let result =
      law == .share ? try StructuralLaw.share(diagram) : try StructuralLaw.discard(diagram)
    guard result.boxCount < diagram.boxCount else { return nil }
    let step = DerivationStep.apply(law, isBackward: false, at: nil, sizes: [])
    return (isRecording ? step : nil, LearnedOutcome(exact: result))
  }
}

extension Rewriter {
  /// Laws prepared to be applied to a diagram.
  ///
  /// - Throws: `RewritingError`, when a law can't be applied again and again, or not to such a diagram.
  func moves(
    _ laws: [Law], in diagram: Diagram, isExact: Bool
  ) throws(RewritingError) -> [RewritingMove] {
    var moves: [RewritingMove] = []
    for law in laws { moves.append(try move(law, in: diagram, isExact: isExact)) }
    return moves
  }

  private func move(
    _ law: Law, in diagram: Diagram, isExact: Bool
  ) throws(RewritingError) -> RewritingMove {
    guard case .rule(let symbol) = law else {
      if law == .unshare { throw .needsPlace(law: "unshare") }
      if case .lanes(let law) = law { return .lanes(law) }
      return .structural(law)
    }
    let rule = try rule(symbol)
    let rewrite: Rewrite
    var learned: LearnedRewrite?
    if rule.relation == .equal || isExact {
      rewrite = try Rewrite(rule, .forward)
    } else {
      let prepared = try learnedRewrite(rule, .forward, sizes: [])
      (rewrite, learned) = (prepared.rewrite, prepared)
    }
    let doctrine = rewrite.pattern.diagram.doctrine
    guard rewrite.pattern.diagram.boxCount > 0 else { throw .bareWires(law: rewrite.name) }
    guard doctrine == diagram.doctrine else {
      throw .doctrine(law: rewrite.name, expected: doctrine, found: diagram.doctrine)
    }
    return learned.map { .learned(symbol, $0) } ?? .rule(symbol, rewrite)
  }
}
