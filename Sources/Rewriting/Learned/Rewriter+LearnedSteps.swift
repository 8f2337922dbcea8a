import DiagramIR

extension Rewriter {
  /// Applies a rule that is not exact.
  func applyLearned(
    _ rule: Rule, _ direction: Direction, at place: String?, sizes: [SizeAssignment],
    to diagram: Diagram
  ) throws(RewritingError) -> LearnedOutcome {
    let learned = try learnedRewrite(rule, direction, sizes: sizes)
    return try application(of: learned.rewrite, at: place, to: diagram) {
      match, matcher throws(RewritingError) in try learned.apply(match, in: matcher)
    }
  }

  /// A rule that is not exact, with its certificates, ready to be applied.
  func learnedRewrite(
    _ rule: Rule, _ direction: Direction, sizes: [SizeAssignment]
  ) throws(RewritingError) -> LearnedRewrite {
    let certificate = certificates[rule.symbol] ?? RuleCertificate(rule, in: environment)
    return try LearnedRewrite(rule, certificate, direction, sizes: sizes, environment)
  }

  /// All boxes of a label become uses of a diagram, with that label.
  func specialise(
    _ label: String, to definition: Definition, sizes: [SizeAssignment], in diagram: Diagram
  ) throws(RewritingError) -> LearnedOutcome {
    let function = try function(label, in: diagram, "specialise")
    let body = definition.diagram
    var given: [SizeVariable: Size] = [:]
    for assignment in sizes {
      guard definition.openSizes.contains(assignment.variable) else {
        throw .unknownSize(law: definition.symbol.name, name: assignment.variable.name)
      }
      given[assignment.variable] = assignment.size
    }
    let scheme = TypeScheme(body.domainTypes, body.codomainTypes)
    guard scheme.instance(function.domain, function.codomain, sizes: given) != nil else {
      throw .substitution(
        law: "specialise",
        .type(
          label: label, expected: Self.words(function.domain, function.codomain),
          found: Self.words(body.domainTypes, body.codomainTypes)))
    }
    let use = DiagramUse(
      definition: definition.symbol, content: definition.content(),
      label: definition.isLearned ? label : "",
      per: definition.isLearned ? function.box.per : [],
      openSizes: definition.openSizes.map { given[$0] ?? Size($0) })
    return try specialise(
      label, to: .box(.use(use), function.domain, function.codomain, doctrine: diagram.doctrine),
      in: diagram, "specialise")
  }

  private static func words(_ domain: [WireType], _ codomain: [WireType]) -> String {
    [domain, codomain].map { $0.map(\.description).joined(separator: ", ") }
      .joined(separator: " -> ")
  }

  /// All boxes of a label get another label of the diagram.
  func tie(
    _ label: String, to other: String, in diagram: Diagram
  ) throws(RewritingError) -> LearnedOutcome {
    _ = try function(label, in: diagram, "tie")
    let target = try function(other, in: diagram, "tie")
    return try specialise(
      label,
      to: .box(.learned(target.box), target.domain, target.codomain, doctrine: diagram.doctrine),
      in: diagram, "tie")
  }

  private func specialise(
    _ label: String, to image: Diagram, in diagram: Diagram, _ law: String
  ) throws(RewritingError) -> LearnedOutcome {
    var substitution = LearnedSubstitution()
    substitution[label] = image
    var outcome: LearnedOutcome
    do {
      outcome = LearnedOutcome(exact: try substitution.applied(to: diagram, in: environment))
    } catch { throw .substitution(law: law, error) }
    (outcome.relation, outcome.specialising) = (.expresses, substitution)
    return outcome
  }

  private func function(
    _ label: String, in diagram: Diagram, _ law: String
  ) throws(RewritingError) -> LearnedFunctions.Function {
    let functions = LearnedFunctions(diagram)
    if let use = functions.use(around: label) {
      throw .substitution(law: law, .folded(label: label, use: use))
    }
    guard let function = functions[label] else {
      throw .substitution(law: law, .unknown(label: label))
    }
    return function
  }

  /// The box of a label that makes a wire gets a label of its own.
  func untie(
    _ label: String, at place: String, in diagram: Diagram
  ) throws(RewritingError) -> LearnedOutcome {
    let shared = try function(label, in: diagram, "untie")
    let index = DiagramIndex(diagram)
    let wire: WireID
    do { wire = try Place.resolve(place, in: index) } catch { throw .place(error) }
    guard let box = index.producers(of: wire).first?.box,
      case .learned(let learned) = diagram.operation(of: box), learned.label == label
    else { throw .noLearnedBox(law: "untie", place: place, .otherLabel(label)) }
    guard shared.count > 1 else {
      throw .noLearnedBox(law: "untie", place: place, .onlyOne(label))
    }
    var own = learned
    own.label = LearnedFunctions(diagram).fresh(label)
    let types = diagram.portTypes(of: box)
    let part = Replacement(
      region: index.regionOfBox[box.index], removed: [box],
      diagram: .box(.learned(own), types.domain, types.codomain, doctrine: diagram.doctrine),
      inputs: Array(diagram.inputs(of: box)), outputs: Array(diagram.outputs(of: box)))
    var outcome: LearnedOutcome
    do { outcome = LearnedOutcome(exact: try diagram.replacing([part])) } catch {
      throw .replacement(law: "untie", error)
    }
    var substitution = LearnedSubstitution()
    substitution[own.label] = .box(
      .learned(learned), types.domain, types.codomain, doctrine: diagram.doctrine)
    (outcome.relation, outcome.generalising) = (.expressed, substitution)
    return outcome
  }
}
