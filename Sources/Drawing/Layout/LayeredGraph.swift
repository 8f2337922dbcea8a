/// The nodes of one level on layers, and the pieces of wires between successive layers.
///
/// Coordinates are abstract: `across` runs along a layer and `along` from layer to layer, so that one algorithm
/// draws downwards and to the right.
struct LayeredGraph {
  /// What a node stands for.
  enum Role: UInt8 {
    case box, domain, codomain, junction, turn, dummy
  }

  /// Something that takes room on a layer.
  struct Node {
    var role: Role
    var layer: Int32 = 0
    /// How far it reaches to both sides of its position.
    var before = 0.0
    var after = 0.0
    /// How much of the layer's thickness it takes.
    var length = 0.0
    /// How much of that a wire has that goes on from it, beside its label.
    var wireLength = 0.0
    /// Where its ports are, as places in `offsets`.
    var firstInput: Int32 = 0
    var inputCount: Int32 = 1
    var firstOutput: Int32 = 0
    var outputCount: Int32 = 1
  }

  /// A wire, or a part of one, from a port to a port.
  struct Edge {
    var from: Int32
    var fromPort: Int32
    var to: Int32
    var toPort: Int32
    var wire: Int32
    var firstSegment: Int32 = 0
    var segmentCount: Int32 = 0
  }

  /// The part of an edge between two successive layers.
  struct Segment {
    var upper: Int32
    var upperPort: Int32
    var lower: Int32
    var lowerPort: Int32
  }

  var nodes: [Node] = []
  var edges: [Edge] = []
  var segments: [Segment] = []
  /// Where ports are, relative to the position of their node; the first is the port of every dummy.
  var offsets: [Double] = [0]
  /// The nodes of each layer in order.
  var layers: [[Int32]] = []

  /// Adds a node with ports at these places.
  mutating func add(_ node: Node, inputs: [Double], outputs: [Double]) -> Int32 {
    var node = node
    node.firstInput = Int32(offsets.count)
    node.inputCount = Int32(inputs.count)
    offsets += inputs
    node.firstOutput = Int32(offsets.count)
    node.outputCount = Int32(outputs.count)
    offsets += outputs
    nodes.append(node)
    return Int32(nodes.count - 1)
  }

  /// Where the upper end of a segment is, relative to its node.
  func upperOffset(_ segment: Segment) -> Double {
    offsets[Int(nodes[Int(segment.upper)].firstOutput + segment.upperPort)]
  }

  /// Where the lower end of a segment is, relative to its node.
  func lowerOffset(_ segment: Segment) -> Double {
    offsets[Int(nodes[Int(segment.lower)].firstInput + segment.lowerPort)]
  }

  /// How far apart the positions of two neighbours on a layer must be.
  func separation(_ left: Int32, _ right: Int32) -> Double {
    let (left, right) = (nodes[Int(left)], nodes[Int(right)])
    let isBare = left.role == .dummy || right.role == .dummy
    return left.after + right.before + (isBare ? 9 : 12)
  }
}

/// For every node, the numbers of the edges or segments at it.
struct Adjacency {
  private var starts: [Int32]
  private var items: [Int32]

  /// Groups the numbers from zero to `count - 1` by the node of each.
  init(nodes: Int, count: Int, node: (Int) -> Int32) {
    starts = Array(repeating: 0, count: nodes + 1)
    for number in 0..<count { starts[Int(node(number)) + 1] += 1 }
    for place in 1..<starts.count { starts[place] += starts[place - 1] }
    var next = starts
    items = Array(repeating: 0, count: count)
    for number in 0..<count {
      let place = Int(node(number))
      items[Int(next[place])] = Int32(number)
      next[place] += 1
    }
  }

  /// The numbers at a node, ascending.
  subscript(node: Int32) -> ArraySlice<Int32> {
    items[Int(starts[Int(node)])..<Int(starts[Int(node) + 1])]
  }
}
