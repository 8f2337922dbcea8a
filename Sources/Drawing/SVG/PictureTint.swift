import DiagramIR

/// Boxes and wires of a diagram that a picture sets off from the others.
public struct PictureTint: Hashable, Sendable {
  /// What a tint says.
  public enum Role: String, Hashable, Sendable {
    /// What a step takes away.
    case before
    /// What it puts in place.
    case after
  }

  /// What it says.
  public var role: Role
  /// The boxes.
  public var boxes: Set<BoxID>
  /// The wires.
  public var wires: Set<WireID>

  /// A tint of boxes and wires.
  public init(_ role: Role, boxes: Set<BoxID> = [], wires: Set<WireID> = []) {
    (self.role, self.boxes, self.wires) = (role, boxes, wires)
  }
}
