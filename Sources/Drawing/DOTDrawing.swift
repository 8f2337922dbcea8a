import DiagramIR

/// Draws diagrams in the DOT language, for Graphviz.
///
/// Boxes are nodes and wires are edges that bear their type. A wire with several consumers runs through a dot,
/// one without a consumer ends in a dot. SIMD and scan boxes are clusters: mapped wires enter through filled
/// dots, shared wires through open circles, states through diamonds, and a dashed edge leads a scan's next state
/// back. Learned boxes are filled black, as in the figures of *On the Anatomy of Attention*; diagrams used as
/// boxes have a double border.
///
/// The text depends on the diagram alone: the same diagram gives the same bytes.
public struct DOTDrawing: Sendable {
  /// Whether the drawing runs from left to right instead of top to bottom.
  public var leftToRight: Bool

  /// A way of drawing.
  public init(leftToRight: Bool = false) { self.leftToRight = leftToRight }

  /// The drawing of a diagram.
  ///
  /// - Complexity: linear in the diagram.
  public func draw(_ diagram: Diagram, name: String) -> String {
    var graph = DOTGraph(diagram)
    graph.addRegion(diagram.root, indent: "  ")
    graph.addWires()
    let direction = leftToRight ? "LR" : "TB"
    return """
      digraph \(DOTText.quoted(name)) {
        graph [rankdir=\(direction), ordering=in, nodesep=0.3, ranksep=0.35, fontname="Helvetica", fontsize=12]
        node [shape=box, style=rounded, height=0.3, width=0.4, margin="0.12,0.05", fontname="Helvetica", fontsize=12]
        edge [arrowsize=0.5, color="#444444", fontcolor="#666666", fontname="Helvetica", fontsize=9]
      \(graph.lines.joined(separator: "\n"))
      }

      """
  }
}

/// The lines of a graph, region by region.
private struct DOTGraph {
  let diagram: Diagram
  private(set) var lines: [String] = []
  /// For every wire, the nodes where it comes from and where it goes.
  private var sources: [[String]]
  private var targets: [[String]]
  private let interface: Set<WireID>

  init(_ diagram: Diagram) {
    self.diagram = diagram
    sources = Array(repeating: [], count: diagram.wireCount)
    targets = sources
    interface = Set(diagram.domain).union(diagram.codomain)
  }

  // MARK: Regions

  mutating func addRegion(_ region: RegionID, indent: String) {
    let isRoot = region == diagram.root
    if isRoot {
      addEnds("in", diagram.domain, "source", indent)
      for (place, wire) in diagram.domain.enumerated() { sources[wire.index].append("in\(place)") }
    }
    for box in diagram.boxes(in: region) {
      if let body = diagram.body(of: box) {
        addLanes(box, body, indent)
      } else {
        add(box, indent)
      }
    }
    if isRoot {
      addEnds("out", diagram.codomain, "sink", indent)
      for (place, wire) in diagram.codomain.enumerated() {
        targets[wire.index].append("out\(place)")
      }
      addJunctions(region, indent)
    }
  }

  /// One side of the diagram's own interface; invisible edges keep its order.
  private mutating func addEnds(
    _ name: String, _ wires: ArraySlice<WireID>, _ rank: String, _ indent: String
  ) {
    guard !wires.isEmpty else { return }
    lines.append("\(indent){")
    lines.append("\(indent)  rank=\(rank)")
    for (place, wire) in wires.enumerated() {
      let label = DOTText.quoted(text(of: wire, isFull: true))
      lines.append("\(indent)  \(name)\(place) [shape=plaintext, label=\(label)]")
    }
    if wires.count > 1 {
      let chain = wires.indices.map { "\(name)\($0 - wires.startIndex)" }.joined(separator: " -> ")
      lines.append("\(indent)  \(chain) [style=invis]")
    }
    lines.append("\(indent)}")
  }

  private mutating func add(_ box: BoxID, _ indent: String) {
    let node = "b\(box.index)"
    lines.append("\(indent)\(node) [\(attributes(of: diagram.operation(of: box)))]")
    for wire in diagram.inputs(of: box) { targets[wire.index].append(node) }
    for wire in diagram.outputs(of: box) { sources[wire.index].append(node) }
  }

