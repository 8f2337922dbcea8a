// The inputs of the workloads, the same wire for wire wherever they are generated.

extension PortGraph {
  /// A random acyclic diagram of that many boxes drawn from f, g, m and d, with 16 inputs, 8 to 32 wires wide.
  public static func random(_ count: Int, seed: UInt64 = 1) -> PortGraph {
    var random = RandomSource(seed: seed &* 1_000_003 &+ UInt64(count))
    var graph = PortGraph()
    var open = (0..<16).map { _ in graph.addWire() }
    graph.inputs = open
    for _ in 0..<count {
      var label = [Label.f, .g, .m, .d][random.below(4)]
      if label == .m && open.count <= 8 { label = .d }
      if label == .d && open.count >= 32 { label = .m }
      let sources = (0..<label.arity.inputs).map { _ in open.remove(at: random.below(open.count)) }
      let targets = (0..<label.arity.outputs).map { _ in graph.addWire() }
      open += targets
      graph.add(label, sources, targets)
    }
    graph.outputs = open
    return graph
  }

  /// `label ; label ; …`
  public static func chain(_ count: Int, _ label: Label = .f) -> PortGraph {
    var graph = PortGraph()
    var last = graph.addWire()
    graph.inputs = [last]
    for _ in 0..<count {
      let next = graph.addWire()
      graph.add(label, [last], [next])
      last = next
    }
    graph.outputs = [last]
    return graph
  }

  /// That many copies of `f ; g` side by side.
  public static func parallel(_ count: Int) -> PortGraph {
    var graph = PortGraph()
    for _ in 0..<count {
      let (a, b, c) = (graph.addWire(), graph.addWire(), graph.addWire())
      graph.inputs.append(a)
      graph.add(.f, [a], [b])
      graph.add(.g, [b], [c])
      graph.outputs.append(c)
    }
    return graph
  }

  /// `m(m(m(x0, x1), x2), …)` with that many products; with units, every other factor is `e`.
  public static func comb(_ count: Int, units: Bool = false) -> PortGraph {
    var graph = PortGraph()
    func leaf(_ position: Int) -> Int {
      let wire = graph.addWire()
      if units && position % 2 == 1 {
        graph.add(.e, [], [wire])
      } else {
        graph.inputs.append(wire)
      }
      return wire
    }
    var product = leaf(0)
    for position in 0..<count {
      let factor = leaf(position + 1)
      let next = graph.addWire()
      graph.add(.m, [product, factor], [next])
      product = next
    }
    graph.outputs = [product]
    return graph
  }

  /// That many copies of the closed diagram `e ; f ; c`.
  public static func scalars(_ count: Int) -> PortGraph {
    var graph = PortGraph()
    for _ in 0..<count {
      let (a, b) = (graph.addWire(), graph.addWire())
      graph.add(.e, [], [a])
      graph.add(.f, [a], [b])
      graph.add(.c, [b], [])
    }
    return graph
  }

  /// The same diagram with its wires and boxes in another order.
  public func shuffled(seed: UInt64 = 7) -> PortGraph {
    var random = RandomSource(seed: seed)
    var wires = Array(0..<wireCount)
    for last in stride(from: wireCount - 1, to: 0, by: -1) {
      wires.swapAt(random.below(last + 1), last)
    }
    var boxes = Array(0..<boxCount)
    for last in stride(from: boxCount - 1, to: 0, by: -1) {
      boxes.swapAt(random.below(last + 1), last)
    }
    var graph = PortGraph()
    graph.wireCount = wireCount
    graph.inputs = inputs.map { wires[$0] }
    graph.outputs = outputs.map { wires[$0] }
    for box in boxes {
      graph.add(labels[box], sources(of: box).map { wires[$0] }, targets(of: box).map { wires[$0] })
    }
    return graph
  }

  /// The diagram with one f of the middle made g; unchanged when there is no f.
  public func relabelled() -> PortGraph {
    var graph = self
    let middle = boxCount / 2
    let order = Array(middle..<boxCount) + Array(0..<middle)
    if let box = order.first(where: { labels[$0] == .f }) { graph.relabel(box, .g) }
    return graph
  }
}
