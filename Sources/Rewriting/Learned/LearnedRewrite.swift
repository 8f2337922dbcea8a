import DiagramIR

/// A rule of `>=`, `<=` or `~=` in one direction, with its certificates, ready to be applied.
///
/// For `>=` the result is the diagram with the rule's substitution applied wherever the matched labels occur.
/// For `<=` the match becomes the other side, whose own learned boxes get labels that the diagram doesn't have;
/// the rule's substitution for these gives the diagram back. For `~=` both are tried, and the step has the
/// strongest relation that holds in the diagram: a label that occurs outside the match as well can only be
/// replaced everywhere.
struct LearnedRewrite {
  let rewrite: Rewrite
  let relation: Relation
  private let side: Diagram
  private let other: Diagram
  private let down: LearnedSubstitution?
  private let up: LearnedSubstitution?
  private let citation: String?
  private let environment: Environment

  /// Prepares a rule.
  ///
  /// - Throws: `RewritingError.unjustified`, when it has neither a certificate nor a citation; as `Rewrite`.
  init(
    _ rule: Rule, _ certificate: RuleCertificate, _ direction: Direction,
    sizes: [SizeAssignment], _ environment: Environment
  ) throws(RewritingError) {
    guard certificate.standing != .refused else {
      throw .unjustified(law: rule.symbol.name, rule.relation)
    }
    let isForward = direction == .forward
    (side, other) = isForward ? (rule.left, rule.right) : (rule.right, rule.left)
    (down, up) =
      isForward
      ? (certificate.forward, certificate.backward) : (certificate.backward, certificate.forward)
    relation = isForward ? rule.relation : rule.relation.reversed
    citation = certificate.standing == .cited ? rule.citation : nil
    self.environment = environment
    rewrite = try Rewrite(rule.symbol.name, side, other, sizes: sizes)
  }

  /// What applying the rule to a match comes to.
  ///
  /// - Throws: `RewritingError`, when a condition of the substitution fails in this diagram.
  func apply(_ match: Match, in matcher: Matcher) throws(RewritingError) -> LearnedOutcome {
    let names = RuleLabels(side, other, match, matcher.diagram, down: down, up: up)
    if relation == .expresses, citation == nil, down?.rules.isEmpty != false {
      return try specialise(match, matcher, names)
    }
    let result = try rewrite.apply(match, in: matcher, labels: names.images)
    let source = matcher.diagram
    let lower = try? down.map { sigma throws(RewritingError) in
      try instance(sigma, match, names)
    }
    let upper = try? up.map { sigma throws(RewritingError) in
      try instance(sigma, match, names)
    }
    let outcome = LearnedOutcome(
      from: source, to: result, specialising: lower ?? nil, generalising: upper ?? nil,
      environment)
    if let outcome, outcome.relation.implies(relation) { return outcome }
    if let citation { return try cited(citation, result, match, source, outcome) }
    if let outcome { return outcome }
    if relation == .equivalent, let down, down.rules.isEmpty {
      return try specialise(match, matcher, names)
    }
    throw .notCertified(law: rewrite.name, relation)
  }

  private func specialise(
    _ match: Match, _ matcher: Matcher, _ names: RuleLabels
  ) throws(RewritingError) -> LearnedOutcome {
    guard let down else { throw .notCertified(law: rewrite.name, relation) }
    let substitution = try instance(down, match, names)
    let result: Diagram
    do { result = try substitution.applied(to: matcher.diagram, in: environment) } catch {
      throw .substitution(law: rewrite.name, error)
    }
    var outcome = LearnedOutcome(exact: try StructuralLaw.discard(result))
    (outcome.relation, outcome.specialising) = (.expresses, substitution)
    return outcome
  }

  /// A step by a rule that cites its proof: its learned boxes must not occur anywhere else, because their
  /// functions are chosen anew.
  private func cited(
    _ citation: String, _ result: Diagram, _ match: Match, _ source: Diagram,
    _ certified: LearnedOutcome?
  ) throws(RewritingError) -> LearnedOutcome {
    let (all, own) = (LearnedFunctions(source), LearnedFunctions(side))
    for label in own.labels {
      guard let image = match.labels[label] else { continue }
      if all[image]?.count != own[label]?.count {
        throw .labelElsewhere(law: rewrite.name, label: image)
      }
    }
    guard Set(match.labelAxes.values).count <= 1 else {
      throw .notCertified(law: rewrite.name, relation)
    }
    var outcome = certified ?? LearnedOutcome(exact: result)
    (outcome.relation, outcome.citation) = (relation, citation)
    return outcome
  }

  /// The rule's substitution with the sizes and labels of a match.
  private func instance(
    _ sigma: LearnedSubstitution, _ match: Match, _ names: RuleLabels
  ) throws(RewritingError) -> LearnedSubstitution {
    let sizes = rewrite.substitution(for: match)
    let images = names.images
    var result = LearnedSubstitution()
    result.rules = sigma.rules
    for label in sigma.labels {
      guard let image = sigma[label], let name = images.labels[label] else { continue }
      guard image.keepsFreeLanes(sizes, images.axes) else { throw .axes(law: rewrite.name) }
      let transform = DiagramTransform(substitution: sizes) { $0.relabelled(images) }
      do { result[name] = try image.transformed(by: transform) } catch {
        throw .replacement(law: rewrite.name, .size(error))
      }
    }
    return result
  }
}

extension Diagram {
  /// A copy with other sizes and operations.
  func transformed(by transform: DiagramTransform) throws(SizeError) -> Diagram {
    var builder = DiagramBuilder(doctrine: doctrine)
    var inputs: [WireID] = []
    for wire in domain {
      inputs.append(
        builder.addDomainWire(try transform.substitution(type(of: wire)), name: name(of: wire)))
    }
    let results = try builder.append(self, inputs: inputs, transform: transform)
    return builder.finish(codomain: results)
  }

  /// Whether each axis that a learned box is `per` still means lanes within the diagram, or lanes around it, when
  /// sizes are replaced and further axes, which mean lanes around it, come in front.
  fileprivate func keepsFreeLanes(
    _ substitution: TypeSubstitution, _ added: [String: [Size]]
  ) -> Bool {
    let sized = { (size: Size) in (try? substitution(size)) ?? size }
    var isKept = true
    forEachLearned { operation, axes in
      let inside = axes.map(sized)
      for axis in operation.perAxes
      where inside.lastIndex(of: sized(axis)) != axes.lastIndex(of: axis) {
        isKept = false
      }
      for axis in added[operation.label ?? ""] ?? [] where inside.contains(axis) { isKept = false }
    }
    return isKept
  }
}
