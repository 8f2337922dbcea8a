/// How the expressive power of two diagrams compares.
///
/// ⟦D⟧ is the set of functions that the learned boxes of D range over, closed under uniform limits on compact
/// sets. Reconstructed from the paper's *expressive reductions* (Definition 3.1), whose text is not public.
public enum Relation: String, Sendable, CaseIterable {
  /// The same function for the same learned functions.
  case equal = "=="
  /// Equally expressive: ⟦A⟧ = ⟦B⟧.
  case equivalent = "~="
  /// A can express B: ⟦B⟧ ⊆ ⟦A⟧.
  case expresses = ">="
  /// B can express A.
  case expressed = "<="
  /// Connected only, through steps up and down.
  case connected = "<>"

  /// The relation of a chain of two steps.
  public func then(_ next: Relation) -> Relation {
    if self == next || next == .equal { return self }
    switch (self, next) {
    case (.equal, _): return next
    case (.equivalent, .expresses), (.equivalent, .expressed): return next
    case (.expresses, .equivalent), (.expressed, .equivalent): return self
    default: return .connected
    }
  }

  /// The relation read from right to left.
  public var reversed: Relation {
    switch self {
    case .expresses: .expressed
    case .expressed: .expresses
    default: self
    }
  }

  /// Whether this relation is at least as strong as a claim.
  public func implies(_ claim: Relation) -> Bool {
    if self == claim || self == .equal || claim == .connected { return true }
    return self == .equivalent && (claim == .expresses || claim == .expressed)
  }
}
