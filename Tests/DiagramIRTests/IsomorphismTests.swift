import DiagramIR
import RandomDiagrams
import Testing

@Suite("Isomorphism")
struct IsomorphismTests {
  /// Few kinds of boxes and wires, so that isomorphic pairs and near misses are common.
  private func tiny(_ doctrine: Doctrine, _ random: inout SplitMix64) -> DiagramSketch {
    var root = DiagramSketch.Level()
    let f = { (name: String) in Operation.box(Symbol(module: "t", name: name)) }
    func wire() -> Int {
      root.wires.append(DiagramSketch.Wire(type: RandomSignature.h))
      return root.wires.count - 1
    }
    root.domain = (0..<random.below(2)).map { _ in wire() }
    if doctrine == .frobenius { for _ in 0..<(1 + random.below(3)) { _ = wire() } }
    for _ in 0..<(2 + random.below(4)) {
      guard !root.wires.isEmpty || random.chance(50) else { continue }
      let arity = root.wires.isEmpty ? 0 : random.below(3)
      let inputs = (0..<arity).map { _ in random.below(root.wires.count) }
      let outputs = (0..<random.below(2)).map { _ in
        doctrine == .frobenius ? random.below(root.wires.count) : wire()
      }
      root.boxes.append(
        DiagramSketch.Box(
          operation: f(random.chance(80) ? "f" : "g"), inputs: inputs, outputs: outputs))
    }
    if !root.wires.isEmpty {
      root.codomain = (0..<random.below(2)).map { _ in random.below(root.wires.count) }
    }
    return DiagramSketch(doctrine: doctrine, root: root)
  }

  /// A small change that often is none.
  private func rewired(_ sketch: DiagramSketch, _ random: inout SplitMix64) -> DiagramSketch {
    var result = sketch
    guard !result.root.boxes.isEmpty, !result.root.wires.isEmpty else { return result }
    let box = random.below(result.root.boxes.count)
    let other = random.below(result.root.boxes.count)
    func isEarlier(_ wire: Int, _ box: Int) -> Bool {
      result.root.domain.contains(wire)
        || result.root.boxes[..<box].contains { $0.outputs.contains(wire) }
    }
    switch random.below(4) {
    case 0: result.root.boxes[box].inputs.reverse()
    case 1:
      let (a, b) = (result.root.boxes[box].operation, result.root.boxes[other].operation)
      result.root.boxes[box].operation = b
      result.root.boxes[other].operation = a
    default:
      guard !result.root.boxes[box].inputs.isEmpty else { return result }
      let wire = random.below(result.root.wires.count)
      guard sketch.doctrine == .frobenius || isEarlier(wire, box) else { return result }
      let port = random.below(result.root.boxes[box].inputs.count)
      result.root.boxes[box].inputs[port] = wire
    }
    return result
  }

  @Test(
    "The canonical form and the walk agree with a search through all assignments",
    arguments: [Doctrine.cartesian, .frobenius])
  func tinyPairs(doctrine: Doctrine) throws {
    var (equal, different) = (0, 0)
    try forEachSeed(2500) { random in
      let sketch = tiny(doctrine, &random)
      let (left, right) = (
        sketch.diagram(),
        rewired(rewired(sketch, &random), &random).shuffled(&random).diagram()
      )
      let expected = BruteForceIsomorphism.holds(left, right)
      if expected { equal += 1 } else { different += 1 }
      try require(
        (left.digest() == right.digest()) == expected, "expected \(expected) in \(sketch)")
      try require(left.isIsomorphic(to: right) == expected, "expected \(expected) in \(sketch)")
    }
    #expect(equal > 200 && different > 200, "\(equal) equal, \(different) different")
  }

  @Test("So it does with bodies, labels and sizes")
  func tensors() throws {
    var (equal, different) = (0, 0)
    try forEachSeed(900) { random in
      let diagram = RandomTensorDiagram.make(boxes: 1 + random.below(6), &random)
      guard !diagram.sizeVariables.isEmpty, !diagram.hasSums else { return }
      var sketch = DiagramSketch(diagram)
      for _ in 0..<random.below(6) { sketch = rewiredKeepingTypes(sketch, &random) }
      let other = sketch.shuffled(&random).diagram()
      let expected = BruteForceIsomorphism.holds(diagram, other)
      if expected { equal += 1 } else { different += 1 }
      try require((diagram.digest() == other.digest()) == expected, "expected \(expected)")
      try require(diagram.isIsomorphic(to: other) == expected, "expected \(expected)")
    }
    #expect(equal > 100 && different > 30, "\(equal) equal, \(different) different")
  }

  /// Lets one port of one box, or one place of the codomain, read another wire of its type.
  private func rewiredKeepingTypes(
    _ sketch: DiagramSketch, _ random: inout SplitMix64
  ) -> DiagramSketch {
    var result = sketch
    func change(_ level: inout DiagramSketch.Level) {
      let lanes = level.boxes.indices.filter { level.boxes[$0].body != nil }
      if random.chance(50), let box = random.pick(lanes), var body = level.boxes[box].body {
        change(&body)
        level.boxes[box].body = body
        return
      }
      guard let box = random.pick(Array(level.boxes.indices)),
        let port = random.pick(Array(level.boxes[box].inputs.indices))
      else { return }
      let type = level.wires[level.boxes[box].inputs[port]].type
      let made = Set(level.boxes[..<box].flatMap(\.outputs) + level.domain)
      let fitting = made.sorted().filter { level.wires[$0].type == type }
      if let wire = random.pick(fitting) { level.boxes[box].inputs[port] = wire }
    }
    change(&result.root)
    return result
  }
}

extension Diagram {
  fileprivate var hasSums: Bool {
    let sizes = types.flatMap(\.shape).compactMap { dimension in
      if case .size(let size) = dimension { size } else { nil }
    }
    let inside = operations.flatMap { operation -> [Size] in
      switch operation {
      case .size(let size), .simd(let size, _), .scan(let size, _, _): [size]
      case .learned(let box): box.per
      default: []
      }
    }
    return (sizes + inside).contains { $0.variable == nil && $0.integer == nil }
  }
}
