import DiagramIR

/// Random cartesian diagrams of arrays: fan-out, unused outputs, dead boxes, nested SIMD and scan boxes with
/// mapped and shared inputs, learned boxes with `per` axes, numbers and sizes.
public struct RandomTensorDiagram {
  private var random: SplitMix64
  private var builder = DiagramBuilder(doctrine: .cartesian)
  private var axes: [Size] = []
  private var learned: [LearnedBox: (domain: [WireType], codomain: [WireType])] = [:]
  private var order: [LearnedBox] = []
  private var budget: Int
  private let axisPool: [Size]

  /// A diagram of about `boxes` boxes, bodies counted; its domain is `domain` when that is given.
  public static func make(
    boxes: Int, domain: [WireType]? = nil, _ random: inout SplitMix64
  ) -> Diagram {
    var making = RandomTensorDiagram(boxes: boxes, seed: random.next())
    return making.run(domain)
  }

  private init(boxes: Int, seed: UInt64) {
    random = SplitMix64(seed: seed)
    budget = boxes
    axisPool = [Size("n"), Size("m"), Size("d"), Size(2), (try? Size("n") + Size(1)) ?? Size(3)]
  }

  private mutating func run(_ domain: [WireType]?) -> Diagram {
    let types = domain ?? (0..<(1 + random.below(3))).map { _ in type() }
    var wires = types.map { builder.addDomainWire($0) }
    while budget > 0 { step(&wires) }
    let count = random.below(4)
    return builder.finish(codomain: (0..<count).compactMap { _ in random.pick(wires) })
  }

  private mutating func type() -> WireType {
    .array(.real, (0..<random.below(4)).compactMap { _ in axis().map(Dimension.size) })
  }

  private mutating func axis() -> Size? { random.pick(axisPool) }

  private mutating func pick(
    _ wires: [WireID], where matches: (WireType) -> Bool = { _ in true }
  ) -> WireID? {
    let recent = random.chance(50) ? 4 : 1000
    return random.pick(wires.filter { matches(builder.type(of: $0)) }.suffix(recent))
  }

  /// Adds one box to the open region.
  private mutating func step(_ wires: inout [WireID]) {
    budget -= 1
    switch random.below(20) {
    case 0: add(.number(Double(random.below(3)) - 0.5), [], [.scalar], &wires)
    case 1: add(.size(axis() ?? .one), [], [.scalar], &wires)
    case 2: add("iota", [], [.real(axis() ?? .one)], &wires)
    case 3...5: addLearned(&wires)
    case 6...8: addSIMD(&wires)
    case 9: addScan(&wires)
    case 10, 11: addFold(&wires)
    case 12: addTranspose(&wires)
    default: addPointwise(&wires)
    }
  }

  private mutating func add(
    _ operation: Operation, _ inputs: [WireID], _ outputs: [WireType], _ wires: inout [WireID]
  ) {
    wires += builder.addBox(operation, inputs: inputs, outputs: outputs)
  }

  private mutating func add(
    _ name: String, _ inputs: [WireID], _ outputs: [WireType], _ wires: inout [WireID]
  ) {
    add(.box(RandomSignature.tensor(name)), inputs, outputs, &wires)
  }

  private mutating func addPointwise(_ wires: inout [WireID]) {
    guard let first = pick(wires) else { return }
    let type = builder.type(of: first)
    guard let second = pick(wires, where: { $0 == type }) else { return }
    switch random.below(4) {
    case 0: add("exp", [first], [type], &wires)
    case 1: add("both", [first], [type, type], &wires)
    case 2: add("sub", [first, second], [type], &wires)
    default: add("add", [first, second], [type], &wires)
    }
  }

  private mutating func addFold(_ wires: inout [WireID]) {
    if random.chance(50), let wire = pick(wires, where: { !$0.shape.isEmpty }) {
      let rest = Array(builder.type(of: wire).shape.dropFirst())
      add("sum", [wire], [.array(.real, rest)], &wires)
    } else if let wire = pick(wires, where: { $0.shape.count < 4 }),
      let type = builder.type(of: wire).repeated(axis() ?? .one)
    {
      add("repeat", [wire], [type], &wires)
    }
  }

