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
    guard !rules.isEmpty else { return false }
    let rewriter = Rewriter(environment)
    let normalized = [result, special].map { diagram in
      try? rewriter.rewrite(
        diagram.fusedForm(), by: rules.map { .rule($0) }, .normalize(limit: 200),
        recordingSteps: false
      ).diagram
    }
    guard let left = normalized[0], let right = normalized[1] else { return false }
    return left.isEqualByLaws(to: right)
  }
}
