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

  /// Where a wire meets a box.
  public struct Port: Hashable, Sendable {
    /// The box.
    public var box: BoxID
    /// Whether the box makes what the wire carries.
    public var isOutput: Bool
    /// Which of the inputs or outputs of the box it is.
    public var place: Int

    /// A port of a box.
    public init(box: BoxID, isOutput: Bool, place: Int) {
      (self.box, self.isOutput, self.place) = (box, isOutput, place)
    }
  }

  /// What it says.
  public var role: Role
  /// The boxes.
  public var boxes: Set<BoxID>
  /// The wires that are set off as a whole.
  public var wires: Set<WireID>
  /// Where a wire is set off up to the next dot.
  public var ports: Set<Port>

  /// A tint of boxes and wires.
  public init(
    _ role: Role, boxes: Set<BoxID> = [], wires: Set<WireID> = [], ports: Set<Port> = []
  ) {
    (self.role, self.boxes, self.wires, self.ports) = (role, boxes, wires, ports)
  }

  /// Whether nothing is set off.
  public var isEmpty: Bool { boxes.isEmpty && wires.isEmpty && ports.isEmpty }

  /// Whether a wire, or this part of one, is set off.
  func covers(_ wire: DiagramLayout.Wire, of layout: DiagramLayout) -> Bool {
    if let source = wire.source, wires.contains(source) { return true }
    return [wire.from, wire.to].contains { terminal in
      guard let port = Self.port(terminal, of: layout) else { return false }
      return ports.contains(port)
    }
  }

  private static func port(_ terminal: DiagramLayout.Terminal, of layout: DiagramLayout) -> Port? {
    switch terminal {
    case .input(let box, let place):
      layout.boxes[box].sources.first.map { Port(box: $0, isOutput: false, place: place) }
    case .output(let box, let place):
      layout.boxes[box].sources.first.map { Port(box: $0, isOutput: true, place: place) }
    default: nil
    }
  }
}
