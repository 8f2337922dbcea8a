import DiagramIR

/// What a rewrite changed: the boxes and wires of two diagrams of one interface that have no counterpart in the other.
///
/// Counterparts are found from the interface: forwards, a box is the one that takes the counterparts of its inputs
/// and does the same; backwards, a wire's producer is that of its counterpart when it does the same and takes no
/// wires that are known to differ. A SIMD or scan box keeps its counterpart when what is in it changes. What is
/// left over is what a rule matched, and what it put in place, with what only hangs on that.
public struct DiagramDifference: Sendable {
  /// What is only in the first diagram.
  public let before: PictureTint
  /// What is only in the second.
  public let after: PictureTint

  /// Whether nothing is set off.
  public var isEmpty: Bool { before.isEmpty && after.isEmpty }

  /// What is known to have changed: what a rule matched, and what it put in place.
  public init(before: PictureTint, after: PictureTint) {
    (self.before, self.after) = (before, after)
  }

  /// Compares diagrams.
  ///
  /// - Complexity: near-linear for wires with few consumers.
  public init(_ first: Diagram, _ second: Diagram) {
    var search = CounterpartSearch(first, second)
    search.run()
    before = Self.tint(.before, first, search.boxes, search.wires)
    after = Self.tint(.after, second, search.otherBoxes, search.otherWires)
  }

  private static func tint(
    _ role: PictureTint.Role, _ diagram: Diagram, _ boxes: [BoxID?], _ wires: [WireID?]
  ) -> PictureTint {
    PictureTint(
      role, boxes: Set((0..<diagram.boxCount).filter { boxes[$0] == nil }.map { BoxID($0) }),
      wires: Set((0..<diagram.wireCount).filter { wires[$0] == nil }.map { WireID($0) }))
  }
}

/// The search for counterparts.
private struct CounterpartSearch {
  private let first: Diagram
  private let second: Diagram
  private let consumers: [[BoxID]]
  private let otherConsumers: [[BoxID]]
  private let producers: [Int32]
  private let otherProducers: [Int32]
  private(set) var boxes: [BoxID?]
  private(set) var otherBoxes: [BoxID?]
  private(set) var wires: [WireID?]
  private(set) var otherWires: [WireID?]
  /// Wires that got a counterpart, for the search forwards and backwards.
  private var forwards: [WireID] = []
  private var backwards: [WireID] = []
  /// Pairs of regions whose results have yet to be paired.
  private var regions: [(RegionID, RegionID)] = []
  /// All pairs of regions.
  private var pairedRegions: [(RegionID, RegionID)] = []

  init(_ first: Diagram, _ second: Diagram) {
    (self.first, self.second) = (first, second)
    (consumers, otherConsumers) = (first.consumers(), second.consumers())
    (producers, otherProducers) = (first.producers(), second.producers())
    boxes = Array(repeating: nil, count: first.boxCount)
    otherBoxes = Array(repeating: nil, count: second.boxCount)
    wires = Array(repeating: nil, count: first.wireCount)
    otherWires = Array(repeating: nil, count: second.wireCount)
  }

  mutating func run() {
    for (wire, other) in zip(first.domain, second.domain) { pair(wire, other) }
    regions = [(first.root, second.root)]
    pairedRegions = regions
    while true {
      goForwards()
      if let (region, image) = regions.popLast() {
        for (wire, other) in zip(first.codomain(of: region), second.codomain(of: image)) {
          pair(wire, other)
        }
      } else if let wire = backwards.popLast() {
        goBack(from: wire)
      } else if !pairSources() {
        return
      }
    }
  }

  private mutating func pair(_ wire: WireID, _ other: WireID) {
    guard wires[wire.index] == nil, otherWires[other.index] == nil,
      first.type(of: wire) == second.type(of: other)
    else { return }
    wires[wire.index] = other
    otherWires[other.index] = wire
    forwards.append(wire)
    backwards.append(wire)
  }

