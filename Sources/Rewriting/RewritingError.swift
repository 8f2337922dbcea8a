import DiagramIR

/// Why a rewriting step can't be taken. The wording is `description`.
public enum RewritingError: Error, Hashable, Sendable {
  /// Nobody declares the rule.
  case undeclaredRule(Symbol)
  /// Nobody declares the diagram.
  case undeclaredDiagram(Symbol)
  /// The rule is not exact, and only exact rules are applied again and again.
  case relation(law: String, Relation)
  /// The rule has neither a certificate nor a citation.
  case unjustified(law: String, Relation)
  /// The certificates of the rule don't hold in this diagram.
  case notCertified(law: String, Relation)
  /// A label that the rule would choose anew occurs outside the match as well.
  case labelElsewhere(law: String, label: String)
  /// A diagram can't take the place of learned boxes.
  case substitution(law: String, SubstitutionError)
  /// The place is not where such a step can be taken.
  case noLearnedBox(law: String, place: String, NoLearnedBox)
  /// The law belongs to one doctrine, the diagram to another.
  case doctrine(law: String, expected: Doctrine, found: Doctrine)
  /// The law doesn't apply: how many boxes of its rarest kind there are.
  case noMatch(law: String, head: String, count: Int, place: String?)
  /// The side to match has no box, so that it would match everywhere.
  case bareWires(law: String)
  /// In a Frobenius diagram, a side without boxes can't be matched.
  case bareFrobeniusWires(law: String)
  /// The side that is put in place uses an input that the matched side doesn't.
  case unusedInput(law: String, name: String)
  /// A size is given to a variable that the law doesn't have.
  case unknownSize(law: String, name: String)
  /// The size 0 is given to a variable; a law speaks of axes that have a lane.
  case emptySize(law: String, name: String)
  /// A shape of the side that is put in place doesn't follow from the match.
  case undeterminedShape(law: String, name: String)
  /// The side that is put in place has a learned box that the matched side doesn't have.
  case freshLabel(law: String, label: String)
  /// Axes that the law keeps apart become one, so that a learned box would take its weights from another.
  case axes(law: String)
  /// The place is not one of the diagram's.
  case place(PlaceError)
  /// The law needs a place.
  case needsPlace(law: String)
  /// The law has no place.
  case hasNoPlace(law: String)
  /// No box makes the wire, or one with a single consumer.
  case nothingToUnshare(place: String, consumers: Int)
  /// The law can't be used backward.
  case irreversible(law: String)
  /// No use of the diagram is there, or not at the place.
  case noUse(name: String, place: String?)
  /// The new part could not be put in place.
  case replacement(law: String, ReplacementError)
  /// Laws still apply after so many steps.
  case endless(steps: Int)
  /// The diagram isn't this one, modulo the laws.
  case notReached(name: String)
  /// A condition of a law of SIMD and scan boxes fails.
  case lanes(law: String, LaneError)
  /// Where the rule matches, its other side is the same diagram.
  case changesNothing(law: String)
  /// The caller asked to stop after so many steps.
  case stopped(afterSteps: Int)
  /// A use could not be unfolded.
  case unfolding(UnfoldingError)

  /// What is missing at the place of a step for learned boxes.
  public enum NoLearnedBox: Hashable, Sendable {
    /// The box that makes the wire doesn't have the label.
    case otherLabel(String)
    /// Only this box has the label.
    case onlyOne(String)
    /// The wire doesn't lead from one box to one other.
    case ends(producers: Int, consumers: Int)
    /// Neither end is learned.
    case neitherLearned
  }
}
