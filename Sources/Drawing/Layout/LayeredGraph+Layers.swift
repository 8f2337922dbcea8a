extension LayeredGraph {
  /// Gives every node a layer, by longest paths; then boxes that need nothing, dots, and boxes with more outputs
  /// than inputs move down to what consumes them. Inputs are on the first layer, results on the last.
  ///
  /// - Complexity: linear in nodes and edges.
  mutating func assignLayers() {
    let out = Adjacency(nodes: nodes.count, count: edges.count) { edges[$0].from }
    let order = topologicalOrder(out)
    let hasDomain = nodes.contains { $0.role == .domain }
    var isRooted = nodes.map { $0.role == .domain }
    for index in nodes.indices {
      nodes[index].layer = hasDomain && nodes[index].role != .domain ? 1 : 0
    }
    var last: Int32 = 0
    for node in order {
      let layer = nodes[Int(node)].layer
      if nodes[Int(node)].role != .codomain { last = max(last, layer + 1) }
      for edge in out[node] {
        let target = Int(edges[Int(edge)].to)
        nodes[target].layer = max(nodes[target].layer, layer + 1)
        if isRooted[Int(node)] { isRooted[target] = true }
      }
    }
    for index in nodes.indices where nodes[index].role == .codomain { nodes[index].layer = last }
    moveDown(order, out, isRooted)
    removeEmptyLayers()
  }

  private mutating func moveDown(_ order: [Int32], _ out: Adjacency, _ isRooted: [Bool]) {
    var inCounts = Array(repeating: 0, count: nodes.count)
    for edge in edges { inCounts[Int(edge.to)] += 1 }
    for node in order.reversed() {
      let index = Int(node)
      let role = nodes[index].role
      guard role != .domain, role != .codomain else { continue }
      var lowest = Int32.max
      for edge in out[node] { lowest = min(lowest, nodes[Int(edges[Int(edge)].to)].layer - 1) }
      guard lowest < .max, lowest > nodes[index].layer else { continue }
      if !isRooted[index] || role == .junction || out[node].count > inCounts[index] {
        nodes[index].layer = lowest
      }
    }
  }

  private mutating func removeEmptyLayers() {
    let top = nodes.reduce(-1) { max($0, Int($1.layer)) }
    var isUsed = Array(repeating: false, count: top + 1)
    for node in nodes { isUsed[Int(node.layer)] = true }
    var (numbers, next): ([Int32], Int32) = ([], 0)
    for used in isUsed {
      numbers.append(next)
      if used { next += 1 }
    }
    for index in nodes.indices { nodes[index].layer = numbers[Int(nodes[index].layer)] }
  }

  private func topologicalOrder(_ out: Adjacency) -> [Int32] {
    var waiting = Array(repeating: 0, count: nodes.count)
    for edge in edges { waiting[Int(edge.to)] += 1 }
    var order = nodes.indices.filter { waiting[$0] == 0 }.map { Int32($0) }
    var next = 0
    while next < order.count {
      for edge in out[order[next]] {
        let target = edges[Int(edge)].to
        waiting[Int(target)] -= 1
        if waiting[Int(target)] == 0 { order.append(target) }
      }
      next += 1
    }
    return order
  }

  // MARK: Cycles

  /// Leads edges that would go up around: down from a turn above their target to a turn below their source.
  ///
  /// - Returns: the turns, each with its wire.
  mutating func breakCycles() -> [(node: Int32, wire: Int32)] {
    var turns: [(node: Int32, wire: Int32)] = []
    for number in upwardEdges() {
      let edge = edges[number]
      let turn = Node(role: .turn, before: 7, after: 7, length: 9)
      let upper = add(turn, inputs: [], outputs: [-7, 7])
      let lower = add(turn, inputs: [-7, 7], outputs: [])
      edges[number].to = lower
      edges[number].toPort = 1
      edges.append(
        Edge(from: upper, fromPort: 0, to: edge.to, toPort: edge.toPort, wire: edge.wire))
      edges.append(Edge(from: upper, fromPort: 1, to: lower, toPort: 0, wire: edge.wire))
      turns += [(upper, edge.wire), (lower, edge.wire)]
    }
    return turns
  }

  /// Edges without which there is no cycle, found by a search in depth.
  private func upwardEdges() -> [Int] {
    let out = Adjacency(nodes: nodes.count, count: edges.count) { edges[$0].from }
    guard topologicalOrder(out).count < nodes.count else { return [] }
    var state = Array(repeating: 0, count: nodes.count)
    var found: [Int] = []
    for start in nodes.indices where state[start] == 0 {
      state[start] = 1
      var stack = [(node: Int32(start), next: out[Int32(start)].startIndex)]
      while let top = stack.last {
        let list = out[top.node]
        guard top.next < list.endIndex else {
          state[Int(top.node)] = 2
          stack.removeLast()
          continue
        }
        stack[stack.count - 1].next += 1
        let target = edges[Int(list[top.next])].to
        if state[Int(target)] == 1 { found.append(Int(list[top.next])) }
        if state[Int(target)] == 0 {
          state[Int(target)] = 1
          stack.append((target, out[target].startIndex))
        }
      }
    }
    return found.sorted()
  }

  // MARK: Long edges

  /// Splits edges into segments, with a dummy on each layer in between.
  ///
  /// - Throws: `DrawingError.tooLarge`.
  mutating func split(_ pieces: inout Int) throws(DrawingError) {
    for index in edges.indices {
      let edge = edges[index]
      let (top, bottom) = (nodes[Int(edge.from)].layer, nodes[Int(edge.to)].layer)
      pieces += Int(bottom - top)
      guard pieces <= DiagramLayout.maximumPieces else { throw .tooLarge }
      edges[index].firstSegment = Int32(segments.count)
      edges[index].segmentCount = max(0, bottom - top)
      var (upper, port) = (edge.from, edge.fromPort)
      for layer in (top + 1)..<max(bottom, top + 1) {
        let dummy = Int32(nodes.count)
        nodes.append(Node(role: .dummy, layer: layer, wireLength: .infinity))
        segments.append(Segment(upper: upper, upperPort: port, lower: dummy, lowerPort: 0))
        (upper, port) = (dummy, 0)
      }
      segments.append(
        Segment(upper: upper, upperPort: port, lower: edge.to, lowerPort: edge.toPort))
    }
  }
}
