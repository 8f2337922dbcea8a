import DiagramIR

/// Where everything of a string diagram stands in a picture: pure geometry, in points, without any format.
///
/// Boxes stand on layers, by longest paths; wires are curves that stay in the channels between layers or run
/// straight through a layer in a column of their own, so that no wire runs through a box or a label. The bodies of
/// SIMD and scan boxes, and unfolded diagrams, are laid out first, and stand in frames; wires go straight
/// through the walls. Labels have rooms of their own.
///
/// The same diagram gives the same layout.
public struct DiagramLayout: Sendable {
  /// How many boxes a picture can have, those in unfolded diagrams counted.
  public static let maximumBoxes = 100_000
  /// How many pieces its wires can have, one for each layer that they pass.
  public static let maximumPieces = 1_000_000

  /// A line of text.
  public struct Text: Hashable, Sendable {
    /// What a text says, which decides how it is written.
    public enum Role: String, Hashable, Sendable {
      /// The name of a box.
      case name
      /// What else is said of a box.
      case note
      /// The type of a wire.
      case wire
      /// The axis or name of a frame.
      case corner
      /// The name and type of an input or result of the diagram.
      case end
    }

    /// The characters.
    public var text: String
    /// What it says.
    public var role: Role
    /// The room it has.
    public var rectangle: Rectangle
    /// The font size.
    public var size: Double
  }

  /// A box, or a frame with a diagram in it.
  public struct Box: Hashable, Sendable {
    /// What it looks like.
    public var shape: BoxShape
    /// Where it stands.
    public var rectangle: Rectangle
    /// Where its wires enter and leave, in the order of its ports.
    public var inputs: [Point]
    /// Where its wires leave, in the order of its ports.
    public var outputs: [Point]
    /// What is written in it.
    public var lines: [Text]
    /// How many frames are around it.
    public var depth: Int
    /// The box whose frame is around it, as a place in `boxes`.
    public var parent: Int?
    /// The boxes of the diagram that this is: several where lanes with nothing but lanes in them are drawn as
    /// one, outermost first; none when it comes from an unfolded diagram.
    public var sources: [BoxID]
  }

  /// An end of a wire's path.
  public enum Terminal: Hashable, Sendable {
    /// An input of the diagram.
    case domain(Int)
    /// A result of the diagram.
    case codomain(Int)
    /// An input or output port of a box, from outside; the box is a place in `boxes`.
    case input(box: Int, place: Int)
    /// An output port of a box, from outside.
    case output(box: Int, place: Int)
    /// An input port of a frame, from inside.
    case entry(box: Int, place: Int)
    /// An output port of a frame, from inside.
    case exit(box: Int, place: Int)
    /// A dot or a turn on the wire's way.
    case joint
  }

  /// A wire, or the part of one between ports and dots.
  public struct Wire: Hashable, Sendable {
    /// Its way.
    public var path: WirePath
    /// Where it begins.
    public var from: Terminal
    /// Where it ends.
    public var to: Terminal
    /// The frame that it runs in, as a place in `boxes`.
    public var parent: Int?
    /// The wire of the diagram, unless it is in an unfolded one.
    public var source: WireID?
  }

  /// The way on which a scan leads a state back.
  public struct Feedback: Hashable, Sendable {
    /// From the wire that leaves the body to the one that enters it.
    public var path: WirePath
    /// The scan, as a place in `boxes`.
    public var box: Int
    /// Which of its states it is.
    public var state: Int
  }

  /// A sign.
  public struct Mark: Hashable, Sendable {
    /// What a sign stands for.
    public enum Kind: String, Hashable, Sendable {
      /// A wire goes on in several places.
      case copy
      /// A wire ends.
      case end
      /// A wire goes through a wall, a slice for each lane.
      case mapped
      /// A wire goes through a wall, the same for each lane.
      case shared
      /// A state enters or leaves a scan.
      case state
      /// A state goes back to the beginning of a body.
      case back
    }

    /// What it stands for.
    public var kind: Kind
    /// Its middle.
    public var center: Point
  }

  /// The size of the picture.
  public var width = 0.0
  /// The size of the picture.
  public var height = 0.0
  /// Which way it runs.
  public let direction: PictureDirection
  /// All boxes; a frame comes before what is in it.
  public var boxes: [Box] = []
  /// All wires.
  public var wires: [Wire] = []
  /// The ways on which scans lead their states back.
  public var feedback: [Feedback] = []
  /// All signs.
  public var marks: [Mark] = []
  /// The texts that stand at wires, in the corners of frames, and at the ends.
  public var labels: [Text] = []

  /// Lays out a diagram.
  ///
  /// - Parameter environment: what declares the diagrams that are to be unfolded.
  /// - Parameter isUnfolded: the diagrams whose uses are drawn as frames with what they stand for.
  /// - Throws: `DrawingError`.
  /// - Complexity: near-linear in boxes and pieces of wires, for few wires between two layers.
  public init(
    _ diagram: Diagram, direction: PictureDirection = .down,
    environment: Environment = Environment(),
    unfolding isUnfolded: (Symbol) -> Bool = { _ in false }
  ) throws(DrawingError) {
    self.direction = direction
    let scene = try Scene(diagram, environment: environment, isUnfolded: isUnfolded)
    let metrics = PictureMetrics(direction: direction)
    var levels: [LevelLayout?] = Array(repeating: nil, count: scene.levels.count)
    var pieces = 0
    let owners = scene.owners()
    for index in scene.levels.indices.reversed() {
      let ends = index == 0 ? (scene.domainTexts, scene.codomainTexts) : nil
      let graph = LevelGraph(
        scene.levels[index], ends: ends, owner: owners[index], bodies: levels, metrics)
      levels[index] = try LevelLayout(graph, metrics, pieces: &pieces)
    }
    var assembly = LayoutAssembly(scene, levels.compactMap { $0 }, metrics)
    assembly.run()
    (boxes, wires, feedback) = (assembly.boxes, assembly.wires, assembly.feedback)
    (marks, labels) = (assembly.marks, assembly.labels)
    (width, height) = (assembly.size.x, assembly.size.y)
  }
}
