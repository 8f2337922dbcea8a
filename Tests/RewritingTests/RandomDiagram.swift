import DiagramIR

/// Random diagrams over a few boxes that take and give wires of any one type, with SIMD boxes.
struct RandomDiagram {
  var generator: SeededGenerator
  let doctrine: Doctrine
  private var builder: DiagramBuilder
  private var pools: [[WireID]] = []

  private static let boxes: [(name: String, inputs: Int, outputs: Int)] = [
    ("mul", 2, 1), ("mul", 2, 1), ("f", 1, 1), ("g", 1, 1), ("copy", 1, 2), ("one", 0, 1),
    ("drop", 1, 0),
  ]

  init(_ doctrine: Doctrine, seed: UInt64) {
    generator = SeededGenerator(seed: seed)
    self.doctrine = doctrine
    builder = DiagramBuilder(doctrine: doctrine)
  }

  mutating func diagram(boxes: Int, axes: [String], lanes: Int = 1) -> Diagram {
    builder = DiagramBuilder(doctrine: doctrine)
    let types = [WireType.scalar] + axes.map { .real(Size($0)) }
    pools = [[]]
    for _ in 0..<Int.random(in: 1...4, using: &generator) {
      let type = types[Int.random(in: 0..<types.count, using: &generator)]
      pools[0].append(builder.addDomainWire(type))
    }
    for _ in 0..<boxes {
      addBox(axes, lanes: lanes)
      joinWires()
    }
    return builder.finish(codomain: results())
  }

  /// In `frobenius`, joins two wires of one type now and then.
  private mutating func joinWires() {
    guard doctrine == .frobenius, Int.random(in: 0..<6, using: &generator) == 0,
      let first = take(where: { _ in true })
    else { return }
    let type = builder.type(of: first)
    if let second = take(where: { $0 == type }) { builder.identify(first, second) }
  }

  /// In `symmetric` all open wires; otherwise some of all wires.
  private mutating func results() -> [WireID] {
    var pool = pools.removeLast()
    pool.shuffle(using: &generator)
    guard doctrine != .symmetric else { return pool }
    return Array(pool.prefix(Int.random(in: 1...3, using: &generator)))
  }

  private mutating func addBox(_ axes: [String], lanes: Int) {
    if lanes > 0, Int.random(in: 0..<3, using: &generator) == 0, addLanes(axes, lanes) { return }
    let box = Self.boxes[Int.random(in: 0..<Self.boxes.count, using: &generator)]
    var type = WireType.scalar
    var inputs: [WireID] = []
    if box.inputs > 0 {
      guard let first = take(where: { _ in true }) else { return }
      type = builder.type(of: first)
      inputs = [first]
      if box.inputs == 2 {
        guard let second = take(where: { $0 == type }) else {
          if doctrine == .symmetric { pools[pools.count - 1].append(first) }
          return
        }
        inputs.append(second)
      }
    }
    let outputs = builder.addBox(
      .box(symbol(box.name)), inputs: inputs, outputs: Array(repeating: type, count: box.outputs))
    pools[pools.count - 1] += outputs
  }

  private mutating func take(where isFit: (WireType) -> Bool) -> WireID? {
    let pool = pools[pools.count - 1]
    let fits = pool.indices.filter { isFit(builder.type(of: pool[$0])) }
    guard let index = fits.randomElement(using: &generator) else { return nil }
    if doctrine == .symmetric { pools[pools.count - 1].remove(at: index) }
    return pool[index]
  }

