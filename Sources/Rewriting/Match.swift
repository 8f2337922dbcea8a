import DiagramIR

/// An occurrence of a pattern in a diagram.
public struct Match: Sendable {
  /// The region of the diagram in which the pattern's outermost level lies.
  public let region: RegionID
  /// For every box of the pattern, on all levels, its image.
  public let boxes: [BoxID]
  /// For every wire of the pattern, on all levels, its image; `nil` for an input that nothing uses.
  public let wires: [WireID?]
  /// What the pattern's variables are. A variable that the match doesn't determine has no entry.
  public let substitution: TypeSubstitution
  /// What the pattern's labels are.
  public let labels: [String: String]
  /// The wire that names the place: the image of the first codomain wire that a box of the pattern produces,
  /// else of the first wire of the pattern. `nil` when the pattern has no wire.
  public let anchor: WireID?
  /// For the body of a definition: the label and the axes that all labels have in front.
  let prefix: LabelPrefix?
  /// For the labels of the pattern, the axes in front of those that the pattern says.
  let labelAxes: [String: [Size]]
}

/// What stands in front of all labels inside a use.
struct LabelPrefix: Hashable, Sendable {
  var label: String
  var per: [Size]
}
