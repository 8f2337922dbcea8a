import DiagramIR

/// A rule between packed diagrams, with the way to find its left side.
///
/// A match is fixed by the image of the pattern's first box: each wire inside the pattern leads to one further
/// port.
struct PackedRule: Sendable {
  /// A wire inside the pattern, from a box that has an image. It gives another box its image, or must agree.
  struct Link: Sendable {
    var from: Int32
    /// The place of the port in the record of the box.
    var fromPlace: Int32
    var to: Int32
    var toPlace: Int32
    /// The kind of the box that gets its image; -1 where it has one.
    var newKind: Int32
  }

  /// A wire between a port of a side and a place of the rule's interface: those of the codomain follow those of
  /// the domain.
  struct BoundaryWire: Sendable {
    var place: Int32
    var box: Int32
    var port: Int32
  }

  /// A wire between ports.
  struct InnerWire: Sendable {
    var from: Int32
    var fromPort: Int32
    var to: Int32
    var toPort: Int32
  }

  /// A wire between places of the rule's interface.
  struct BareWire: Sendable {
    var from: Int32
    var to: Int32
  }

  /// A side of the rule, its wires sorted by what they connect.
  struct Side: Sendable {
    let kinds: [Int32]
    private(set) var boundary: [BoundaryWire] = []
    private(set) var inner: [InnerWire] = []
    private(set) var bare: [BareWire] = []

    init(_ side: PackedSide, _ layout: PackedLayout, inputCount: Int) {
      kinds = side.kinds
      let (inputs, firstOutput) = (Int32(inputCount), Int32(layout.firstOutput))
      for wire in side.wires {
        let (source, sink) = (wire.source, wire.sink)
        let (out, into) = (firstOutput + source.place, 2 + sink.place)
        switch (source.box < 0, sink.box < 0) {
        case (true, true): bare.append(BareWire(from: source.place, to: inputs + sink.place))
        case (true, false):
          boundary.append(BoundaryWire(place: source.place, box: sink.box, port: into))
        case (false, true):
          boundary.append(BoundaryWire(place: inputs + sink.place, box: source.box, port: out))
        case (false, false):
          inner.append(InnerWire(from: source.box, fromPort: out, to: sink.box, toPort: into))
        }
      }
    }
  }

  let pattern: Side
  let result: Side
  let links: [Link]
  /// The wires of the pattern's codomain.
  let exits: [BoundaryWire]
  let interfaceCount: Int
  /// Whether no path outside could make a match non-convex: in the pattern each output depends on each input.
  let isAlwaysConvex: Bool
  /// The left and the right side as they were given.
  let sides: [PackedSide]

  /// `nil` when the pattern isn't connected by its wires.
  init?(_ rewrite: Rewrite, _ signature: PackedSignature) {
    let source = rewrite.pattern.diagram
    guard let left = PackedSide(source, signature),
      let right = PackedSide(rewrite.result, signature)
    else { return nil }
    let inputs = source.domain.count
    sides = [left, right]
    pattern = Side(left, signature.layout, inputCount: inputs)
    result = Side(right, signature.layout, inputCount: inputs)
    guard pattern.bare.isEmpty, let links = Self.links(pattern) else { return nil }
    self.links = links
    exits = pattern.boundary.filter { $0.place >= inputs }
    interfaceCount = inputs + source.codomain.count
    isAlwaysConvex = Self.isAlwaysConvex(left)
  }

  /// Whether the other rule takes back what this one does, at the boxes that this one puts in place.
  func isInverse(of other: PackedRule) -> Bool { sides == other.sides.reversed() }

  private static func links(_ side: Side) -> [Link]? {
    var known = side.kinds.indices.map { $0 == 0 }
    var open = side.inner
    var links: [Link] = []
    while let index = open.firstIndex(where: { known[Int($0.from)] || known[Int($0.to)] }) {
      var wire = open.remove(at: index)
      if !known[Int(wire.from)] {
        wire = InnerWire(
          from: wire.to, fromPort: wire.toPort, to: wire.from, toPort: wire.fromPort)
      }
      links.append(
        Link(
          from: wire.from, fromPlace: wire.fromPort, to: wire.to, toPlace: wire.toPort,
          newKind: known[Int(wire.to)] ? -1 : side.kinds[Int(wire.to)]))
      known[Int(wire.to)] = true
    }
    return known.allSatisfy { $0 } ? links : nil
  }

  private static func isAlwaysConvex(_ side: PackedSide) -> Bool {
    let inside = side.wires.filter { $0.source.box >= 0 && $0.sink.box >= 0 }
    let entries = Set(side.wires.filter { $0.source.box < 0 }.map(\.sink.box))
    let exits = Set(side.wires.filter { $0.sink.box < 0 }.map(\.source.box))
    return entries.allSatisfy { entry in
      var reached: Set<Int32> = [entry]
      var pending = [entry]
      while let box = pending.popLast() {
        for wire in inside where wire.source.box == box && reached.insert(wire.sink.box).inserted {
          pending.append(wire.sink.box)
        }
      }
      return exits.isSubset(of: reached)
    }
  }
}