  /// A SIMD box with one or two mapped wires and perhaps a shared one.
  private mutating func addLanes(_ axes: [String], _ depth: Int) -> Bool {
    guard let name = axes.randomElement(using: &generator) else { return false }
    let axis = Size(name)
    guard let first = take(where: { $0 == .real(axis) }) else { return false }
    var mapped = [first]
    if Bool.random(using: &generator), let second = take(where: { $0 == .real(axis) }) {
      mapped.append(second)
    }
    var shared: [WireID] = []
    if Bool.random(using: &generator), let wire = take(where: { _ in true }) { shared = [wire] }
    let sharedTypes = shared.map { builder.type(of: $0) }
    builder.openBody()
    pools.append(mapped.map { _ in builder.addDomainWire(.scalar) })
    pools[pools.count - 1] += sharedTypes.map { builder.addDomainWire($0) }
    for _ in 0..<Int.random(in: 0...2, using: &generator) { addBox(axes, lanes: depth - 1) }
    let codomain = results()
    let types = codomain.compactMap { builder.type(of: $0).repeated(axis) }
    let outputs = builder.closeBody(
      .simd(axis: axis, mapped: mapped.count), inputs: mapped + shared, codomain: codomain,
      outputs: types)
    pools[pools.count - 1] += outputs.filter { builder.type(of: $0).shape.count < 2 }
    if doctrine == .symmetric {
      pools[pools.count - 1] += outputs.filter { builder.type(of: $0).shape.count >= 2 }
    }
    return true
  }
}

/// Part of a diagram as a diagram: some boxes of one region, their open inputs as domain, and as codomain the
/// outputs that none of them consumes, and a few more.
struct Extraction {
  let source: Diagram
  let renaming: [SizeVariable: Size]
  private var builder: DiagramBuilder
  private var copies: [WireID: WireID] = [:]

  init(_ source: Diagram, renaming: [SizeVariable: Size]) {
    self.source = source
    self.renaming = renaming
    builder = DiagramBuilder(doctrine: source.doctrine)
  }

  mutating func diagram(
    _ boxes: [BoxID], alsoReturning: (WireID) -> Bool
  ) throws -> Diagram {
    let produced = boxes.flatMap { source.outputs(of: $0) }
    let consumed = Set(boxes.flatMap { source.inputs(of: $0) })
    for box in boxes {
      for wire in source.inputs(of: box) where !produced.contains(wire) && copies[wire] == nil {
        copies[wire] = builder.addDomainWire(try type(of: wire))
      }
    }
    try addJoinedWires(boxes.flatMap { source.inputs(of: $0) + source.outputs(of: $0) })
    for box in boxes { try copy(box) }
    let codomain = produced.filter { !consumed.contains($0) || alsoReturning($0) }
    return builder.finish(codomain: codomain.compactMap { copies[$0] })
  }

  private func type(of wire: WireID) throws -> WireType {
    try TypeSubstitution(sizes: renaming)(source.type(of: wire))
  }

  /// In `frobenius`, where a wire may come before what makes it, adds all wires first.
  private mutating func addJoinedWires(_ wires: [WireID]) throws {
    guard source.doctrine == .frobenius else { return }
    for wire in wires where copies[wire] == nil {
      copies[wire] = builder.addWire(builder.typeID(try type(of: wire)))
    }
  }

  private mutating func copy(_ box: BoxID) throws {
    let inputs = source.inputs(of: box).compactMap { copies[$0] }
    let operation = try source.operation(of: box).substituting(renaming)
    let types = try source.outputs(of: box).map { try type(of: $0) }
    let outputs: [WireID]
    if let body = source.body(of: box) {
      builder.openBody()
      for wire in source.domain(of: body) {
        copies[wire] = builder.addDomainWire(try type(of: wire))
      }
      try addJoinedWires(Array(source.wires(in: body)))
      for inner in source.boxes(in: body) { try copy(inner) }
      let codomain = source.codomain(of: body).compactMap { copies[$0] }
      if source.doctrine == .frobenius {
        let outputs = source.outputs(of: box).compactMap { copies[$0] }
        builder.closeBody(operation, inputs: inputs, codomain: codomain, outputs: outputs)
        return
      }
      outputs = builder.closeBody(operation, inputs: inputs, codomain: codomain, outputs: types)
    } else if source.doctrine == .frobenius {
      builder.attachBox(
        builder.operationID(operation), inputs: inputs,
        outputs: source.outputs(of: box).compactMap { copies[$0] })
      return
    } else {
      outputs = builder.addBox(operation, inputs: inputs, outputs: types)
    }
    for (wire, output) in zip(source.outputs(of: box), outputs) { copies[wire] = output }
  }
}
