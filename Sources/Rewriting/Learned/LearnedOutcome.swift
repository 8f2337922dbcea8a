import DiagramIR

/// A step between two diagrams with what certifies how they compare.
public struct LearnedOutcome: Sendable {
  /// The diagram after the step.
  public var diagram: Diagram
  /// How the diagram before the step compares with the one after it.
  public var relation: Relation
  /// What makes the diagram after the step of the one before it; certifies `>=`.
  public var specialising: LearnedSubstitution?
  /// What makes the diagram before the step of the one after it; certifies `<=`.
  public var generalising: LearnedSubstitution?
  /// The proof that the rule cites, when the certificates don't reach its relation.
  public var citation: String?
  /// What the sizes and labels of the diagram after the step are called before it.
  var names = BoundNames()

  /// The exact rules that the certificates use.
  var rules: [Symbol] { (specialising?.rules ?? []) + (generalising?.rules ?? []) }

  /// An exact step.
  init(exact diagram: Diagram) {
    self.diagram = diagram
    relation = .equal
  }

  /// A step whose relation is what its certificates show; `nil` when they show nothing.
  ///
  /// - Complexity: that of applying both substitutions and of comparing.
  init?(
    from source: Diagram, to diagram: Diagram, specialising: LearnedSubstitution?,
    generalising: LearnedSubstitution?, _ environment: Environment
  ) {
    let down = specialising.flatMap { $0.makes(diagram, of: source, environment) ? $0 : nil }
    let up = generalising.flatMap { $0.makes(source, of: diagram, environment) ? $0 : nil }
    self.diagram = diagram
    switch (down != nil, up != nil) {
    case (true, true): relation = .equivalent
    case (true, false): relation = .expresses
    case (false, true): relation = .expressed
    case (false, false): return nil
    }
    (self.specialising, self.generalising) = (down, up)
  }

  /// Whether the certificates show the relation, judged anew.
  ///
  /// A cited step shows what its certificates show; the rest is what it cites.
  func holds(from source: Diagram, _ environment: Environment) -> Bool {
    if relation == .equal { return specialising == nil && generalising == nil }
    if citation != nil { return true }
    let needsDown = relation == .expresses || relation == .equivalent
    let needsUp = relation == .expressed || relation == .equivalent
    guard needsDown || needsUp else { return false }
    return (!needsDown || specialising?.makes(diagram, of: source, environment) == true)
      && (!needsUp || generalising?.makes(source, of: diagram, environment) == true)
  }
}

extension LearnedSubstitution {
  /// Whether applying it to a diagram gives another, modulo copying, deleting, the normal form of SIMD boxes, and
  /// its exact rules.
  ///
  /// - Complexity: linear in the result, expected, and that of normalizing by the rules.
  public func makes(_ special: Diagram, of general: Diagram, _ environment: Environment) -> Bool {
    guard let result = try? applied(to: general, in: environment) else { return false }
    if result.isEqualByLaws(to: special) { return true }
    if rules.isEmpty { return false }
    let forms: [(Diagram) -> Diagram?] = [
      { try? $0.fusedForm() }, { try? LaneRewriting.normalForm(of: $0) },
      { try? LaneRewriting.normalForm(of: $0).sunkForm([(.sink, false)]) },
    ]
    return forms.contains { form in
      guard let left = normalized(form(result), environment),
        let right = normalized(form(special), environment)
      else { return false }
      return left.isEqualByLaws(to: right)
    }
  }

  private func normalized(_ diagram: Diagram?, _ environment: Environment) -> Diagram? {
    guard let diagram else { return nil }
    return try? Rewriter(environment).rewrite(
      diagram, by: rules.map { .rule($0) }, .normalize(limit: 200), recordingSteps: false
    ).diagram
  }
}