  private mutating func pair(_ box: BoxID, _ other: BoxID) {
    boxes[box.index] = other
    otherBoxes[other.index] = box
    for (wire, image) in zip(first.outputs(of: box), second.outputs(of: other)) {
      pair(wire, image)
    }
    guard let body = first.body(of: box), let image = second.body(of: other) else { return }
    var free = Array(zip(second.inputs(of: other), second.domain(of: image)))
    for (wire, inner) in zip(first.inputs(of: box), first.domain(of: body)) {
      guard let found = free.firstIndex(where: { wires[wire.index] == $0.0 }) else { continue }
      pair(inner, free.remove(at: found).1)
    }
    regions.append((body, image))
    pairedRegions.append((body, image))
  }

  // MARK: Forwards

  private mutating func goForwards() {
    while let wire = forwards.popLast() {
      guard let other = wires[wire.index] else { continue }
      for box in consumers[wire.index] where boxes[box.index] == nil {
        let inputs = first.inputs(of: box).map { wires[$0.index] }
        let found = otherConsumers[other.index].first { candidate in
          otherBoxes[candidate.index] == nil
            && first.operation(of: box) == second.operation(of: candidate)
            && inputs == second.inputs(of: candidate).map { Optional($0) }
            && first.outputs(of: box).count == second.outputs(of: candidate).count
        }
        if let found { pair(box, found) }
      }
    }
  }

  // MARK: Backwards

  private mutating func goBack(from wire: WireID) {
    guard let other = wires[wire.index] else { return }
    let (producer, image) = (producers[wire.index], otherProducers[other.index])
    guard producer >= 0, image >= 0 else { return }
    let (box, found) = (BoxID(Int(producer)), BoxID(Int(image)))
    guard boxes[box.index] == nil, otherBoxes[found.index] == nil else { return }
    let (outputs, images) = (first.outputs(of: box), second.outputs(of: found))
    guard outputs.count == images.count,
      outputs.firstIndex(of: wire).map({ $0 - outputs.startIndex })
        == images.firstIndex(of: other).map({ $0 - images.startIndex })
    else { return }
    if first.body(of: box) != nil {
      let (kind, otherKind) = (first.operation(of: box), second.operation(of: found))
      guard kind.axis == otherKind.axis, kind.stateCount == otherKind.stateCount,
        kind.shape == otherKind.shape
      else { return }
    } else {
      guard first.operation(of: box) == second.operation(of: found),
        haveSimilarInputs(box, found)
      else { return }
    }
    pairInputs(box, found)
    pair(box, found)
  }

  private mutating func pairInputs(_ box: BoxID, _ other: BoxID) {
    let isAlike =
      first.operation(of: box) == second.operation(of: other) && haveSimilarInputs(box, other)
    let count = isAlike ? first.inputs(of: box).count : first.operation(of: box).stateCount
    for (wire, image) in zip(first.inputs(of: box), second.inputs(of: other)).prefix(count) {
      pair(wire, image)
    }
  }

  // MARK: What needs nothing

  /// Pairs boxes without inputs that do the same, in their order; whether there were any.
  private mutating func pairSources() -> Bool {
    var isChanged = false
    for (region, image) in pairedRegions {
      var free = second.boxes(in: image).filter {
        second.inputs(of: $0).isEmpty && otherBoxes[$0.index] == nil
      }
      for box in first.boxes(in: region)
      where first.inputs(of: box).isEmpty && boxes[box.index] == nil {
        let found = free.firstIndex {
          second.operation(of: $0) == first.operation(of: box)
            && second.outputs(of: $0).count == first.outputs(of: box).count
        }
        guard let found else { continue }
        pair(box, free.remove(at: found))
        isChanged = true
      }
    }
    return isChanged
  }

  /// Whether no input of one is known to be another than that of the other.
  private func haveSimilarInputs(_ box: BoxID, _ other: BoxID) -> Bool {
    let (inputs, images) = (first.inputs(of: box), second.inputs(of: other))
    return inputs.count == images.count
      && zip(inputs, images).allSatisfy { wire, image in
        wires[wire.index] == image || (wires[wire.index] == nil && otherWires[image.index] == nil)
      }
  }
}

extension Diagram {
  /// For every wire the boxes that take it, once for each port.
  fileprivate func consumers() -> [[BoxID]] {
    var consumers: [[BoxID]] = Array(repeating: [], count: wireCount)
    for index in 0..<boxCount {
      for wire in inputs(of: BoxID(index)) { consumers[wire.index].append(BoxID(index)) }
    }
    return consumers
  }
}
