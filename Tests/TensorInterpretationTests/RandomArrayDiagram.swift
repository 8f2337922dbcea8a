import DiagramIR
import TensorKernels

/// Random diagrams of arrays of small sizes, out of all boxes of the tensor theory: nested lanes and scans, learned
/// boxes per axis, indices, views.
struct RandomArrayDiagram {
  private struct Wire {
    let id: WireID
    let shape: [Int]
    /// The size of the axis that its entries are positions of; `nil` for real numbers.
    var index: Int?
  }

  private var random: RandomSource
  private var builder = DiagramBuilder(doctrine: .cartesian)
  private var axes: [Int] = []
  private var budget: Int
  private var labels = 0
  /// Whether every number stays a small integer, so that all engines agree to the bit.
  private let isExact: Bool

  /// A diagram of about `boxes` boxes.
  static func make(boxes: Int, isExact: Bool, seed: UInt64) -> Diagram {
    var making = RandomArrayDiagram(boxes: boxes, isExact: isExact, seed: seed)
    return making.run()
  }

  private init(boxes: Int, isExact: Bool, seed: UInt64) {
    random = RandomSource(seed: seed, stream: isExact ? "exact" : "smooth")
    budget = boxes
    self.isExact = isExact
  }

  private mutating func below(_ bound: Int) -> Int { (try? random.integer(below: bound)) ?? 0 }
  private mutating func size() -> Int { [1, 2, 2, 3, 3, 4, 6, 0][below(axes.isEmpty ? 8 : 7)] }

  private mutating func run() -> Diagram {
    var wires: [Wire] = []
    for _ in 0..<(2 + below(3)) {
      let shape = (0..<below(4)).map { _ in size() }
      wires.append(Wire(id: builder.addDomainWire(type(shape)), shape: shape))
    }
    while budget > 0 { step(&wires) }
    let count = 1 + below(4)
    let results = (0..<count).compactMap { _ in wires.randomElement(using: &random)?.id }
    return builder.finish(codomain: results)
  }

  private func type(_ shape: [Int], index: Int? = nil) -> WireType {
    .array(index.map { .index(Size($0)) } ?? .real, shape.map { .size(Size($0)) })
  }

  private mutating func pick(_ wires: [Wire], where matches: (Wire) -> Bool) -> Wire? {
    let found = wires.filter(matches)
    return (below(2) == 0 ? found.suffix(4) : found[...]).randomElement(using: &random)
  }

  private mutating func add(
    _ name: String, _ inputs: [Wire], _ shape: [Int], index: Int? = nil, _ wires: inout [Wire]
  ) {
    add(.box(Symbol(module: "tensor", name: name)), inputs, [shape], index: index, &wires)
  }

  private mutating func add(
    _ operation: Operation, _ inputs: [Wire], _ shapes: [[Int]], index: Int? = nil,
    _ wires: inout [Wire]
  ) {
    let outputs = builder.addBox(
      operation, inputs: inputs.map(\.id), outputs: shapes.map { type($0, index: index) })
    wires += zip(outputs, shapes).map { Wire(id: $0, shape: $1, index: index) }
  }

  private mutating func step(_ wires: inout [Wire]) {
    budget -= 1
    switch below(24) {
    case 0: add(.number(Double(below(4) - 1)), [], [[]], &wires)
    case 1...4: addScalar(&wires)
    case 5, 6: addFold(&wires)
    case 7...11: addView(&wires)
    case 12, 13: addIndex(&wires)
    case 14, 15: addLearned(&wires)
    case 16...20: addLanes(&wires, isScan: false)
    default: addLanes(&wires, isScan: true)
    }
  }

  private mutating func addScalar(_ wires: inout [Wire]) {
    let isScalar = { (wire: Wire) in wire.shape.isEmpty && wire.index == nil }
    guard let a = pick(wires, where: isScalar), let b = pick(wires, where: isScalar),
      let c = pick(wires, where: isScalar)
    else { return }
    let unary =
      isExact ? ["neg", "abs", "relu"] : ["neg", "tanh", "sigmoid", "gelu", "silu", "sin", "elu"]
    let binary =
      isExact
      ? ["add", "sub", "maximum", "minimum", "less", "mul"] : ["add", "sub", "mul", "maximum"]
    switch below(5) {
    case 0, 1: add(unary.randomElement(using: &random) ?? "neg", [a], [], &wires)
    case 2 where isExact: add("where", [a, b, c], [], &wires)
    default: add(binary.randomElement(using: &random) ?? "add", [a, b], [], &wires)
    }
  }

  private mutating func addFold(_ wires: inout [Wire]) {
    guard let x = pick(wires, where: { !$0.shape.isEmpty && $0.index == nil }) else { return }
    let isMean = !isExact && x.shape[0] > 0 && below(3) == 0
    let isMaximum = x.shape[0] > 0 && below(3) == 0
    add(isMean ? "mean" : isMaximum ? "max" : "sum", [x], Array(x.shape.dropFirst()), &wires)
  }

