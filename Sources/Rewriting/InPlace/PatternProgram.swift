import DiagramIR

/// A pattern as instructions for walking through a `FlatGraph`: from the image of one of its boxes, every other
/// one is found along a wire, without a choice.
///
/// That is possible for flat connected patterns in `symmetric`, and in `cartesian` for those with one result
/// that all boxes lead to, since a wire has one producer but may have many consumers.
struct PatternProgram: Sendable {
  /// How the image of a box is found.
  struct Visit: Sendable {
    let box: BoxID
    let inputs: Int32
    let outputs: Int32
    /// A wire whose image is known; -1 for the first box.
    let via: Int32
    /// Whether the box produces that wire; else it consumes it.
    let isProducer: Bool
    /// Its place among the box's ports, inputs first.
    let offset: Int32
    /// The visit that it comes from, and the wire's place among that box's ports.
    let parent: Int32
    let parentOffset: Int32
    let firstWire: Int32
  }

  /// A visit as a record without references, for a graph in which kinds have numbers.
  struct Step: BitwiseCopyable, Sendable {
    let kind: Int32
    let inputs: Int32
    let outputs: Int32
    let via: Int32
    let offset: Int32
    let parent: Int32
    let parentOffset: Int32
    let firstWire: Int32
    let isProducer: Bool
  }

  /// The wire at a port of a visited box, and whether no earlier port has it.
  struct PortWire: Sendable {
    let wire: Int32
    let isFirst: Bool
  }

  /// The wires of a pattern that what replaces it is glued to.
  struct Interface: Sendable {
    let domain: [Int32]
    let codomain: [Int32]
    /// The wires of the domain that the replacement takes.
    let taken: [Int32]
  }

  let pattern: Pattern
  let interface: Interface
  private(set) var visits: [Visit] = []
  private(set) var portWires: [PortWire] = []
  /// Inputs to which a path may lead from a result without making a circle: those that not every result
  /// depends on.
  private(set) var openInputs: [Int32] = []
  private var isBoxKnown: [Bool]
  private var isWireKnown: [Bool]

  /// `nil` when the pattern is of another form.
  ///
  /// - Parameter count: how often a kind of box occurs; in `symmetric` the rarest is found first.
  init?(_ pattern: Pattern, count: (OperationKey) -> Int) {
    let diagram = pattern.diagram
    self.pattern = pattern
    let domain = diagram.domain.map(\.rawValue)
    interface = Interface(
      domain: domain, codomain: diagram.codomain.map(\.rawValue),
      taken: pattern.taken.map { domain[$0] })
    isBoxKnown = Array(repeating: false, count: diagram.boxCount)
    isWireKnown = Array(repeating: false, count: diagram.wireCount)
    guard diagram.doctrine != .frobenius, diagram.regionCount == 1, diagram.wireCount > 0,
      pattern.labels == .variables, pattern.freeWires.isEmpty,
      diagram.operations.allSatisfy({ $0.perAxes.isEmpty }),
      let first = Self.first(of: pattern, count)
    else { return nil }
    walk(from: first)
    guard visits.count == diagram.boxCount, isWireKnown.allSatisfy({ $0 }) else { return nil }
    if diagram.doctrine == .symmetric { openInputs = Self.openInputs(of: diagram) }
  }

  private static func first(of pattern: Pattern, _ count: (OperationKey) -> Int) -> BoxID? {
    let diagram = pattern.diagram
    guard diagram.doctrine == .cartesian else {
      return (0..<diagram.boxCount).map { BoxID($0) }
        .min { count(pattern.key(of: $0)) < count(pattern.key(of: $1)) }
    }
    guard let result = diagram.codomain.first, diagram.codomain.count == 1,
      pattern.redirected == [0]
    else { return nil }
    let producer = Int(diagram.producers()[result.index])
    return producer < 0 ? nil : BoxID(producer)
  }

  /// Visits boxes breadth first; in `cartesian` from consumers to producers only.
  private mutating func walk(from first: BoxID) {
    let diagram = pattern.diagram
    let (producers, consumers) = (ends { diagram.outputs(of: $0) }, ends { diagram.inputs(of: $0) })
    visit(first, via: -1, isProducer: false, place: 0, from: (-1, 0))
    var next = 0
    while next < visits.count {
      let box = visits[next].box
      let wires = diagram.inputs(of: box) + diagram.outputs(of: box)
      for (offset, wire) in wires.enumerated() {
        let parent = (visit: next, offset: offset)
        if let end = producers[wire.index].first {
          visit(end.box, via: wire.rawValue, isProducer: true, place: end.place, from: parent)
        }
        guard diagram.doctrine == .symmetric, let end = consumers[wire.index].first else {
          continue
        }
        visit(end.box, via: wire.rawValue, isProducer: false, place: end.place, from: parent)
      }
      next += 1
    }
  }

  private func ends(
    _ wires: (BoxID) -> ArraySlice<WireID>
  ) -> [[(box: BoxID, place: Int)]] {
    var ends: [[(box: BoxID, place: Int)]] = Array(
      repeating: [], count: pattern.diagram.wireCount)
    for box in 0..<pattern.diagram.boxCount {
      for (place, wire) in wires(BoxID(box)).enumerated() {
        ends[wire.index].append((BoxID(box), place))
      }
    }
    return ends
  }

  private mutating func visit(
    _ box: BoxID, via: Int32, isProducer: Bool, place: Int, from parent: (visit: Int, offset: Int)
  ) {
    guard !isBoxKnown[box.index] else { return }
    isBoxKnown[box.index] = true
    let (inputs, outputs) = (pattern.diagram.inputs(of: box), pattern.diagram.outputs(of: box))
    visits.append(
      Visit(
        box: box, inputs: Int32(inputs.count), outputs: Int32(outputs.count), via: via,
        isProducer: isProducer, offset: Int32(isProducer ? inputs.count + place : place),
        parent: Int32(parent.visit), parentOffset: Int32(parent.offset),
        firstWire: Int32(portWires.count)))
    for wire in inputs + outputs {
      portWires.append(PortWire(wire: wire.rawValue, isFirst: !isWireKnown[wire.index]))
      isWireKnown[wire.index] = true
    }
  }

  /// The visits for a graph in which kinds have these numbers.
  func steps(kind: (OperationKey) -> Int32) -> [Step] {
    visits.map { visit in
      Step(
        kind: kind(pattern.key(of: visit.box)), inputs: visit.inputs, outputs: visit.outputs,
        via: visit.via, offset: visit.offset, parent: visit.parent,
        parentOffset: visit.parentOffset, firstWire: visit.firstWire, isProducer: visit.isProducer)
    }
  }

  private static func openInputs(of diagram: Diagram) -> [Int32] {
    var needs = Array(repeating: Set<WireID>(), count: diagram.wireCount)
    for wire in diagram.domain { needs[wire.index] = [wire] }
    let order = diagram.topologicalOrder(of: diagram.root, producers: diagram.producers()) ?? []
    for box in order {
      let all = diagram.inputs(of: box).reduce(into: Set<WireID>()) {
        $0.formUnion(needs[$1.index])
      }
      for wire in diagram.outputs(of: box) { needs[wire.index] = all }
    }
    return diagram.domain.filter { input in
      diagram.codomain.contains { !needs[$0.index].contains(input) }
    }.map(\.rawValue)
  }
}
