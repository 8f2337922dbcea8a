import DiagramIR
import DiagramText
import Foundation
import RandomDiagrams
import TensorInterpretation

/// Random cartesian diagrams of arrays that evaluate: SIMD and scan boxes in each other, shared and mapped inputs,
/// repeated arrays, learned boxes with weights per lane, results that are there twice or unused.
struct LaneDiagrams {
  private var random: SplitMix64
  private var builder = DiagramBuilder(doctrine: .cartesian)
  private var axes: [Size] = []
  private var labels = 0
  private var budget: Int
  private let pool: [Size]

  /// A diagram over the axes n, m and one of a fixed size.
  static func make(boxes: Int, seed: UInt64, fixed: Size = Size(2)) -> Diagram {
    var making = LaneDiagrams(
      random: SplitMix64(seed: seed), budget: boxes, pool: [Size("n"), Size("m"), fixed])
    return making.run()
  }

  private init(random: SplitMix64, budget: Int, pool: [Size]) {
    (self.random, self.budget, self.pool) = (random, budget, pool)
  }

  private mutating func run() -> Diagram {
    var wires = [WireType.scalar, .real(pool[0]), .real(pool[0], pool[1]), .real(pool[2], pool[0])]
      .map { builder.addDomainWire($0) }
    while budget > 0 { step(&wires) }
    return builder.finish(
      codomain: (0..<3).compactMap { _ in random.pick(Array(wires.suffix(8))) })
  }

  private mutating func pick(_ wires: [WireID], _ matches: (WireType) -> Bool) -> WireID? {
    random.pick(Array(wires.filter { matches(builder.type(of: $0)) }.suffix(6)))
  }

  private mutating func step(_ wires: inout [WireID]) {
    budget -= 1
    switch random.below(16) {
    case 0: wires += builder.addBox(.number(0.5), inputs: [], outputs: [.scalar])
    case 1: addFold(&wires)
    case 2, 3: addRepeat(&wires)
    case 4, 5: addLearned(&wires)
    case 6...10: addLanes(&wires)
    case 11: addScan(&wires)
    case 12: addStructure(&wires)
    default: addArithmetic(&wires)
    }
  }

  private mutating func add(_ name: String, _ inputs: [WireID], _ type: WireType) -> [WireID] {
    builder.addBox(.box(RandomSignature.tensor(name)), inputs: inputs, outputs: [type])
  }

  private mutating func addArithmetic(_ wires: inout [WireID]) {
    guard let a = pick(wires, { $0 == .scalar }), let b = pick(wires, { $0 == .scalar }) else {
      return
    }
    let name = random.pick(["add", "sub", "mul"]) ?? "add"
    wires += random.chance(40) ? add("tanh", [a], .scalar) : add(name, [a, b], .scalar)
  }

  private mutating func addFold(_ wires: inout [WireID]) {
    guard let wire = pick(wires, { !$0.shape.isEmpty }) else { return }
    let rest = Array(builder.type(of: wire).shape.dropFirst())
    wires += add("sum", [wire], .array(.real, rest))
  }

  private mutating func addRepeat(_ wires: inout [WireID]) {
    guard let wire = pick(wires, { $0.shape.count < 3 }), let axis = random.pick(pool),
      let type = builder.type(of: wire).repeated(axis)
    else { return }
    wires += add("repeat", [wire], type)
  }

  private mutating func addStructure(_ wires: inout [WireID]) {
    guard let wire = pick(wires, { $0.shape.count > 1 }) else { return }
    var shape = builder.type(of: wire).shape
    shape.swapAt(0, 1)
    wires += add("transpose", [wire], .array(.real, shape))
  }

  private mutating func addLearned(_ wires: inout [WireID]) {
    guard let wire = pick(wires, { $0.shape.count < 2 }) else { return }
    let per = axes.filter { _ in random.chance(40) }
    let box = LearnedBox(
      kind: random.chance(50) ? .linear : .learn, label: "w\(labels)",
      per: per.indices.filter { !per[..<$0].contains(per[$0]) }.map { per[$0] })
    labels += 1
    let output = random.chance(50) ? WireType.scalar : .real(Size(2))
    wires += builder.addBox(.learned(box), inputs: [wire], outputs: [output])
  }

