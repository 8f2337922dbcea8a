import DiagramIR

/// What justifies a rule that is not exact.
///
/// `L >= R` is certified by diagrams for the learned boxes of L that make it R; `L <= R` by diagrams for those
/// of R that make it L; `L ~= R` by both. They are found by `SubstitutionSearch`, not trusted: each was put in
/// and compared. What no certificate is found for may cite a proof; else the rule can't be used.
public struct RuleCertificate: Sendable {
  /// How far a rule is justified.
  public enum Standing: String, Sendable {
    /// It is exact: evaluating both sides speaks for it.
    case exact
    /// Substitutions prove it.
    case certified
    /// The machine can't check it; the file cites a proof.
    case cited
    /// Nothing justifies it.
    case refused
  }

  /// The diagrams for the left side's learned boxes that make it the right side.
  public let forward: LearnedSubstitution?
  /// The diagrams for the right side's learned boxes that make it the left side.
  public let backward: LearnedSubstitution?
  /// How far the rule is justified.
  public let standing: Standing

  /// The exact rules that the certificates use, without repetition.
  public var rules: [Symbol] {
    var found: [Symbol] = []
    for rule in (forward?.rules ?? []) + (backward?.rules ?? []) where !found.contains(rule) {
      found.append(rule)
    }
    return found
  }

  /// Looks for what justifies a rule.
  ///
  /// - Complexity: that of `SubstitutionSearch`, once for each direction that the relation needs.
  public init(_ rule: Rule, in environment: Environment) {
    let (needsForward, needsBackward) = (
      rule.relation == .expresses || rule.relation == .equivalent,
      rule.relation == .expressed || rule.relation == .equivalent
    )
    forward =
      needsForward
      ? LearnedSubstitution(making: rule.right, of: rule.left, in: environment, sinking: true)
      : nil
    backward =
      needsBackward
      ? LearnedSubstitution(making: rule.left, of: rule.right, in: environment, sinking: true)
      : nil
    if rule.relation == .equal {
      standing = .exact
    } else if needsForward == (forward != nil) && needsBackward == (backward != nil)
      && (needsForward || needsBackward)
    {
      standing = .certified
    } else {
      standing = rule.citation == nil ? .refused : .cited
    }
  }
}
