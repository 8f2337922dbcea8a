/// Finds the successors of packed states: one for each thread at work.
///
/// A state is read into a graph; each match is applied there, the result encoded, and the match taken back.
final class PackedSearch: @unchecked Sendable {
  /// A successor: where its encoding is, unless it is a known state.
  struct Successor {
    var source: UInt32
    var rewrite: UInt32
    var fingerprint: UInt64
    var start: Int
    var count: Int
    var known: UInt32?
  }

  private let rules: [PackedRule]
  private let graph: PackedGraph
  private let recordsSteps: Bool
  private let growth: Int
  private(set) var successors: [Successor] = []
  private(set) var bytes: [UInt8] = []
  /// Whether a successor has a part that the interface doesn't reach.
  private(set) var hasUnreachedPart = false
  /// The images of the boxes of a pattern, and the numbers of the boxes that replace them.
  private var images: [Int32]
  private var places: [Int32]
  private var entries: [Int32]
  private var exits: [Int32]
  private var pending: [Int32] = []
  private var seen: Set<Int32> = []

  init(_ signature: PackedSignature, _ rules: [PackedRule], recordsSteps: Bool) {
    self.rules = rules
    self.recordsSteps = recordsSteps
    graph = PackedGraph(signature)
    growth = rules.reduce(0) { max($0, $1.result.kinds.count) }
    let boxes = rules.reduce(1) { max($0, $1.pattern.kinds.count, $1.result.kinds.count) }
    images = Array(repeating: 0, count: boxes)
    places = images
    entries = Array(repeating: 0, count: rules.reduce(0) { max($0, $1.inputCount) })
    exits = Array(repeating: 0, count: rules.reduce(0) { max($0, $1.outputCount) })
  }

  /// Finds the successors of some states, in order.
  func run(_ states: Range<Int>, _ table: StateTable.Reader) {
    successors.removeAll(keepingCapacity: true)
    bytes.removeAll(keepingCapacity: true)
    for state in states {
      graph.read(table.encoding(state), growth: growth)
      for (number, rule) in rules.enumerated() {
        for box in 0..<graph.boxCount where graph.kinds[box] == rule.pattern.kinds[0] {
          guard isMatch(rule, at: Int32(truncatingIfNeeded: box)) else { continue }
          applyAndEncode(rule)
          guard !hasUnreachedPart else { return }
          note(UInt32(truncatingIfNeeded: state), UInt32(truncatingIfNeeded: number), table)
        }
      }
    }
  }

  private func note(_ state: UInt32, _ rewrite: UInt32, _ table: StateTable.Reader) {
    let fingerprint = graph.fingerprint
    let known = table.search(graph.encoding, fingerprint).number
    guard recordsSteps || known == nil else { return }
    successors.append(
      Successor(
        source: state, rewrite: rewrite, fingerprint: fingerprint, start: bytes.count,
        count: graph.byteCount, known: known))
    if known == nil { bytes.append(contentsOf: graph.encoding) }
  }

  private func applyAndEncode(_ rule: PackedRule) {
    let (old, new) = (rule.pattern.kinds.count, rule.result.kinds.count)
    for wire in rule.pattern.wires {
      if wire.source.box < 0 {
        let sink = graph.sinkEnd(images[Int(wire.sink.box)], wire.sink.place)
        entries[Int(wire.source.place)] = graph.source[Int(sink)]
      } else if wire.sink.box < 0 {
        let source = graph.sourceEnd(images[Int(wire.source.box)], wire.source.place)
        exits[Int(wire.sink.place)] = graph.sink[Int(source)]
      }
    }
    for box in 0..<max(old, new) {
      places[box] =
        box < old ? images[box] : Int32(truncatingIfNeeded: graph.boxCount + box - old)
    }
    put(rule.result)
    let bound = graph.boxCount + max(0, new - old)
    let isWhole = graph.encode(count: graph.boxCount + new - old, bound: bound)
    hasUnreachedPart = hasUnreachedPart || !isWhole
    put(rule.pattern)
  }

  /// Puts a side of a rule between the ends that the match has outside.
  private func put(_ side: PackedSide) {
    for (box, kind) in side.kinds.enumerated() { graph.setKind(kind, of: Int(places[box])) }
    for wire in side.wires {
      let source =
        wire.source.box < 0
        ? entries[Int(wire.source.place)]
        : graph.sourceEnd(places[Int(wire.source.box)], wire.source.place)
      let sink =
        wire.sink.box < 0
        ? exits[Int(wire.sink.place)]
        : graph.sinkEnd(places[Int(wire.sink.box)], wire.sink.place)
      graph.connect(source, sink)
    }
  }
}

// MARK: - Matching

extension PackedSearch {
  private func isMatch(_ rule: PackedRule, at box: Int32) -> Bool {
    images[0] = box
    for link in rule.links {
      let from = images[Int(link.from)]
      let found: (box: Int32, place: Int32)?
      if link.isForward {
        found = sinkPort(of: graph.sourceEnd(from, link.fromPlace))
      } else {
        found = sourcePort(of: graph.sinkEnd(from, link.fromPlace))
      }
      guard let found, found.place == link.toPlace else { return false }
      guard link.isNew else {
        guard images[Int(link.to)] == found.box else { return false }
        continue
      }
      guard graph.kinds[Int(found.box)] == rule.pattern.kinds[Int(link.to)] else { return false }
      images[Int(link.to)] = found.box
    }
    let count = rule.pattern.kinds.count
    for first in 0..<count {
      for second in (first + 1)..<max(count, first + 1) where images[first] == images[second] {
        return false
      }
    }
    return rule.isAlwaysConvex || isConvex(rule.pattern)
  }

  @inline(__always)
  private func sinkPort(of source: Int32) -> (box: Int32, place: Int32)? {
    let port = Int(graph.sink[Int(source)]) - graph.codomainCount
    guard port >= 0 else { return nil }
    let place = port & ((1 << graph.inputShift) - 1)
    return (Int32(truncatingIfNeeded: port >> graph.inputShift), Int32(truncatingIfNeeded: place))
  }

  @inline(__always)
  private func sourcePort(of sink: Int32) -> (box: Int32, place: Int32)? {
    let port = Int(graph.source[Int(sink)]) - graph.domainCount
    guard port >= 0 else { return nil }
    let place = port & ((1 << graph.outputShift) - 1)
    return (Int32(truncatingIfNeeded: port >> graph.outputShift), Int32(truncatingIfNeeded: place))
  }

  /// Whether no path leads from an output of the match back to one of its inputs.
  private func isConvex(_ pattern: PackedSide) -> Bool {
    let count = pattern.kinds.count
    seen.removeAll(keepingCapacity: true)
    pending.removeAll(keepingCapacity: true)
    for wire in pattern.wires where wire.sink.box < 0 {
      follow(graph.sourceEnd(images[Int(wire.source.box)], wire.source.place))
    }
    while let box = pending.popLast() {
      if images[0..<count].contains(box) { return false }
      let outputs = graph.outputCounts[Int(graph.kinds[Int(box)])]
      for place in 0..<outputs { follow(graph.sourceEnd(box, place)) }
    }
    return true
  }

  private func follow(_ source: Int32) {
    guard let box = sinkPort(of: source)?.box, seen.insert(box).inserted else { return }
    pending.append(box)
  }
}
