import DiagramIR
import RandomDiagrams
import Testing

/// `isIsomorphic(to:)` against the canonical form and the search through all assignments, where a walk decides.
@Suite("Isomorphism by a walk in both diagrams")
struct IsomorphismWalkTests {
  private static let arities: [(name: String, inputs: Int, outputs: Int)] = [
    ("f", 1, 1), ("f", 1, 1), ("g", 1, 1), ("m", 2, 1), ("d", 1, 2), ("e", 0, 1), ("c", 1, 0),
  ]

  /// A symmetric diagram of few kinds of boxes and two sorts of wires, most of them closed.
  private func symmetric(_ boxes: Int, _ random: inout SplitMix64) -> DiagramSketch {
    var root = DiagramSketch.Level()
    var open: [Int] = []
    func wire() -> Int {
      let type = random.chance(85) ? RandomSignature.h : .sort(Symbol(module: "t", name: "other"))
      root.wires.append(DiagramSketch.Wire(type: type))
      return root.wires.count - 1
    }
    func add(_ name: String, _ inputs: [Int], _ outputs: Int) {
      root.boxes.append(
        DiagramSketch.Box(
          operation: .box(Symbol(module: "t", name: name)), inputs: inputs,
          outputs: (0..<outputs).map { _ in wire() }))
      open += root.boxes[root.boxes.count - 1].outputs
    }
    root.domain = (0..<random.below(2)).map { _ in wire() }
    open = root.domain
    for _ in 0..<boxes {
      guard let box = random.pick(Self.arities), box.inputs <= open.count else {
        add("e", [], 1)
        continue
      }
      let inputs = (0..<box.inputs).map { _ in open.remove(at: random.below(open.count)) }
      add(box.name, inputs, box.outputs)
    }
    for wire in open {
      if random.chance(20) { root.codomain.append(wire) } else { add("c", [wire], 0) }
    }
    return DiagramSketch(doctrine: .symmetric, root: root)
  }

  /// Exchanges two inputs somewhere, or what two boxes do: often no change.
  private func changed(_ sketch: DiagramSketch, _ random: inout SplitMix64) -> DiagramSketch {
    var result = sketch
    let boxes = result.root.boxes.indices
    guard let one = random.pick(Array(boxes)), let other = random.pick(Array(boxes)) else {
      return result
    }
    let (a, b) = (result.root.boxes[one], result.root.boxes[other])
    if random.chance(40), a.inputs.count == b.inputs.count, a.outputs.count == b.outputs.count {
      (result.root.boxes[one].operation, result.root.boxes[other].operation) = (
        b.operation, a.operation
      )
    } else if a.inputs.count > 1 {
      result.root.boxes[one].inputs.reverse()
    } else if let wire = a.inputs.first, let place = b.inputs.indices.last {
      // May close a circle, which the walk doesn't mind.
      result.root.boxes[one].inputs[0] = b.inputs[place]
      result.root.boxes[other].inputs[place] = wire
    }
    return result
  }

  @Test("Closed components, in agreement with a search through all assignments")
  func closed() throws {
    var (equal, different) = (0, 0)
    try forEachSeed(1000) { random in
      let sketch = symmetric(1 + random.below(4), &random)
      guard sketch.root.boxCount <= 7 else { return }
      let (left, right) = (
        sketch.diagram(), changed(sketch, &random).shuffled(&random).diagram()
      )
      let expected = BruteForceIsomorphism.holds(left, right)
      if expected { equal += 1 } else { different += 1 }
      try require(left.isIsomorphic(to: right) == expected, "expected \(expected) in \(sketch)")
    }
    #expect(equal > 120 && different > 60, "\(equal) equal, \(different) different")
  }