  private mutating func addTranspose(_ wires: inout [WireID]) {
    guard let wire = pick(wires, where: { $0.shape.count > 1 }) else { return }
    var shape = builder.type(of: wire).shape
    shape.swapAt(0, 1)
    add("transpose", [wire], [.array(.real, shape)], &wires)
  }
}

// MARK: - Learned boxes

extension RandomTensorDiagram {
  private mutating func addLearned(_ wires: inout [WireID]) {
    let fitting = order.filter { box in
      box.per.allSatisfy { axes.contains($0) }
        && (learned[box]?.domain ?? []).allSatisfy { type in
          wires.contains { builder.type(of: $0) == type }
        }
    }
    if random.chance(40), let box = random.pick(fitting), let types = learned[box] {
      let inputs = types.domain.compactMap { type in pick(wires, where: { $0 == type }) }
      return add(.learned(box), inputs, types.codomain, &wires)
    }
    let kind = random.pick(LearnedKind.allCases) ?? .learn
    let count = kind == .state ? 0 : 1 + random.below(2)
    let inputs = (0..<count).compactMap { _ in pick(wires) }
    let outputs = (0..<(kind == .learn ? 1 + random.below(2) : 1)).map { _ in type() }
    guard inputs.count == count else { return }
    let per = axisPool.filter { axes.contains($0) && random.chance(50) }
    let box = LearnedBox(kind: kind, label: "w\(order.count)", per: per)
    learned[box] = (inputs.map { builder.type(of: $0) }, outputs)
    order.append(box)
    add(.learned(box), inputs, outputs, &wires)
  }
}

// MARK: - Bodies

extension RandomTensorDiagram {
  private func isStacked(_ wire: WireID, _ axis: Size) -> Bool {
    builder.type(of: wire).shape.first == .size(axis)
  }

  private func lane(_ type: WireType) -> WireType {
    .array(.real, Array(type.shape.dropFirst()))
  }

  /// Fills the open body with some boxes; returns all its wires.
  private mutating func fill(_ inputs: [WireType]) -> [WireID] {
    var wires = inputs.map { builder.addDomainWire($0) }
    for _ in 0..<(random.below(5) + (random.chance(10) ? 10 : 0)) where budget > 0 { step(&wires) }
    return wires
  }

  private mutating func addSIMD(_ wires: inout [WireID]) {
    guard let axis = axis(), builder.nesting < 4 else { return }
    let mapped = (0..<random.below(4)).compactMap { _ in
      random.pick(wires.filter { isStacked($0, axis) })
    }
    let shared = (0..<random.below(3)).compactMap { _ in pick(wires) }
    let types = mapped.map { lane(builder.type(of: $0)) } + shared.map { builder.type(of: $0) }
    builder.openBody()
    axes.append(axis)
    let inner = fill(types)
    let codomain = (0..<random.below(3)).compactMap { _ in pick(inner) }
    let outputs = codomain.compactMap { builder.type(of: $0).repeated(axis) }
    axes.removeLast()
    wires += builder.closeBody(
      .simd(axis: axis, mapped: mapped.count), inputs: mapped + shared, codomain: codomain,
      outputs: outputs)
  }

  private mutating func addScan(_ wires: inout [WireID]) {
    guard let axis = axis(), builder.nesting < 4 else { return }
    let states = (0..<(1 + random.below(2))).compactMap { _ in pick(wires) }
    let mapped = (0..<random.below(3)).compactMap { _ in
      random.pick(wires.filter { isStacked($0, axis) })
    }
    let shared = (0..<random.below(3)).compactMap { _ in pick(wires) }
    let stateTypes = states.map { builder.type(of: $0) }
    let types =
      stateTypes + mapped.map { lane(builder.type(of: $0)) }
      + shared.map { builder.type(of: $0) }
    builder.openBody()
    axes.append(axis)
    let inner = fill(types)
    let next = stateTypes.compactMap { type in pick(inner, where: { $0 == type }) }
    let returned = (0..<random.below(3)).compactMap { _ in pick(inner) }
    let outputs = stateTypes + returned.compactMap { builder.type(of: $0).repeated(axis) }
    axes.removeLast()
    wires += builder.closeBody(
      .scan(axis: axis, states: states.count, mapped: mapped.count),
      inputs: states + mapped + shared, codomain: next + returned, outputs: outputs)
  }
}
