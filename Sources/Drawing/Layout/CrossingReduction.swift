/// Orders the nodes of each layer so that few wires cross.
///
/// The first order follows inputs back from the results, as a text would be read; then layers are sorted by the
/// means of their neighbours' places, down and up in turn, and neighbours change places where that removes
/// crossings. Ports count by their order. The best order seen is kept. The first and the last layer keep the
/// order of the diagram's inputs and results.
///
/// Source: Sugiyama, Tagawa and Toda, *Methods for Visual Understanding of Hierarchical System Structures*, 1981;
/// exchanges as in Gansner, Koutsofios, North and Vo, *A Technique for Drawing Directed Graphs*, 1993.
struct CrossingReduction {
  private let graph: LayeredGraph
  private let above: Adjacency
  private let below: Adjacency
  /// The places of the first input and output port of each node among those of its layer.
  private var inputPlaces: [Int32]
  private var outputPlaces: [Int32]
  private(set) var layers: [[Int32]] = []
  private let isFixed: [Bool]

  /// Prepares a graph whose edges are split.
  init(_ graph: LayeredGraph) {
    self.graph = graph
    let segments = graph.segments
    above = Adjacency(nodes: graph.nodes.count, count: segments.count) { segments[$0].lower }
    below = Adjacency(nodes: graph.nodes.count, count: segments.count) { segments[$0].upper }
    inputPlaces = Array(repeating: 0, count: graph.nodes.count)
    outputPlaces = inputPlaces
    let count = graph.nodes.reduce(0) { max($0, Int($1.layer) + 1) }
    var isFixed = Array(repeating: false, count: count)
    for node in graph.nodes where node.role == .domain || node.role == .codomain {
      isFixed[Int(node.layer)] = true
    }
    self.isFixed = isFixed
    layers = firstOrder(count)
    for layer in layers.indices { number(layer) }
  }

  /// Works until nothing gets better; returns the layers in their order.
  mutating func run() -> [[Int32]] {
    var best = (crossings: crossings(), layers: layers)
    var idle = 0
    let isLarge = graph.segments.count > 8000
    for round in 0..<(isLarge ? 8 : 24) where best.crossings > 0 && idle < (isLarge ? 2 : 4) {
      sweep(isDownward: round % 2 == 0)
      exchange()
      let count = crossings()
      idle = count < best.crossings ? 0 : idle + 1
      if count < best.crossings { best = (count, layers) }
    }
    return best.layers
  }

  // MARK: The first order

  private func firstOrder(_ count: Int) -> [[Int32]] {
    var layers: [[Int32]] = Array(repeating: [], count: count)
    var isPlaced = Array(repeating: false, count: graph.nodes.count)
    for (index, node) in graph.nodes.enumerated() where node.role == .domain {
      layers[Int(node.layer)].append(Int32(index))
      isPlaced[index] = true
    }
    let ends =
      graph.nodes.indices.filter { graph.nodes[$0].role == .codomain }
      + graph.nodes.indices.filter {
        graph.nodes[$0].role != .codomain && below[Int32($0)].isEmpty
      }
    for end in ends where !isPlaced[end] {
      var stack = [Int32(end)]
      while let node = stack.popLast() {
        guard !isPlaced[Int(node)] else { continue }
        isPlaced[Int(node)] = true
        layers[Int(graph.nodes[Int(node)].layer)].append(node)
        let inputs = above[node].sorted { port($0) > port($1) }
        for segment in inputs { stack.append(graph.segments[Int(segment)].upper) }
      }
    }
    return layers
  }

  private func port(_ segment: Int32) -> Int32 { graph.segments[Int(segment)].lowerPort }

  private mutating func number(_ layer: Int) {
    var (input, output): (Int32, Int32) = (0, 0)
    for node in layers[layer] {
      inputPlaces[Int(node)] = input
      outputPlaces[Int(node)] = output
      input += max(1, graph.nodes[Int(node)].inputCount)
      output += max(1, graph.nodes[Int(node)].outputCount)
    }
  }

  // MARK: Sweeps

  private mutating func sweep(isDownward: Bool) {
    for layer in isDownward ? Array(layers.indices) : layers.indices.reversed()
    where !isFixed[layer] {
      sort(layer, isDownward)
      number(layer)
    }
  }

  /// Sorts a layer by the means of the neighbours on one side; nodes without neighbours stay where they are.
  private mutating func sort(_ layer: Int, _ isDownward: Bool) {
    var moving: [(mean: Double, place: Int)] = []
    for (place, node) in layers[layer].enumerated() {
      let list = isDownward ? above[node] : below[node]
      guard !list.isEmpty else { continue }
      let sum = list.reduce(0.0) {
        $0 + Double(isDownward ? upperPlace($1) : lowerPlace($1))
      }
      moving.append((sum / Double(list.count), place))
    }
    let slots = moving.map(\.place)
    let old = layers[layer]
    moving.sort { ($0.mean, $0.place) < ($1.mean, $1.place) }
    for (slot, item) in zip(slots, moving) { layers[layer][slot] = old[item.place] }
  }

  private func upperPlace(_ segment: Int32) -> Int32 {
    let segment = graph.segments[Int(segment)]
    return outputPlaces[Int(segment.upper)] + segment.upperPort
  }

  private func lowerPlace(_ segment: Int32) -> Int32 {
    let segment = graph.segments[Int(segment)]
    return inputPlaces[Int(segment.lower)] + segment.lowerPort
  }

  // MARK: Exchanges

  private mutating func exchange() {
    for layer in layers.indices where !isFixed[layer] && layers[layer].count > 1 {
      var upper = layers[layer].map { node in above[node].map { upperPlace($0) }.sorted() }
      var lower = layers[layer].map { node in below[node].map { lowerPlace($0) }.sorted() }
      var (isChanged, rounds) = (true, 0)
      while isChanged && rounds < 8 {
        (isChanged, rounds) = (false, rounds + 1)
        for place in 1..<layers[layer].count {
          let now =
            Self.inversions(upper[place - 1], upper[place])
            + Self.inversions(lower[place - 1], lower[place])
          guard now > 0 else { continue }
          let then =
            Self.inversions(upper[place], upper[place - 1])
            + Self.inversions(lower[place], lower[place - 1])
          guard then < now else { continue }
          layers[layer].swapAt(place - 1, place)
          upper.swapAt(place - 1, place)
          lower.swapAt(place - 1, place)
          isChanged = true
        }
      }
      number(layer)
    }
  }

  /// How many pairs of a place on the left and one on the right are in the wrong order.
  private static func inversions(_ left: [Int32], _ right: [Int32]) -> Int {
    var (count, next) = (0, 0)
    for place in left {
      while next < right.count && right[next] < place { next += 1 }
      count += next
    }
    return count
  }

  // MARK: Counting

  /// How many pairs of segments cross.
  func crossings() -> Int {
    layers.dropLast().reduce(0) { total, layer in
      var ends: [(upper: Int32, lower: Int32)] = []
      for node in layer {
        for segment in below[node] { ends.append((upperPlace(segment), lowerPlace(segment))) }
      }
      ends.sort { $0 < $1 }
      return total + CrossingCount.crossings(ends.map { Int($0.lower) })
    }
  }
}