  @Test("Larger diagrams, in agreement with the canonical form", arguments: Doctrine.allCases)
  func large(doctrine: Doctrine) throws {
    var (equal, different) = (0, 0)
    try forEachSeed(100) { random in
      let sketch =
        doctrine == .symmetric && random.chance(50)
        ? symmetric(60, &random)
        : DiagramSketch(RandomSortedDiagram.make(doctrine, boxes: 30, &random))
      let mutation = random.pick(Mutation.allCases)
      let other =
        random.chance(40) ? sketch : mutation.flatMap { sketch.mutated($0, &random) } ?? sketch
      let (left, right) = (sketch.diagram(), other.shuffled(&random).diagram())
      let expected = left.canonicalForm() == right.canonicalForm()
      if expected { equal += 1 } else { different += 1 }
      try require(left.isIsomorphic(to: right) == expected, "expected \(expected)")
      try require(right.isIsomorphic(to: left) == expected, "expected \(expected)")
    }
    #expect(equal > 20 && different > 10, "\(equal) equal, \(different) different")
  }

  @Test("Nested boxes, sizes and labels, in agreement with the canonical form")
  func nested() throws {
    var (equal, different) = (0, 0)
    try forEachSeed(120) { random in
      let sketch = DiagramSketch(RandomTensorDiagram.make(boxes: 20, &random))
      let mutation = random.pick(Mutation.allCases)
      let other =
        random.chance(40) ? sketch : mutation.flatMap { sketch.mutated($0, &random) } ?? sketch
      let (left, right) = (sketch.diagram(), other.shuffled(&random).diagram())
      let expected = left.canonicalForm() == right.canonicalForm()
      if expected { equal += 1 } else { different += 1 }
      try require(left.isIsomorphic(to: right) == expected, "expected \(expected)")
    }
    #expect(equal > 25 && different > 25, "\(equal) equal, \(different) different")
  }

  /// Rings of `length` boxes, of which some are `g`, without an interface.
  private func rings(_ count: Int, length: Int, marks: [Int], seed: UInt64) -> Diagram {
    var builder = DiagramBuilder(doctrine: .symmetric)
    let type = builder.typeID(RandomSignature.h)
    let operations = ["f", "g"].map {
      builder.operationID(.box(Symbol(module: "t", name: $0)))
    }
    var boxes: [(OperationID, WireID, WireID)] = []
    for _ in 0..<count {
      let wires = (0..<length).map { _ in builder.addWire(type) }
      for place in 0..<length {
        let operation = operations[marks.contains(place) ? 1 : 0]
        boxes.append((operation, wires[place], wires[(place + 1) % length]))
      }
    }
    var random = SplitMix64(seed: seed)
    for box in boxes.shuffled(using: &random) {
      builder.attachBox(box.0, inputs: [box.1], outputs: [box.2])
    }
    return builder.finish(codomain: [])
  }

  @Test("Components that look alike from near by are told apart")
  func lookalikes() {
    let one = rings(6, length: 40, marks: [0, 5, 20], seed: 1)
    #expect(one.isIsomorphic(to: rings(6, length: 40, marks: [7, 12, 27], seed: 2)))
    #expect(!one.isIsomorphic(to: rings(6, length: 40, marks: [0, 6, 20], seed: 3)))
    #expect(!one.isIsomorphic(to: rings(6, length: 40, marks: [0, 15, 20], seed: 4)))
    let plain = rings(3, length: 500, marks: [], seed: 5)
    #expect(plain.isIsomorphic(to: rings(3, length: 500, marks: [], seed: 6)))
    #expect(!plain.isIsomorphic(to: rings(5, length: 300, marks: [], seed: 7)))
  }

  @Test("What no renaming changes is counted first")
  func counts() {
    let one = rings(2, length: 9, marks: [1], seed: 1)
    #expect(!one.isIsomorphic(to: rings(2, length: 9, marks: [], seed: 1)))
    #expect(!one.isIsomorphic(to: rings(1, length: 18, marks: [1, 2], seed: 1)))
    #expect(one.isIsomorphic(to: one))
  }
}