  private mutating func addView(_ wires: inout [Wire]) {
    guard let x = pick(wires, where: { $0.index == nil && $0.shape.count < 5 }) else { return }
    guard let n = x.shape.first else { return add("repeat", [x], [size()], &wires) }
    let rest = Array(x.shape.dropFirst())
    switch below(8) {
    case 0 where x.shape.count > 1:
      add("transpose", [x], [rest[0], n] + rest.dropFirst(), &wires)
    case 1 where x.shape.count > 1: add("merge", [x], [n * rest[0]] + rest.dropFirst(), &wires)
    case 2:
      let outer = [1, 2, 3, n].filter { $0 > 0 && n % $0 == 0 }.randomElement(using: &random) ?? 1
      add("split", [x], [outer, n / outer] + rest, &wires)
    case 3: add("reverse", [x], x.shape, &wires)
    case 4: add("take", [x], [below(n + 1)] + rest, &wires)
    case 5: add("drop", [x], [below(n + 1)] + rest, &wires)
    case 6:
      guard let y = pick(wires, where: { $0.index == nil && $0.shape.count == x.shape.count }),
        Array(y.shape.dropFirst()) == rest, n + y.shape[0] <= 8
      else { return }
      add("concat", [x, y], [n + y.shape[0]] + rest, &wires)
    default: if x.shape.count < 4 { add("repeat", [x], [size()] + x.shape, &wires) }
    }
  }

  private mutating func addIndex(_ wires: inout [Wire]) {
    switch below(5) {
    case 0: add("iota", [], [size()], &wires)
    case 1:
      let n = size()
      add("indices", [], [n], index: n, &wires)
    case 2 where isExact:
      guard let x = pick(wires, where: { $0.index == nil && $0.shape.count == 1 }) else { return }
      add("order", [x], x.shape, index: x.shape[0], &wires)
    case 3:
      guard let i = pick(wires, where: { $0.index != nil && $0.shape.isEmpty }) else { return }
      add("position", [i], [], &wires)
    default:
      guard let i = pick(wires, where: { $0.index != nil && $0.shape.count < 2 }),
        let x = pick(wires, where: { $0.index == nil && $0.shape.first == i.index })
      else { return }
      add(
        i.shape.isEmpty ? "gather" : "reindex", [x, i], i.shape + x.shape.dropFirst(), &wires)
    }
  }

  private mutating func addLearned(_ wires: inout [Wire]) {
    let kind: LearnedKind = isExact ? [.linear, .state][below(2)] : LearnedKind.allCases[below(3)]
    let isSmall = { (wire: Wire) in wire.shape.count < 3 }
    let inputs = (0..<(kind == .state ? 0 : 1 + below(2))).compactMap { _ in
      pick(wires, where: isSmall)
    }
    guard kind == .state || !inputs.isEmpty else { return }
    let shapes = (0..<(1 + below(2))).map { _ in (0..<below(3)).map { _ in size() } }
    let per = Set(axes).sorted().filter { _ in below(2) == 0 }
    labels += 1
    let box = LearnedBox(kind: kind, label: "w\(labels)", per: per.map { Size($0) })
    add(.learned(box), inputs, shapes, &wires)
  }

  private mutating func addLanes(_ wires: inout [Wire], isScan: Bool) {
    guard axes.count < 4, let n = pick(wires, where: { !$0.shape.isEmpty })?.shape[0] else {
      return
    }
    let all = wires
    let states = isScan ? (0..<(1 + below(2))).compactMap { _ in pick(all) { _ in true } } : []
    let mapped = (0..<(1 + below(2))).compactMap { _ in pick(all) { $0.shape.first == n } }
    let shared = (0..<below(3)).compactMap { _ in pick(all) { _ in true } }
    builder.openBody()
    axes.append(n)
    var inner: [Wire] = []
    for (wire, isMapped) in states.map({ ($0, false) }) + mapped.map({ ($0, true) })
      + shared.map({ ($0, false) })
    {
      let shape = isMapped ? Array(wire.shape.dropFirst()) : wire.shape
      inner.append(
        Wire(
          id: builder.addDomainWire(type(shape, index: wire.index)), shape: shape,
          index: wire.index))
    }
    for _ in 0..<(1 + below(5)) where budget > 0 { step(&inner) }
    let next = states.compactMap { state in
      pick(inner) { $0.shape == state.shape && $0.index == state.index }
    }
    let returned = (0..<(1 + below(2))).compactMap { _ in pick(inner) { $0.shape.count < 4 } }
    axes.removeLast()
    let results =
      states.map { ($0.shape, $0.index) } + returned.map { ([n] + $0.shape, $0.index) }
    let operation: Operation =
      isScan
      ? .scan(axis: Size(n), states: states.count, mapped: mapped.count)
      : .simd(axis: Size(n), mapped: mapped.count)
    let outputs = builder.closeBody(
      operation, inputs: (states + mapped + shared).map(\.id),
      codomain: (next + returned).map(\.id), outputs: results.map { type($0.0, index: $0.1) })
    wires += zip(outputs, results).map { Wire(id: $0, shape: $1.0, index: $1.1) }
  }
}
