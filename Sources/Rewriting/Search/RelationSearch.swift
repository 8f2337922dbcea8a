import DiagramIR

/// What a search for the relation of two diagrams has found.
public struct RelationFinding: Sendable {
  /// A way from the first diagram to the second.
  public enum Way: Sendable {
    /// Exact steps.
    case steps([DerivationStep])
    /// The diagrams are the same in index form, all uses unfolded.
    case indexForm
    /// Diagrams for learned boxes after which the diagrams are the same in index form. The first are those of the
    /// first diagram's boxes, which make it the second; `nil`, when none were found.
    case substitutions([String: Diagram]?, [String: Diagram]?)
  }

  /// The strongest relation that was found; `nil`, when none was.
  public let relation: Relation?
  /// What shows it.
  public let way: Way?
  /// Whether the search ended because its budget was spent, so that finding less says little.
  public let isBudgetSpent: Bool
}

/// Why two diagrams can't be compared.
public enum RelationSearchError: Error, Sendable {
  /// They have different interfaces.
  case interfaces(left: String, right: String)
  /// A diagram can't be unfolded.
  case unfolding(UnfoldingError)
}

extension RelationSearchError: CustomStringConvertible {
  /// What is wrong.
  public var description: String {
    switch self {
    case .interfaces(let left, let right):
      "the diagrams have different interfaces: \(left), and \(right)"
    case .unfolding(let error): error.description
    }
  }
}

/// Searches for the strongest relation between two diagrams: equality by exact rules, then by the laws of SIMD
/// boxes, then diagrams for the learned boxes of either that make it the other.
public struct RelationSearch: Sendable {
  private let environment: Environment
  private let rules: [Rule]
  private let budget: Int

  /// How many diagrams are looked at, unless told otherwise.
  public static let defaultBudget = 2_000

  /// - Parameters:
  ///   - rules: the exact rules to use, in both directions.
  ///   - budget: how many diagrams the search by rules may find, and how many candidates the search for
  ///     learned boxes may try.
  public init(_ environment: Environment, rules: [Rule], budget: Int = Self.defaultBudget) {
    (self.environment, self.rules, self.budget) = (environment, rules, budget)
  }

  /// The strongest relation that is found from one diagram to another.
  ///
  /// - Throws: `RelationSearchError`.
  /// - Complexity: that of `ExactSearch` and of two `SpecialisationSearch`es with the budget.
  public func relation(
    from first: Diagram, to second: Diagram
  ) throws(RelationSearchError) -> RelationFinding {
    let right = try adapting(second, to: first)
    guard var exact = try? ExactSearch(from: first, to: right, by: rules, budget: budget) else {
      return RelationFinding(relation: nil, way: nil, isBudgetSpent: false)
    }
    if let steps = exact.steps() {
      return RelationFinding(relation: .equal, way: .steps(steps), isBudgetSpent: false)
    }
    let isBudgetSpent = exact.budget == 0
    guard let left = try indexForm(first), let right = try indexForm(right) else {
      return RelationFinding(relation: nil, way: nil, isBudgetSpent: isBudgetSpent)
    }
    if left.isIsomorphic(to: right) {
      return RelationFinding(relation: .equal, way: .indexForm, isBudgetSpent: false)
    }
    return specialisation(left, right, isBudgetSpent)
  }

  private func specialisation(
    _ left: Diagram, _ right: Diagram, _ isBudgetSpent: Bool
  ) -> RelationFinding {
    let (down, downSpent) = substitution(left, right)
    let (up, upSpent) = substitution(right, left)
    let relation: Relation? =
      switch (down, up) {
      case (nil, nil): nil
      case (_, nil): .expresses
      case (nil, _): .expressed
      default: .equivalent
      }
    return RelationFinding(
      relation: relation, way: relation == nil ? nil : .substitutions(down, up),
      isBudgetSpent: isBudgetSpent || downSpent || upSpent)
  }
}

extension RelationSearch {
  private func substitution(
    _ general: Diagram, _ special: Diagram
  ) -> (found: [String: Diagram]?, isBudgetSpent: Bool) {
    guard let left = LanedDiagram(general), let right = LanedDiagram(special) else {
      return (nil, false)
    }
    var search = SpecialisationSearch(left, right, budget: budget)
    guard let images = search.substitution() else { return (nil, search.budget == 0) }
    var substitution = LearnedSubstitution()
    for (label, image) in images { substitution[label] = image }
    guard let result = try? substitution.applied(to: general, in: environment),
      let form = try? indexForm(result), form.isIsomorphic(to: special)
    else { return (nil, search.budget == 0) }
    return (images, false)
  }

  /// A diagram with all uses unfolded, in index form; `nil` where there is none.
  private func indexForm(_ diagram: Diagram) throws(RelationSearchError) -> Diagram? {
    let unfolded: Diagram
    do { unfolded = try environment.unfoldingAll(diagram) } catch { throw .unfolding(error) }
    let law = Law.lanes(.normalForm)
    return try? Rewriter(environment).rewrite(
      unfolded, by: [law], .normalize(limit: Strategy.defaultLimit)
    ).diagram
  }

  /// A diagram with the sizes of its interface called as another diagram calls them.
  private func adapting(
    _ diagram: Diagram, to other: Diagram
  ) throws(RelationSearchError) -> Diagram {
    let scheme = TypeScheme(diagram.domainTypes, diagram.codomainTypes)
    var builder = DiagramBuilder(doctrine: diagram.doctrine)
    guard diagram.doctrine == other.doctrine,
      let substitution = scheme.instance(other.domainTypes, other.codomainTypes)
    else { throw .interfaces(left: other.interfaceText, right: diagram.interfaceText) }
    let inputs = zip(other.domain, diagram.domain).map { wire, named in
      builder.addDomainWire(other.type(of: wire), name: diagram.name(of: named))
    }
    let transform = DiagramTransform(substitution: substitution)
    guard let codomain = try? builder.append(diagram, inputs: inputs, transform: transform) else {
      throw .interfaces(left: other.interfaceText, right: diagram.interfaceText)
    }
    return builder.finish(codomain: codomain)
  }
}

extension Diagram {
  /// The types of the interface, as the language writes them.
  fileprivate var interfaceText: String {
    let list = { (types: [WireType]) in types.map(\.description).joined(separator: ", ") }
    return "\(list(domainTypes)) -> \(list(codomainTypes))"
  }
}
