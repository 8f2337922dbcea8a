/// The images of a pattern in a packed graph, and what they are replaced by.
///
/// The buffers belong to whoever made the value, which deallocates them.
struct PackedMatch {
  /// The images of the boxes of a pattern.
  private let images: UnsafeMutablePointer<Int32>
  /// The numbers of the boxes that replace them: the same ones, and then new ones.
  private let places: UnsafeMutablePointer<Int32>
  /// The outer ends of the wires that enter and leave.
  private let entries: UnsafeMutablePointer<Int32>
  private let exits: UnsafeMutablePointer<Int32>

  init(_ rules: [PackedRule]) {
    func buffer(_ count: Int) -> UnsafeMutablePointer<Int32> {
      let pointer = UnsafeMutablePointer<Int32>.allocate(capacity: count)
      pointer.initialize(repeating: 0, count: count)
      return pointer
    }
    let boxes = rules.reduce(1) { max($0, $1.pattern.kinds.count, $1.result.kinds.count) }
    images = buffer(boxes)
    places = buffer(boxes)
    entries = buffer(rules.reduce(1) { max($0, $1.inputCount) })
    exits = buffer(rules.reduce(1) { max($0, $1.outputCount) })
  }

  func deallocate() {
    for buffer in [images, places, entries, exits] { buffer.deallocate() }
  }

  /// Whether the pattern occurs with its first box there; then `images` says where.
  func match(_ rule: PackedRuleBuffer, at box: Int32, in graph: PackedGraph) -> Bool {
    images[0] = box
    for link in rule.links {
      let from = images[Int(link.from)]
      let found =
        link.isForward
        ? graph.sinkPort(of: graph.sourceEnd(from, link.fromPlace))
        : graph.sourcePort(of: graph.sinkEnd(from, link.fromPlace))
      guard let found, found.place == link.toPlace else { return false }
      guard link.isNew else {
        guard images[Int(link.to)] == found.box else { return false }
        continue
      }
      guard graph.kinds[Int(found.box)] == rule.pattern.kinds[Int(link.to)] else { return false }
      images[Int(link.to)] = found.box
    }
    return isInjective(rule.pattern.kinds.count)
      && (rule.isAlwaysConvex || graph.isConvex(rule.pattern, images))
  }

  private func isInjective(_ count: Int) -> Bool {
    for second in 0..<count {
      for first in 0..<second where images[first] == images[second] { return false }
    }
    return true
  }

  /// Encodes what replacing the match gives; the graph stays as it was.
  ///
  /// - Returns: whether the interface reaches all of it.
  func applyAndEncode(_ rule: PackedRuleBuffer, in graph: inout PackedGraph) -> Bool {
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
      places[box] = box < old ? images[box] : Int32(truncatingIfNeeded: graph.boxCount + box - old)
    }
    put(rule.result, in: graph)
    let isWhole = graph.encode(
      count: graph.boxCount + new - old, bound: graph.boxCount + max(0, new - old))
    put(rule.pattern, in: graph)
    return isWhole
  }

  /// Puts a side of a rule between the ends that the match has outside.
  private func put(_ side: PackedRuleBuffer.Side, in graph: PackedGraph) {
    for box in 0..<side.kinds.count { graph.setKind(side.kinds[box], of: Int(places[box])) }
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
