import DiagramIR

/// Which condition of a law of SIMD and scan boxes fails. The wording is `description`.
public enum LaneError: Error, Hashable, Sendable {
  /// The wire is not where the law looks: what it must be.
  case notAt(wire: String, expected: String)
  /// The law applies nowhere in the diagram.
  case nowhere
  /// The lanes see all of what the law would make their own lane's part.
  case shared(wire: String)
  /// Axes differ.
  case axes(Size, Size)
  /// A learned box has weights of its own for each lane of an axis that the law changes.
  case perLane(axis: Size)
  /// Nothing is left for one of the two sides.
  case onePart(wire: String)
  /// The box depends on its lane.
  case dependsOnLane(wire: String)
  /// A scan uses its state, so that its lanes are not independent.
  case usesState(wire: String)
  /// Something uses the last state of a scan.
  case usesLastState(wire: String)
  /// The lanes are not linear in what is summed; with `affine`, not affine in what is averaged.
  case notLinear(wire: String, box: String, affine: Bool)
  /// Indices of positions can't be computed with.
  case indices(wire: String)
  /// Sizes that the law needs are not given, or don't fit.
  case sizes(needed: String)
  /// The two sides don't do the same.
  case different
  /// A box around the two depends on the first and feeds the second.
  case between
  /// A size would grow too large.
  case size(SizeError)
}

extension LaneError: CustomStringConvertible {
  /// What is wrong, and what to do about it.
  public var description: String {
    switch self {
    case .notAt(let wire, let expected): "'\(wire)' is not \(expected)"
    case .nowhere: "it applies nowhere in this diagram"
    case .shared(let wire): "the lanes share '\(wire)': each sees all of it, not its own part"
    case .axes(let a, let b): "the lanes have different axes, \(a) and \(b)"
    case .perLane(let axis):
      "a learned box inside has its own weights for each lane of '\(axis)'"
    case .onePart(let wire): "nothing would be left on one side of '\(wire)'"
    case .dependsOnLane(let wire): "what makes '\(wire)' depends on the lane"
    case .usesState(let wire): "the lanes use the state '\(wire)'"
    case .usesLastState(let wire): "the last state '\(wire)' is used"
    case .notLinear(let wire, let box, let affine):
      "the lanes are not known to be \(affine ? "affine" : "linear") in what they map: "
        + "'\(wire)' is made by '\(box)'; a box is linear where its declaration says `linear`"
    case .indices(let wire): "'\(wire)' carries indices, which this law can't handle"
    case .sizes(let needed): "say which sizes with 'with \(needed)'"
    case .different: "the two lanes don't do the same"
    case .between: "a box depends on the one and feeds the other, so that they can't become one"
    case .size(let error): ReplacementError.size(error).description
    }
  }
}
