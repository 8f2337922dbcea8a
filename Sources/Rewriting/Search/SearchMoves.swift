import DiagramIR

/// The steps that a search takes: exact rules in both directions, definitions put in for their uses, and lanes
/// brought together.
struct SearchMoves {
  /// A rule in one direction.
  struct RuleMove {
    var symbol: Symbol
    var isBackward: Bool
    var rewrite: Rewrite

    /// Whether it matches a wire alone, and so everywhere.
    var isBare: Bool { rewrite.pattern.diagram.boxCount == 0 }
  }

  let rules: [RuleMove]
  let rewriter: Rewriter

  /// The moves of the exact rules between diagrams of a doctrine. A direction that needs to be told more than its
  /// match is none.
  init(_ rules: [Rule], _ doctrine: Doctrine, _ environment: Environment) {
    rewriter = Rewriter(environment)
    self.rules = rules.filter { $0.relation == .equal && $0.left.doctrine == doctrine }
      .flatMap { rule in
        [Direction.forward, .backward].compactMap { direction in
          guard let rewrite = try? Rewrite(rule, direction) else { return nil }
          return RuleMove(
            symbol: rule.symbol, isBackward: direction == .backward, rewrite: rewrite)
        }
      }
  }

  /// Visits every diagram that one move leads to, until told to stop; each may come several times. Moves that match
  /// a wire alone are left out: they are only taken backward, on the way to where the other end's search was.
  ///
  /// - Complexity: a search for all matches of all rules, and for each match what applying it takes.
  func forEachResult(of diagram: Diagram, limit: Int, _ isDone: (Diagram) -> Bool) {
    let matcher = Matcher(diagram)
    for move in rules where !move.isBare {
      for match in matcher.matches(of: move.rewrite.pattern, limit: limit) {
        guard let result = try? move.rewrite.apply(match, in: matcher) else { continue }
        if isDone(shared(result)) { return }
      }
    }
    for symbol in diagram.usedDefinitions {
      guard let result = try? rewriter.apply(.unfold(symbol, at: nil), to: diagram) else {
        continue
      }
      if isDone(shared(result)) { return }
    }
    if let fused = fused(diagram) { _ = isDone(fused) }
  }

  /// The diagram without boxes that are there twice or for nothing.
  func shared(_ diagram: Diagram) -> Diagram { (try? diagram.sharedForm()) ?? diagram }

  /// What the diagram is with all uses unfolded, modulo the laws of SIMD boxes.
  ///
  /// - Complexity: linear in the unfolded diagram.
  func form(of diagram: Diagram) -> Diagram {
    guard let unfolded = try? rewriter.environment.unfoldingAll(diagram) else { return diagram }
    guard diagram.doctrine == .cartesian else { return unfolded }
    return (try? LaneRewriting.normalForm(of: unfolded)) ?? unfolded
  }

  /// The diagram with each box in as few lanes as it needs, and lanes over one axis brought together; `nil` where
  /// there are no lanes.
  private func fused(_ diagram: Diagram) -> Diagram? {
    guard diagram.doctrine == .cartesian, diagram.regionCount > 1,
      let normal = try? LaneRewriting.normalForm(of: diagram)
    else { return nil }
    return LaneFusion.fused(normal).diagram
  }
}

// MARK: - Steps

extension SearchMoves {
  /// Steps from a diagram to one that is equal by one move, and what they lead to; `nil` when there are none.
  ///
  /// - Complexity: as `forEachResult`, and a digest for each result.
  func links(
    from diagram: Diagram, to target: Diagram
  ) -> (links: [RelationLink], result: Diagram)? {
    let digest = target.digest()
    if diagram.digest() == digest { return ([], diagram) }
    for symbol in diagram.usedDefinitions {
      let step = DerivationStep.unfold(symbol, at: nil)
      if let found = finished([step], from: diagram, digest) { return found }
    }
    if let found = ruleLinks(from: diagram, digest) { return found }
    for symbol in target.usedDefinitions where diagram.doctrine != .cartesian {
      if let found = finished([.fold(symbol, at: nil)], from: diagram, digest) { return found }
    }
    guard diagram.doctrine == .cartesian, form(of: diagram).isIsomorphic(to: form(of: target))
    else { return nil }
    return ([.reach(target)], target)
  }

  private func ruleLinks(
    from diagram: Diagram, _ digest: Digest
  ) -> (links: [RelationLink], result: Diagram)? {
    let matcher = Matcher(diagram)
    for move in rules {
      let places: [WireID?] = move.isBare ? matcher.index.wireOrder : [nil]
      for place in places {
        for match in matcher.matches(of: move.rewrite.pattern, at: place) {
          guard let result = try? move.rewrite.apply(match, in: matcher),
            shared(result).digest() == digest
          else { continue }
          let step = DerivationStep.apply(
            .rule(move.symbol), isBackward: move.isBackward,
            at: (place ?? match.anchor).map { Place.name(of: $0, in: matcher.index) }, sizes: [])
          if let found = finished([step], from: diagram, digest) { return found }
        }
      }
    }
    return nil
  }

  /// The steps, and those that take away what is there twice or for nothing, when they lead to a diagram of this
  /// digest.
  private func finished(
    _ steps: [DerivationStep], from diagram: Diagram, _ digest: Digest
  ) -> (links: [RelationLink], result: Diagram)? {
    var (current, taken) = (diagram, steps)
    for step in steps {
      guard let next = try? rewriter.apply(step, to: current) else { return nil }
      current = next
    }
    for law in [Law.share, .discard] where current.digest() != digest {
      let step = DerivationStep.apply(law, isBackward: false, at: nil, sizes: [])
      guard let next = try? rewriter.apply(step, to: current), next.boxCount < current.boxCount
      else { continue }
      current = next
      taken.append(step)
    }
    guard current.digest() == digest else { return nil }
    return (taken.map { .step($0) }, current)
  }
}

extension Diagram {
  /// The diagrams that are used as boxes, in the order of the tables.
  var usedDefinitions: [Symbol] {
    var (found, seen): ([Symbol], Set<Symbol>) = ([], [])
    for case .use(let use) in operations where seen.insert(use.definition).inserted {
      found.append(use.definition)
    }
    return found
  }
}
