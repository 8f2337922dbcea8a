import DiagramIR

/// Why a diagram can't be drawn.
public enum DrawingError: Error, Hashable, Sendable {
  /// More boxes than `DiagramLayout.maximumBoxes`, or wires of more pieces than `DiagramLayout.maximumPieces`.
  case tooLarge
  /// A diagram that shall be unfolded can't be.
  case unfolding(UnfoldingError)
}

extension DrawingError: CustomStringConvertible {
  /// What is wrong and what to do, in words.
  public var description: String {
    switch self {
    case .tooLarge:
      "the diagram is too large for a picture (\(DiagramLayout.maximumBoxes) boxes, or too many "
        + "long wires); draw its parts, or use --as dot"
    case .unfolding(let error): "\(error)"
    }
  }
}

extension Scene {
  /// The scene of a diagram; uses for which `isUnfolded` holds, in it and in those, are frames.
  ///
  /// - Throws: `DrawingError`.
  init(
    _ diagram: Diagram, environment: Environment, isUnfolded: (Symbol) -> Bool
  ) throws(DrawingError) {
    var waiting: [(level: Int, node: Int, diagram: Diagram)] = []
    var boxes = 0
    try append(diagram, isOwn: true, &boxes)
    domainTexts = diagram.domain.map { diagram.interfaceText(of: $0) }
    codomainTexts = diagram.codomain.map { diagram.interfaceText(of: $0) }
    collect(diagram, base: 0, isUnfolded, &waiting)
    var next = 0
    while next < waiting.count {
      let (level, node, use) = waiting[next]
      next += 1
      let inner: Diagram
      do { inner = try environment.unfolding(use) { _, _ in true } } catch {
        throw .unfolding(error)
      }
      let base = levels.count
      levels[level].nodes[node].body = base
      levels[level].nodes[node].shape = .unfolded
      try append(inner, isOwn: false, &boxes)
      collect(inner, base: base, isUnfolded, &waiting)
    }
    joinLanes()
    leaveOutTypes()
  }

  /// Adds the regions of a diagram, the outermost first.
  private mutating func append(
    _ diagram: Diagram, isOwn: Bool, _ boxes: inout Int
  ) throws(DrawingError) {
    boxes += diagram.boxCount
    guard boxes <= DiagramLayout.maximumBoxes, diagram.wireCount <= DiagramLayout.maximumPieces
    else { throw .tooLarge }
    let base = levels.count
    let texts = diagram.types.map { $0 == .scalar ? "" : $0.description }
    for region in (0..<diagram.regionCount).reversed().map({ RegionID($0) }) {
      var level = Level()
      let wires = diagram.wires(in: region)
      let first = wires.first?.index ?? 0
      level.firstWire = isOwn ? first : nil
      level.wires = wires.map { texts[diagram.typeID(of: $0).index] }
      level.domain = diagram.domain(of: region).map { $0.index - first }
      level.codomain = diagram.codomain(of: region).map { $0.index - first }
      for box in diagram.boxes(in: region) {
        var node = Node(box, of: diagram, firstWire: first)
        node.body = diagram.body(of: box).map { base + diagram.regionCount - 1 - $0.index }
        node.boxes = isOwn ? [box] : []
        level.nodes.append(node)
      }
      levels.append(level)
    }
  }

  /// Draws lanes with nothing but lanes in them as one: `f[n d]` is one frame with both axes in its corner.
  private mutating func joinLanes() {
    for index in levels.indices.reversed() {
      for (place, node) in levels[index].nodes.enumerated() where node.shape == .lanes {
        guard let body = node.body, let inner = levels[body].nodes.first,
          inner.shape == .lanes, levels[body].nodes.count == 1,
          levels[body].domain == inner.inputs, levels[body].codomain == inner.outputs,
          levels[body].wires.count == inner.inputs.count + inner.outputs.count,
          node.mappedCount == node.inputs.count, inner.mappedCount == inner.inputs.count
        else { continue }
        levels[index].nodes[place].body = inner.body
        levels[index].nodes[place].boxes += inner.boxes
        levels[index].nodes[place].lines = [
          zip(node.lines, inner.lines).map { "\($0) \($1)" }.joined()
        ]
        levels[body] = Level()
      }
    }
  }