  private func lane(_ wire: WireID) -> WireType {
    .array(.real, Array(builder.type(of: wire).shape.dropFirst()))
  }

  private mutating func arguments(
    _ wires: [WireID], _ axis: Size
  ) -> (mapped: [WireID], shared: [WireID]) {
    let stacked = wires.filter { builder.type(of: $0).shape.first == .size(axis) }
    let mapped = (0..<(1 + random.below(2))).compactMap { _ in
      random.pick(Array(stacked.suffix(5)))
    }
    return (mapped, (0..<random.below(3)).compactMap { _ in pick(wires) { _ in true } })
  }

  private mutating func fill(_ inputs: [WireType], _ axis: Size) -> [WireID] {
    builder.openBody()
    axes.append(axis)
    var inner = inputs.map { builder.addDomainWire($0) }
    for _ in 0..<(1 + random.below(5)) where budget > 0 { step(&inner) }
    axes.removeLast()
    return inner
  }

  private mutating func addLanes(_ wires: inout [WireID]) {
    guard let axis = random.pick(pool), builder.nesting < 3 else { return }
    let (mapped, shared) = arguments(wires, axis)
    let types = mapped.map { lane($0) } + shared.map { builder.type(of: $0) }
    let inner = fill(types, axis)
    let returned = (0..<(1 + random.below(3))).compactMap { _ in
      pick(inner) { $0.shape.count < 3 }
    }
    let outputs = returned.compactMap { builder.type(of: $0).repeated(axis) }
    wires += builder.closeBody(
      .simd(axis: axis, mapped: mapped.count), inputs: mapped + shared, codomain: returned,
      outputs: outputs)
  }

  private mutating func addScan(_ wires: inout [WireID]) {
    guard let axis = random.pick(pool), builder.nesting < 3,
      let state = pick(wires, { $0 == .scalar })
    else { return }
    let (mapped, shared) = arguments(wires, axis)
    let types = [.scalar] + mapped.map { lane($0) } + shared.map { builder.type(of: $0) }
    let inner = fill(types, axis)
    let next = pick(inner) { $0 == .scalar } ?? inner[0]
    let returned = (0..<(1 + random.below(2))).compactMap { _ in
      pick(inner) { $0.shape.count < 3 }
    }
    let outputs = [.scalar] + returned.compactMap { builder.type(of: $0).repeated(axis) }
    wires += builder.closeBody(
      .scan(axis: axis, states: 1, mapped: mapped.count), inputs: [state] + mapped + shared,
      codomain: [next] + returned, outputs: outputs)
  }
}

/// The tensor theory, and a file that a test writes.
struct TensorTheory: FileProvider {
  static let rules = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Rules/tensor.rules")
    .path
  static let environment = Program(paths: [rules], provider: TensorTheory()).environment

  var text = ""

  func read(_ path: String) -> [UInt8]? {
    path == "test.diagram"
      ? Array(text.utf8) : FileManager.default.contents(atPath: path).map { [UInt8]($0) }
  }

  func locate(import name: String, from path: String) -> String? {
    name == "tensor" ? Self.rules : nil
  }

  func identity(of path: String) -> String { path }

  /// The diagrams of a text that imports the tensor theory.
  static func program(_ text: String) -> Program {
    Program(
      paths: ["test.diagram"], provider: TensorTheory(text: "import tensor\n\(text)\n"))
  }
}

/// Compares two diagrams of arrays on random tensors.
struct TensorComparison {
  /// The largest relative difference in some trials.
  static func difference(_ a: Diagram, _ b: Diagram, trials: Int = 2) throws -> Double {
    try EquationCheck(environment: TensorTheory.environment, seed: 3, trials: trials)
      .difference(a, b).relative
  }
}
