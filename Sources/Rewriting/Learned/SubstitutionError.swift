import DiagramIR

/// Why diagrams can't take the place of learned boxes. The wording is `description`.
public enum SubstitutionError: Error, Hashable, Sendable {
  /// No learned box has the label.
  case unknown(label: String)
  /// The label is inside a use that is folded, or is that of the use.
  case folded(label: String, use: String)
  /// The diagram has another type than the boxes of the label.
  case type(label: String, expected: String, found: String)
  /// The boxes of the label are linear, and the diagram is not known to be.
  case notLinear(label: String)
  /// A learned box of the diagram has weights for each lane of an axis, and the boxes of the label have not.
  case perLane(label: String, inside: String, axis: Size)
  /// Afterwards the label would name two functions.
  case conflict(label: String)
  /// Only cartesian diagrams have learned boxes.
  case doctrine(Doctrine)
  /// The diagram could not be put in place.
  case replacement(label: String, ReplacementError)
}

extension SubstitutionError: CustomStringConvertible {
  /// What went wrong, and what to do about it.
  public var description: String {
    switch self {
    case .unknown(let label): "the diagram has no learned box '\(label)'"
    case .folded(let label, let use):
      "'\(label)' belongs to '\(use)', a diagram that is used as a box: unfold it first"
    case .type(let label, let expected, let found):
      "'\(label)' has type \(expected), and what should take its place \(found)"
    case .notLinear(let label):
      "'\(label)' is linear, and what should take its place is not known to be: use wires, learned linear "
        + "boxes and boxes that are declared `linear`"
    case .perLane(let label, let inside, let axis):
      "'\(inside)' has weights for each lane of \(axis), and '\(label)', whose place it takes, is one "
        + "function for all of them: leave out 'per \(axis)'"
    case .conflict(let label):
      "'\(label)' would name two different functions: give one of them another label"
    case .doctrine(let doctrine): "a \(doctrine) diagram has no learned boxes"
    case .replacement(let label, let error): "'\(label)' can't be replaced: \(error)"
    }
  }
}
