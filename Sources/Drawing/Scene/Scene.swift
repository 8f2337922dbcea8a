import DiagramIR

/// What a box looks like.
public enum BoxShape: String, Hashable, Sendable, CaseIterable {
  /// A box of a theory.
  case box
  /// A diagram used as a box.
  case use
  /// A universal approximator.
  case learn
  /// A learned linear map.
  case linear
  /// A learned constant.
  case state
  /// A number or a size.
  case constant
  /// A SIMD box.
  case lanes
  /// A scan box.
  case scan
  /// A diagram used as a box, with what it stands for drawn inside.
  case unfolded

  /// Whether a diagram is drawn inside.
  public var isFrame: Bool { self == .lanes || self == .scan || self == .unfolded }
  /// Whether it is learned, which is drawn dark.
  public var isLearned: Bool { self == .learn || self == .linear || self == .state }
}

/// What is drawn of a diagram: its levels of nesting, unfolded diagrams among them, with all texts.
struct Scene {
  /// A box on a level.
  struct Node {
    var shape: BoxShape
    /// What stands in it: its name, and what else is said of it in small letters.
    var lines: [String]
    var inputs: [Int]
    var outputs: [Int]
    /// The level drawn inside.
    var body: Int?
    /// How many inputs are states, and how many are mapped, of a SIMD or scan box.
    var stateCount = 0
    var mappedCount = 0
    /// The boxes of the diagram that this is, outermost first; none when it comes from an unfolded one.
    var boxes: [BoxID] = []
  }

  /// A level: the diagram itself, or what is drawn in a frame. Wires count from zero on each level.
  struct Level {
    /// What is written at each wire.
    var wires: [String] = []
    var nodes: [Node] = []
    var domain: [Int] = []
    var codomain: [Int] = []
    /// The wire of the diagram that wire 0 is, and no wire when the level comes from an unfolded one.
    var firstWire: Int?
  }

  /// The diagram itself first, what is inside of a level behind it.
  var levels: [Level] = []
  /// What is written at the ends of the diagram itself.
  var domainTexts: [String] = []
  var codomainTexts: [String] = []

  /// For each level in a frame, the frame's shape and the texts at the wires that leave it.
  func owners() -> [(shape: BoxShape, texts: [String])?] {
    var owners: [(shape: BoxShape, texts: [String])?] = levels.map { _ in nil }
    for level in levels {
      for node in level.nodes {
        guard let body = node.body else { continue }
        let texts = node.outputs.map { node.shape == .unfolded ? "" : level.wires[$0] }
        owners[body] = (node.shape, texts)
      }
    }
    return owners
  }
}
