import DiagramIR

/// Makes the diagram in which two glued left sides occur.
struct OverlapBuilding {
  private let gluing: OverlapGluing
  private var builder: DiagramBuilder
  private var copies: [Int: WireID] = [:]
  private var names = RigidNames()

  init(_ gluing: OverlapGluing) {
    self.gluing = gluing
    builder = DiagramBuilder(doctrine: gluing.doctrine)
  }

  /// The diagram, with everything open as its interface in `symmetric`, and the results of one side in
  /// `cartesian`.
  ///
  /// - Parameters:
  ///   - outer: the side whose results are kept in `cartesian`.
  ///   - isNested: whether the second side lies inside a body of the first, which then is the whole diagram.
  /// - Throws: `SizeError`, when a size grows too large.
  mutating func diagram(outer: Int, isNested: Bool) throws(SizeError) -> Diagram {
    let sides = isNested ? [0] : [0, 1]
    for side in sides { try addWires(side) }
    var seen: Set<Int> = []
    for side in sides { try addBoxes(side, gluing.sides[side].diagram.root, &seen) }
    var codomain: [WireID] = []
    var kept: Set<Int> = []
    for side in sides where gluing.doctrine == .symmetric || side == outer {
      for wire in gluing.sides[side].diagram.codomain {
        let set = set(side, wire)
        let isOpen = gluing.doctrine == .cartesian || !gluing.isConsumed(set)
        if isOpen, kept.insert(set).inserted, let copy = copies[set] { codomain.append(copy) }
      }
    }
    return builder.finish(codomain: codomain)
  }

  private func set(_ side: Int, _ wire: WireID) -> Int {
    gluing.wires.representative(gluing.wires.join(side, wire.index))
  }

  /// Adds the wires of the outermost level; those that no box makes are inputs.
  private mutating func addWires(_ side: Int) throws(SizeError) {
    let source = gluing.sides[side].diagram
    for wire in source.domain where copies[set(side, wire)] == nil {
      guard !gluing.isProduced(set(side, wire)) else { continue }
      copies[set(side, wire)] = builder.addDomainWire(
        try type(side, wire), name: name(source.name(of: wire)))
    }
    for wire in source.wires(in: source.root) where copies[set(side, wire)] == nil {
      guard gluing.isProduced(set(side, wire)) else { continue }
      copies[set(side, wire)] = builder.addWire(builder.typeID(try type(side, wire)))
    }
  }

  /// A name that no other input has.
  private var usedNames: Set<String> = []

  private mutating func name(_ name: String) -> String {
    usedNames.insert(name).inserted ? name : ""
  }

  private mutating func addBoxes(
    _ side: Int, _ region: RegionID, _ seen: inout Set<Int>
  ) throws(SizeError) {
    let source = gluing.sides[side].diagram
    for box in source.boxes(in: region) {
      let element = gluing.boxes.representative(gluing.boxes.join(side, box.index))
      guard seen.insert(element).inserted else { continue }
      let inputs = source.inputs(of: box).compactMap { copies[set(side, $0)] }
      let outputs = source.outputs(of: box).compactMap { copies[set(side, $0)] }
      let operation = try operation(side, box)
      if let body = source.body(of: box) {
        let codomain = try addBody(side, body, &seen)
        builder.closeBody(operation, inputs: inputs, codomain: codomain, outputs: outputs)
      } else {
        builder.attachBox(builder.operationID(operation), inputs: inputs, outputs: outputs)
      }
    }
  }

  /// Fills a body, which stays open; returns its codomain.
  private mutating func addBody(
    _ side: Int, _ body: RegionID, _ seen: inout Set<Int>
  ) throws(SizeError) -> [WireID] {
    let source = gluing.sides[side].diagram
    builder.openBody()
    for wire in source.domain(of: body) {
      let copy = builder.addDomainWire(try type(side, wire))
      if copies[set(side, wire)] == nil { copies[set(side, wire)] = copy }
    }
    for wire in source.wires(in: body) where copies[set(side, wire)] == nil {
      copies[set(side, wire)] = builder.addWire(builder.typeID(try type(side, wire)))
    }
    try addBoxes(side, body, &seen)
    return source.codomain(of: body).compactMap { copies[set(side, $0)] }
  }

  private mutating func type(_ side: Int, _ wire: WireID) throws(SizeError) -> WireType {
    try names.rigid(gluing.unifier.resolve(gluing.sides[side].type(of: wire)))
  }

  private mutating func operation(_ side: Int, _ box: BoxID) throws(SizeError) -> Operation {
    let operation = gluing.sides[side].operation(of: box)
    var sizes: [SizeVariable: Size] = [:]
    for variable in operation.sizeVariables {
      sizes[variable] = try names.rigid(gluing.unifier.resolve(Size(variable)))
    }
    switch try operation.substituting(sizes) {
    case .learned(var learned):
      learned.label = gluing.labels.name(learned.label, side: side)
      return .learned(learned)
    case .use(var use) where !use.label.isEmpty:
      use.label = gluing.labels.name(use.label, side: side)
      return .use(use)
    case let other: return other
    }
  }
}

/// Names for the variables that unification left open.
struct RigidNames {
  private var substitution = TypeSubstitution()
  private var sizes: Set<String> = []
  private var shapes: Set<String> = []

  mutating func rigid(_ type: WireType) throws(SizeError) -> WireType {
    for variable in type.sizeVariables { enter(variable) }
    for variable in type.shapeVariables where variable.isFlexible {
      guard substitution.shapes[variable] == nil else { continue }
      let name = Self.free(variable.name, &shapes)
      substitution.shapes[variable] = [.shape(ShapeVariable(name))]
    }
    return try substitution(type)
  }

  mutating func rigid(_ size: Size) throws(SizeError) -> Size {
    for variable in size.variables { enter(variable) }
    return try substitution(size)
  }

  private mutating func enter(_ variable: SizeVariable) {
    guard variable.isFlexible, substitution.sizes[variable] == nil else { return }
    substitution.sizes[variable] = Size(Self.free(variable.name, &sizes))
  }

  private static func free(_ name: String, _ used: inout Set<String>) -> String {
    var candidate = name
    var number = 2
    while !used.insert(candidate).inserted {
      candidate = "\(name)_\(number)"
      number += 1
    }
    return candidate
  }
}
