import DiagramIR

/// Finds the boxes that no result depends on.
///
/// From the codomain the walk goes to producers, and through a SIMD or scan box by its body: an input that no
/// result of the lanes depends on keeps nothing alive.
///
/// - Complexity: linear in the diagram.
struct Discarding {
  let diagram: Diagram
  private let producers: [Int32]
  /// For every operation, how many states its lanes have.
  private let states: [Int]
  private var isLive: [Bool]
  private var isSeen: [Bool]
  /// The wires to go on from, those of the innermost region that is visited last.
  private var pending: [WireID] = []

  init(_ diagram: Diagram) {
    self.diagram = diagram
    producers = diagram.producers()
    states = diagram.operations.map(\.stateCount)
    isLive = Array(repeating: false, count: diagram.boxCount)
    isSeen = Array(repeating: false, count: diagram.wireCount)
  }

  /// What to replace so that these boxes disappear.
  mutating func replacements() -> [Replacement] {
    visit(diagram.root)
    var parts: [Replacement] = []
    guard isLive.contains(false) else { return [] }
    for region in (0..<diagram.regionCount).map({ RegionID($0) }) {
      let dead = diagram.boxes(in: region).filter { !isLive[$0.index] }
      let isReached = diagram.owner(of: region).map { isLive[$0.index] } ?? true
      guard isReached, !dead.isEmpty else { continue }
      parts.append(
        Replacement(
          region: region, removed: dead, diagram: .identity([], doctrine: diagram.doctrine),
          inputs: [], outputs: []))
    }
    return parts
  }

  private mutating func visit(_ region: RegionID) {
    let bottom = pending.count
    pending += diagram.codomain(of: region)
    while pending.count > bottom {
      let wire = pending.removeLast()
      guard !isSeen[wire.index] else { continue }
      isSeen[wire.index] = true
      guard producers[wire.index] >= 0 else { continue }
      let box = BoxID(Int(producers[wire.index]))
      guard !isLive[box.index] else { continue }
      isLive[box.index] = true
      let inputs = diagram.inputs(of: box)
      guard let body = diagram.body(of: box) else {
        pending += inputs
        continue
      }
      visit(body)
      let states = states[diagram.operationID(of: box).index]
      for (place, lane) in diagram.domain(of: body).enumerated()
      where place < states || isSeen[lane.index] {
        pending.append(inputs[inputs.startIndex + place])
      }
    }
  }
}