  /// A SIMD or scan box: a cluster with its body, and a node for each wire through its wall.
  private mutating func addLanes(_ box: BoxID, _ body: RegionID, _ indent: String) {
    let operation = diagram.operation(of: box)
    let inner = indent + "  "
    lines.append("\(indent)subgraph cluster_b\(box.index) {")
    lines.append(
      "\(inner)label=\(DOTText.quoted(title(of: operation))); labeljust=l; style=rounded; penwidth=2.5; color=\"#888888\""
    )
    let pairs = zip(diagram.domain(of: body), diagram.inputs(of: box))
    for (place, (lane, wire)) in pairs.enumerated() {
      let node = "b\(box.index)in\(place)"
      let isState = place < operation.stateCount
      let isShared = place >= operation.stateCount + operation.mappedCount
      lines.append("\(inner)\(node) [\(Self.wall(isState: isState, isShared: isShared))]")
      targets[wire.index].append(node)
      sources[lane.index].append(node)
    }
    addRegion(body, indent: inner)
    for (place, (lane, wire)) in zip(diagram.codomain(of: body), diagram.outputs(of: box))
      .enumerated()
    {
      let node = "b\(box.index)out\(place)"
      let isState = place < operation.stateCount
      lines.append("\(inner)\(node) [\(Self.wall(isState: isState, isShared: false))]")
      targets[lane.index].append(node)
      sources[wire.index].append(node)
    }
    addJunctions(body, inner)
    if diagram.outputs(of: box).isEmpty && diagram.inputs(of: box).isEmpty {
      lines.append("\(inner)b\(box.index)empty [shape=point, style=invis]")
    }
    lines.append("\(indent)}")
    for place in 0..<operation.stateCount {
      lines.append(
        "\(indent)b\(box.index)out\(place) -> b\(box.index)in\(place) [style=dashed, constraint=false]"
      )
    }
  }

  /// A dot where a wire of a region has not exactly one source and one target.
  private mutating func addJunctions(_ region: RegionID, _ indent: String) {
    for wire in diagram.wires(in: region) where isJunction(wire) {
      lines.append("\(indent)w\(wire.index) [shape=point, width=0.07, color=\"#444444\"]")
    }
  }

  private func isJunction(_ wire: WireID) -> Bool {
    sources[wire.index].count != 1 || targets[wire.index].count != 1
  }

  // MARK: Wires

  mutating func addWires() {
    for index in 0..<diagram.wireCount {
      let wire = WireID(index)
      let label =
        isLabelled(wire) ? "label=\(DOTText.quoted(" " + text(of: wire, isFull: false)))" : ""
      guard isJunction(wire) else {
        let attributes = label.isEmpty ? "" : " [\(label)]"
        lines.append("  \(sources[index][0]) -> \(targets[index][0])\(attributes)")
        continue
      }
      for (place, source) in sources[index].enumerated() {
        let attributes =
          place == 0 && !label.isEmpty ? "\(label), arrowhead=none" : "arrowhead=none"
        lines.append("  \(source) -> w\(index) [\(attributes)]")
      }
      for target in targets[index] { lines.append("  w\(index) -> \(target)") }
    }
  }

  /// Whether an edge bears the wire's type; at the diagram's own interface the end says it.
  private func isLabelled(_ wire: WireID) -> Bool {
    !interface.contains(wire)
  }

  private func text(of wire: WireID, isFull: Bool) -> String {
    let (name, type) = (diagram.name(of: wire), diagram.type(of: wire).description)
    if name.isEmpty { return type }
    return isFull ? "\(name): \(type)" : "\(name) \(type)"
  }

  // MARK: Boxes

  private func title(of operation: Operation) -> String {
    switch operation {
    case .simd(let axis, _): "simd \(axis)"
    case .scan(let axis, _, _): "scan \(axis)"
    default: ""
    }
  }

  private func attributes(of operation: Operation) -> String {
    switch operation {
    case .box(let symbol): return "label=\(DOTText.quoted(symbol.name))"
    case .use(let use):
      let label = use.label.isEmpty || use.label == use.definition.name ? "" : " as \(use.label)"
      let text = use.definition.name + label + Self.per(use.per)
      return "label=\(DOTText.quoted(text)), peripheries=2"
    case .learned(let box):
      let shape = box.kind == .state ? "ellipse" : "box"
      let style = box.kind == .learn ? "\"filled,rounded\"" : "filled"
      let text = DOTText.quoted(box.label + Self.per(box.per))
      return "label=\(text), shape=\(shape), style=\(style), fillcolor=black, fontcolor=white"
    case .number(let pattern):
      return "label=\(DOTText.quoted("\(Double(bitPattern: pattern))")), shape=plaintext"
    case .size(let size): return "label=\(DOTText.quoted("size \(size)")), shape=plaintext"
    case .simd, .scan: return "label=\(DOTText.quoted(title(of: operation)))"
    }
  }

  private static func per(_ axes: [Size]) -> String {
    axes.isEmpty ? "" : "\nper \(axes.map(\.description).joined(separator: " "))"
  }

  /// A node in the wall of a cluster.
  private static func wall(isState: Bool, isShared: Bool) -> String {
    if isState {
      return
        "label=\"\", shape=diamond, style=filled, fillcolor=\"#888888\", width=0.13, height=0.13"
    }
    if isShared {
      return "label=\"\", shape=circle, style=\"\", width=0.09, height=0.09, color=\"#888888\""
    }
    return "shape=point, width=0.09, color=\"#888888\""
  }
}
