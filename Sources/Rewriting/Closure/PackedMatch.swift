/// The images of a pattern in a packed graph, and what they are replaced by.
///
/// The buffers belong to whoever made the value, which deallocates them.
struct PackedMatch {
  /// The records of the images of the boxes of a pattern.
  private let images: UnsafeMutablePointer<Int>
  /// The records of the boxes that replace them: the same ones, and then new ones.
  private let places: UnsafeMutablePointer<Int>
  /// The outer ends of the wires of the rule's interface.
  private let outer: UnsafeMutablePointer<Int>

  init(_ rules: [PackedRule]) {
    func buffer(_ count: Int) -> UnsafeMutablePointer<Int> {
      let pointer = UnsafeMutablePointer<Int>.allocate(capacity: count)
      pointer.initialize(repeating: 0, count: count)
      return pointer
    }
    let boxes = rules.reduce(1) { max($0, $1.pattern.kinds.count, $1.result.kinds.count) }
    images = buffer(boxes)
    places = buffer(boxes)
    outer = buffer(rules.reduce(1) { max($0, $1.interfaceCount) })
  }

  func deallocate() {
    for buffer in [images, places, outer] { buffer.deallocate() }
  }

  /// Whether the pattern occurs with its first box at that record; then `images` says where.
  @inline(__always)
  func match(_ rule: PackedRuleBuffer, at record: Int, in graph: PackedGraph) -> Bool {
    images[0] = record
    for link in rule.links {
      let end = Int(graph.cells[images[Int(link.from)] &+ Int(link.fromPlace)])
      let found = end & ~graph.mask
      guard end & graph.mask == Int(link.toPlace) else { return false }
      guard link.newKind >= 0 else {
        guard images[Int(link.to)] == found else { return false }
        continue
      }
      guard graph.cells[found &+ 1] == link.newKind else { return false }
      images[Int(link.to)] = found
    }
    return isInjective(rule.pattern.kinds.count)
      && (rule.isAlwaysConvex || graph.isConvex(rule, images))
  }

  @inline(__always)
  private func isInjective(_ count: Int) -> Bool {
    var second = 1
    while second < count {
      for first in 0..<second where images[first] == images[second] { return false }
      second &+= 1
    }
    return true
  }

  /// Encodes what replacing the match gives; the graph stays as it was.
  ///
  /// - Returns: how many words the encoding has; `nil` unless the interface reaches all of it.
  @inline(__always)
  func encodeResult(
    _ rule: PackedRuleBuffer, in graph: PackedGraph, to bytes: UnsafeMutablePointer<UInt8>
  ) -> Int? {
    let (old, new) = (rule.pattern.kinds.count, rule.result.kinds.count)
    for wire in rule.pattern.boundary {
      outer[Int(wire.place)] = Int(graph.cells[images[Int(wire.box)] &+ Int(wire.port)])
    }
    var box = 0
    while box < old {
      places[box] = images[box]
      box &+= 1
    }
    while box < new {
      places[box] = graph.record(graph.boxCount &+ box &- old)
      box &+= 1
    }
    put(rule.result, in: graph)
    let added = new &- old
    let count = graph.encode(
      count: graph.boxCount &+ added, bound: graph.boxCount &+ max(0, added), to: bytes)
    put(rule.pattern, in: graph)
    return count
  }

  /// The canonical number that the first box of the result had in the graph encoded last.
  @inline(__always)
  func numberOfFirst(in graph: PackedGraph) -> Int {
    (Int(graph.cells[places[0]]) &- graph.domainCount) &>> graph.outputBits
  }

  /// Puts a side of a rule between the ends that the match has outside.
  @inline(__always)
  private func put(_ side: PackedRuleBuffer.Side, in graph: PackedGraph) {
    var box = 0
    while box < side.kinds.count {
      graph.setKind(side.kinds[box], at: places[box])
      box &+= 1
    }
    for wire in side.boundary {
      graph.connect(outer[Int(wire.place)], places[Int(wire.box)] &+ Int(wire.port))
    }
    for wire in side.inner {
      graph.connect(
        places[Int(wire.from)] &+ Int(wire.fromPort), places[Int(wire.to)] &+ Int(wire.toPort))
    }
    for wire in side.bare { graph.connect(outer[Int(wire.from)], outer[Int(wire.to)]) }
  }
}

extension PackedGraph {
  /// Whether no path leads from an output of a match back to one of its boxes.
  fileprivate func isConvex(_ rule: PackedRuleBuffer, _ images: UnsafeMutablePointer<Int>) -> Bool {
    forgetCodes(boxCount)
    for box in 0..<rule.pattern.kinds.count { cells[images[box]] = -2 }
    var count = 0
    for wire in rule.exits {
      guard push(images[Int(wire.box)] &+ Int(wire.port), &count) else { return false }
    }
    while count > 0 {
      count &-= 1
      let record = Int(order[count])
      let first = record &+ firstOutput
      for output in 0..<Int(arities[Int(cells[record &+ 1])].outputs) {
        guard push(first &+ output, &count) else { return false }
      }
    }
    return true
  }

  /// - Returns: `false` when the output in that cell leads into the match.
  private func push(_ output: Int, _ count: inout Int) -> Bool {
    let record = Int(cells[output]) & ~mask
    guard cells[record] == PackedLayout.unknown else { return cells[record] != -2 }
    cells[record] = 0
    order[count] = Int32(truncatingIfNeeded: record)
    count &+= 1
    return true
  }
}
