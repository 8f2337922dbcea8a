import DiagramIR

/// How many boxes of each kind, and how many uses of each input, go into something.
struct BoxTally: Equatable {
  /// Beyond this many, counting stops.
  private static let limit = 1_000_000

  private(set) var boxes: [OperationKey: Int] = [:]
  /// By place in the domain.
  private(set) var inputs: [Int: Int] = [:]

  /// Whether it is an input alone.
  var isInput: Bool { boxes.isEmpty }

  private init() {}

  /// The boxes of a diagram, on all levels.
  init(_ diagram: Diagram) {
    for box in 0..<diagram.boxCount {
      boxes[OperationKey(diagram.operation(of: BoxID(box))), default: 0] += 1
    }
  }

  private init(input place: Int) { inputs = [place: 1] }

  /// What goes into each result of a diagram when nothing is shared; `nil` when that is too much.
  ///
  /// - Complexity: linear in the ports times the kinds of boxes and the inputs.
  static func results(of diagram: Diagram) -> [BoxTally]? {
    results(of: diagram.root, diagram, producers: diagram.producers())
  }

  private static func results(
    of region: RegionID, _ diagram: Diagram, producers: [Int32]
  ) -> [BoxTally]? {
    var tallies: [WireID: BoxTally] = [:]
    for (place, wire) in diagram.domain(of: region).enumerated() {
      tallies[wire] = BoxTally(input: place)
    }
    for box in diagram.topologicalOrder(of: region, producers: producers) ?? [] {
      let inputs = diagram.inputs(of: box).compactMap { tallies[$0] }
      guard let outputs = outputs(of: box, inputs, diagram, producers) else { return nil }
      for (wire, tally) in zip(diagram.outputs(of: box), outputs) { tallies[wire] = tally }
    }
    return diagram.codomain(of: region).compactMap { tallies[$0] }
  }

  private static func outputs(
    of box: BoxID, _ inputs: [BoxTally], _ diagram: Diagram, _ producers: [Int32]
  ) -> [BoxTally]? {
    var own = BoxTally()
    own.boxes[OperationKey(diagram.operation(of: box))] = 1
    let count = diagram.outputs(of: box).count
    guard let body = diagram.body(of: box) else {
      guard let sum = inputs.reduce(own, { $0?.adding($1, times: 1) }) else { return nil }
      return Array(repeating: sum, count: count)
    }
    guard let inside = results(of: body, diagram, producers: producers) else { return nil }
    var outputs: [BoxTally] = []
    for result in inside {
      var sum: BoxTally? = own.adding(BoxTally(boxes: result.boxes), times: 1)
      for (place, times) in result.inputs.sorted(by: { $0.key < $1.key })
      where place < inputs.count {
        sum = sum?.adding(inputs[place], times: times)
      }
      guard let sum else { return nil }
      outputs.append(sum)
    }
    guard diagram.operation(of: box).stateCount > 0 else { return outputs }
    guard let all = outputs.dropFirst().reduce(outputs.first, { $0?.adding($1, times: 1) }) else {
      return nil
    }
    return Array(repeating: all, count: count)
  }

  private init(boxes: [OperationKey: Int]) { self.boxes = boxes }

  /// The sum; `nil` when it is too large.
  private func adding(_ other: BoxTally, times: Int) -> BoxTally? {
    var sum = self
    for (key, count) in other.boxes { sum.boxes[key, default: 0] += count * times }
    for (place, count) in other.inputs { sum.inputs[place, default: 0] += count * times }
    let isSmall =
      sum.boxes.values.allSatisfy { $0 <= Self.limit }
      && sum.inputs.values.allSatisfy { $0 <= Self.limit }
    return isSmall ? sum : nil
  }
}
