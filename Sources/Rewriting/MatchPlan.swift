import DiagramIR

/// The order in which the boxes of a pattern are matched: connected ones one after the other, beginning with the
/// label that is rarest in the diagram.
struct MatchPlan: Sendable {
  enum Step: Hashable, Sendable {
    /// Any box of its kind.
    case start(BoxID)
    /// The box that produces a wire whose image is known.
    case producer(BoxID, place: Int, WireID)
    /// A box that consumes a wire whose image is known.
    case consumer(BoxID, place: Int, WireID)
    /// Any wire.
    case free(WireID)
  }

  private(set) var steps: [Step] = []

  private let pattern: Pattern
  private var isPlanned: [Bool]
  private var isKnown: [Bool]
  private var producers: [WireID: [(BoxID, Int)]] = [:]
  private var consumers: [WireID: [(BoxID, Int)]] = [:]
  private var producerQueue: [Step] = []
  private var consumerQueue: [Step] = []
  private var bodyBoxes: [BoxID] = []

  /// - Complexity: linear in the pattern, and sorting its outermost level.
  init(_ pattern: Pattern, _ index: DiagramIndex) {
    self.pattern = pattern
    let diagram = pattern.diagram
    isPlanned = Array(repeating: false, count: diagram.boxCount)
    isKnown = Array(repeating: false, count: diagram.wireCount)
    for box in (0..<diagram.boxCount).map({ BoxID($0) }) {
      for (place, wire) in diagram.outputs(of: box).enumerated() {
        producers[wire, default: []].append((box, place))
      }
      for (place, wire) in diagram.inputs(of: box).enumerated() {
        consumers[wire, default: []].append((box, place))
      }
    }
    let starts = diagram.boxes(in: diagram.root)
      .map { (count: index.boxes(of: pattern.key(of: $0)).count, box: $0) }
      .sorted { ($0.count, $0.box) < ($1.count, $1.box) }
    for (_, box) in starts {
      add(.start(box), box)
      drain()
    }
    steps += pattern.freeWires.map { .free($0) }
  }

  private mutating func drain() {
    while true {
      if let step = producerQueue.popLast() ?? consumerQueue.popLast() {
        switch step {
        case .producer(let box, _, _), .consumer(let box, _, _): add(step, box)
        default: continue
        }
      } else if let box = bodyBoxes.popLast() {
        add(.start(box), box)
      } else {
        return
      }
    }
  }

  private mutating func add(_ step: Step, _ box: BoxID) {
    guard !isPlanned[box.index] else { return }
    isPlanned[box.index] = true
    steps.append(step)
    let diagram = pattern.diagram
    for wire in diagram.outputs(of: box) { know(wire) }
    let states = diagram.operation(of: box).stateCount
    let inputs = diagram.inputs(of: box)
    guard let body = diagram.body(of: box) else {
      for wire in inputs { know(wire) }
      return
    }
    for wire in inputs.prefix(states) { know(wire) }
    bodyBoxes += diagram.boxes(in: body).reversed()
    for wire in diagram.codomain(of: body) { know(wire) }
    let known = diagram.doctrine == .frobenius ? Int.max : states
    for wire in diagram.domain(of: body).prefix(known) { know(wire) }
  }

  private mutating func know(_ first: WireID) {
    var wire = first
    while !isKnown[wire.index] {
      isKnown[wire.index] = true
      for (box, place) in producers[wire] ?? [] {
        producerQueue.append(.producer(box, place: place, wire))
      }
      for (box, place) in (consumers[wire] ?? []).reversed() {
        consumerQueue.append(.consumer(box, place: place, wire))
      }
      let place = Int(pattern.domainPlace[wire.index])
      guard place >= 0, let owner = pattern.diagram.owner(of: pattern.regionOfWire[wire.index])
      else { return }
      let inputs = pattern.diagram.inputs(of: owner)
      wire = inputs[inputs.startIndex + place]
    }
  }
}
