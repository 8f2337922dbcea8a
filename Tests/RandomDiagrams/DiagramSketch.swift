import DiagramIR

/// A diagram taken apart, so that tests can reorder, rename and change it.
public struct DiagramSketch: Sendable {
  /// What the diagram is taken modulo.
  public var doctrine: Doctrine
  /// The diagram itself.
  public var root: Level

  /// One level of nesting; wires count from zero.
  public struct Level: Sendable {
    /// The wires in the order in which they are stored.
    public var wires: [Wire] = []
    /// The boxes in the order in which they are stored.
    public var boxes: [Box] = []
    /// The input wires.
    public var domain: [Int] = []
    /// The output wires.
    public var codomain: [Int] = []

    /// Nothing.
    public init() {}
  }

  /// A wire.
  public struct Wire: Sendable {
    /// Its type.
    public var type: WireType
    /// Its name, which means nothing.
    public var name: String

    /// A wire of this type.
    public init(type: WireType, name: String = "") {
      self.type = type
      self.name = name
    }
  }

  /// A box.
  public struct Box: Sendable {
    /// What it does.
    public var operation: Operation
    /// Its input wires.
    public var inputs: [Int]
    /// Its output wires.
    public var outputs: [Int]
    /// The body of a SIMD or scan box.
    public var body: Level?

    /// A box between these wires.
    public init(operation: Operation, inputs: [Int], outputs: [Int], body: Level? = nil) {
      self.operation = operation
      self.inputs = inputs
      self.outputs = outputs
      self.body = body
    }
  }

  /// A sketch of one level.
  public init(doctrine: Doctrine, root: Level) {
    self.doctrine = doctrine
    self.root = root
  }
}

// MARK: - From and to diagrams

extension DiagramSketch {
  /// Takes a diagram apart.
  public init(_ diagram: Diagram) {
    self.init(doctrine: diagram.doctrine, root: Level(diagram, diagram.root))
  }

  /// Puts the diagram together, wires and boxes in the order of the sketch.
  public func diagram() -> Diagram {
    var builder = DiagramBuilder(doctrine: doctrine)
    let codomain = root.fill(&builder)
    return builder.finish(codomain: codomain)
  }
}

extension DiagramSketch.Level {
  init(_ diagram: Diagram, _ region: RegionID) {
    var place: [WireID: Int] = [:]
    for wire in diagram.wires(in: region) {
      place[wire] = wires.count
      wires.append(DiagramSketch.Wire(type: diagram.type(of: wire), name: diagram.name(of: wire)))
    }
    domain = diagram.domain(of: region).map { place[$0] ?? -1 }
    codomain = diagram.codomain(of: region).map { place[$0] ?? -1 }
    for box in diagram.boxes(in: region) {
      boxes.append(
        DiagramSketch.Box(
          operation: diagram.operation(of: box),
          inputs: diagram.inputs(of: box).map { place[$0] ?? -1 },
          outputs: diagram.outputs(of: box).map { place[$0] ?? -1 },
          body: diagram.body(of: box).map { DiagramSketch.Level(diagram, $0) }))
    }
  }

  /// Adds wires and boxes to the open region; returns its codomain.
  func fill(_ builder: inout DiagramBuilder) -> [WireID] {
    let made = addWires(&builder)
    for box in boxes {
      let (inputs, outputs) = (box.inputs.map { made[$0] }, box.outputs.map { made[$0] })
      if let body = box.body {
        builder.openBody()
        let codomain = body.fill(&builder)
        builder.closeBody(box.operation, inputs: inputs, codomain: codomain, outputs: outputs)
      } else {
        builder.attachBox(builder.operationID(box.operation), inputs: inputs, outputs: outputs)
      }
    }
    return codomain.map { made[$0] }
  }

  /// Adds the wires in order; the domain's take the places of domain wires, in the order of the domain.
  private func addWires(_ builder: inout DiagramBuilder) -> [WireID] {
    let isDomain = Set(domain)
    var made: [Int: WireID] = [:]
    var rest = domain[...]
    func addDomainPlaces(_ builder: inout DiagramBuilder, untilNewWire: Bool) {
      while let wire = rest.popFirst() {
        let new = builder.addDomainWire(wires[wire].type, name: wires[wire].name)
        if let earlier = made[wire] {
          builder.identify(earlier, new)
        } else {
          made[wire] = new
          if untilNewWire { return }
        }
      }
    }
    for index in wires.indices {
      if isDomain.contains(index) {
        addDomainPlaces(&builder, untilNewWire: true)
      } else {
        made[index] = builder.addWire(builder.typeID(wires[index].type), name: wires[index].name)
      }
    }
    addDomainPlaces(&builder, untilNewWire: false)
    return wires.indices.compactMap { made[$0] }
  }
}

extension DiagramSketch.Level {
  /// Changes every box on this level and inside, bodies after their boxes.
  public mutating func forEachBox(_ change: (inout DiagramSketch.Box) -> Void) {
    for index in boxes.indices {
      change(&boxes[index])
      boxes[index].body?.forEachBox(change)
    }
  }

  /// How many boxes there are on this level and inside.
  public var boxCount: Int { boxes.reduce(boxes.count) { $0 + ($1.body?.boxCount ?? 0) } }
}