  /// Leaves out the types in lanes that map one box and nothing else, `f[n]`: they are those outside less the axis.
  private mutating func leaveOutTypes() {
    for level in levels {
      for node in level.nodes where node.shape == .lanes {
        guard let body = node.body, let inner = levels[body].nodes.first, inner.body == nil,
          levels[body].nodes.count == 1, node.mappedCount == node.inputs.count,
          levels[body].domain == inner.inputs, levels[body].codomain == inner.outputs,
          levels[body].wires.count == inner.inputs.count + inner.outputs.count
        else { continue }
        levels[body].wires = levels[body].wires.map { _ in "" }
      }
    }
  }

  /// The uses of a diagram that are to be unfolded, each as a diagram of its own.
  private func collect(
    _ diagram: Diagram, base: Int, _ isUnfolded: (Symbol) -> Bool,
    _ waiting: inout [(level: Int, node: Int, diagram: Diagram)]
  ) {
    for region in (0..<diagram.regionCount).reversed().map({ RegionID($0) }) {
      for (place, box) in diagram.boxes(in: region).enumerated() {
        guard case .use(let use) = diagram.operation(of: box), isUnfolded(use.definition) else {
          continue
        }
        let ports = diagram.portTypes(of: box)
        waiting.append(
          (
            base + diagram.regionCount - 1 - region.index, place,
            Diagram.box(.use(use), ports.domain, ports.codomain, doctrine: diagram.doctrine)
          ))
      }
    }
  }
}

extension Scene.Node {
  fileprivate init(_ box: BoxID, of diagram: Diagram, firstWire: Int) {
    let operation = diagram.operation(of: box)
    self.init(
      shape: operation.shape, lines: operation.pictureLines,
      inputs: diagram.inputs(of: box).map { $0.index - firstWire },
      outputs: diagram.outputs(of: box).map { $0.index - firstWire },
      stateCount: operation.stateCount, mappedCount: operation.mappedCount)
  }
}

extension Diagram {
  fileprivate func interfaceText(of wire: WireID) -> String {
    let (name, type) = (name(of: wire), type(of: wire).description)
    return name.isEmpty ? type : "\(name): \(type)"
  }
}

extension Operation {
  /// What a box that does this looks like.
  var shape: BoxShape {
    switch self {
    case .box: .box
    case .use: .use
    case .learned(let box):
      switch box.kind {
      case .learn: .learn
      case .linear: .linear
      case .state: .state
      }
    case .number, .size: .constant
    case .simd: .lanes
    case .scan: .scan
    }
  }

  /// What stands in a box that does this.
  var pictureLines: [String] {
    switch self {
    case .box(let symbol): return [symbol.name]
    case .use(let use):
      let name = use.definition.name
      let label = use.label.isEmpty || use.label == name ? "" : "as \(use.label)"
      return [name, [label, Self.per(use.per)].filter { !$0.isEmpty }.joined(separator: " ")]
        .filter { !$0.isEmpty }
    case .learned(let box): return [box.label, Self.per(box.per)].filter { !$0.isEmpty }
    case .number(let pattern):
      let text = "\(Double(bitPattern: pattern))"
      return [text.hasSuffix(".0") ? String(text.dropLast(2)) : text]
    case .size(let size): return ["size \(size)"]
    case .simd(let axis, _): return ["\(axis)"]
    case .scan(let axis, _, _): return ["scan \(axis)"]
    }
  }

  private static func per(_ axes: [Size]) -> String {
    axes.isEmpty ? "" : "per \(axes.map(\.description).joined(separator: " "))"
  }
}
