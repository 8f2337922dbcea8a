import DiagramIR

/// A rule between packed diagrams, with the way to find its left side.
///
/// A match is fixed by the image of the pattern's first box: each wire inside the pattern leads to one further
/// port.
struct PackedRule: Sendable {
  /// A wire inside the pattern, from a box that has an image. It gives another box its image, or must agree.
  struct Link: Sendable {
    var from: Int32
    var fromPlace: Int32
    var to: Int32
    var toPlace: Int32
    /// Whether it leads from an output to an input.
    var isForward: Bool
    var isNew: Bool
  }

  let pattern: PackedSide
  let result: PackedSide
  let links: [Link]
  let inputCount: Int
  let outputCount: Int
  /// Whether no path outside could make a match non-convex: in the pattern each output depends on each input.
  let isAlwaysConvex: Bool

  /// `nil` when the pattern isn't connected by its wires.
  init?(_ rewrite: Rewrite, _ signature: PackedSignature) {
    let source = rewrite.pattern.diagram
    guard let pattern = PackedSide(source, signature),
      let result = PackedSide(rewrite.result, signature),
      let links = Self.links(pattern)
    else { return nil }
    self.pattern = pattern
    self.result = result
    self.links = links
    inputCount = source.domain.count
    outputCount = source.codomain.count
    isAlwaysConvex = Self.isAlwaysConvex(pattern)
  }

  private static func links(_ side: PackedSide) -> [Link]? {
    var known = side.kinds.indices.map { $0 == 0 }
    var open = side.wires.filter { $0.source.box >= 0 && $0.sink.box >= 0 }
    guard side.wires.allSatisfy({ $0.source.box >= 0 || $0.sink.box >= 0 }) else { return nil }
    var links: [Link] = []
    while let index = open.firstIndex(where: {
      known[Int($0.source.box)] || known[Int($0.sink.box)]
    }) {
      let wire = open.remove(at: index)
      let isForward = known[Int(wire.source.box)]
      let (from, to) = isForward ? (wire.source, wire.sink) : (wire.sink, wire.source)
      links.append(
        Link(
          from: from.box, fromPlace: from.place, to: to.box, toPlace: to.place,
          isForward: isForward, isNew: !known[Int(to.box)]))
      known[Int(to.box)] = true
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

/// A rule in memory of its own, so that threads that use it don't share counts of references.
struct PackedRuleBuffer {
  struct Side {
    let kinds: UnsafeBufferPointer<Int32>
    let wires: UnsafeBufferPointer<PackedSide.Wire>

    init(_ side: PackedSide) {
      kinds = copy(side.kinds)
      wires = copy(side.wires)
    }

    func deallocate() {
      kinds.deallocate()
      wires.deallocate()
    }
  }

  let pattern: Side
  let result: Side
  let links: UnsafeBufferPointer<PackedRule.Link>
  let isAlwaysConvex: Bool

  init(_ rule: PackedRule) {
    pattern = Side(rule.pattern)
    result = Side(rule.result)
    links = copy(rule.links)
    isAlwaysConvex = rule.isAlwaysConvex
  }

  func deallocate() {
    pattern.deallocate()
    result.deallocate()
    links.deallocate()
  }
}

private func copy<Element>(_ elements: [Element]) -> UnsafeBufferPointer<Element> {
  let buffer = UnsafeMutableBufferPointer<Element>.allocate(capacity: elements.count)
  _ = buffer.initialize(from: elements)
  return UnsafeBufferPointer(buffer)
}
