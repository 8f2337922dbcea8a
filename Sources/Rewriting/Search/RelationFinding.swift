import DiagramIR

/// What leads from one diagram to the next.
public enum RelationLink: Sendable {
  /// A step.
  case step(DerivationStep)
  /// The diagram becomes this one, which is the same modulo the laws of SIMD boxes, all uses unfolded.
  case reach(Diagram)
}

/// Diagrams for learned boxes that make one diagram another.
public struct Specialisation: Sendable {
  /// What takes the place of the boxes of each label, all uses unfolded.
  public let images: [String: Diagram]
  /// What leads from there to the other diagram.
  public let links: [RelationLink]

  /// Proposes a specialisation.
  public init(images: [String: Diagram], links: [RelationLink]) {
    (self.images, self.links) = (images, links)
  }
}

/// What a comparison of two diagrams has found.
public enum RelationFinding: Sendable {
  /// They are equal; the links lead from the first to the second.
  case equal([RelationLink])
  /// The first specialises to the second, or the second to the first, or both.
  case specialisation(first: Specialisation?, second: Specialisation?)
  /// Nothing was found. When the search ended because its limit was reached, that says little.
  case nothing(reachedLimit: Bool)

  /// The relation from the first diagram to the second; `nil` when none was found.
  public var relation: Relation? {
    switch self {
    case .equal: .equal
    case .specialisation(_?, nil): .expresses
    case .specialisation(nil, _?): .expressed
    case .specialisation: .equivalent
    case .nothing: nil
    }
  }
}

/// Why two diagrams can't be compared.
public enum RelationSearchError: Error, Sendable {
  /// They have different interfaces.
  case interfaces(left: String, right: String)
  /// A diagram can't be unfolded.
  case unfolding(UnfoldingError)
}

extension RelationSearchError: CustomStringConvertible {
  /// What is wrong, and what to do about it.
  public var description: String {
    switch self {
    case .interfaces(let left, let right):
      "the diagrams have different interfaces: \(left), and \(right); compare diagrams that take and give the "
        + "same"
    case .unfolding(let error): error.description
    }
  }
}
