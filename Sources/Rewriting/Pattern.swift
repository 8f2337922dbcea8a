import DiagramIR

/// What is looked for: one side of a rule, or a definition, ready to be matched.
///
/// Its size and shape variables are flexible copies, which matching solves for. So are its labels: each stands
/// for any label of the diagram, or, in the body of a definition, for the same label behind a common prefix.
public struct Pattern: Sendable {
  /// How the labels of the pattern stand for those of the diagram.
  enum Labels: Sendable {
    /// Each is a variable.
    case variables
    /// Each is itself, with one prefix for all.
    case prefixed
  }

  /// The diagram that is looked for.
  public let diagram: Diagram
  let labels: Labels
  /// The flexible copies of all variables.
  let copies: TypeSubstitution
  let types: [WireType]
  let operations: [Operation]
  /// Knows the sizes that were given.
  let unifier: Unifier
  /// The places of the domain that what replaces the pattern takes.
  let taken: [Int]
  /// The places of the codomain that are redirected to what replaces the pattern.
  let redirected: [Int]
  /// The wire whose image names the place of a match.
  let anchor: WireID?
  /// Wires that need an image although no box touches them.
  let freeWires: [WireID]
  let keys: [OperationKey]
  let regionOfBox: [RegionID]
  let regionOfWire: [RegionID]
  let domainPlace: [Int32]

  /// A pattern whose whole interface matters, except for inputs that a cartesian diagram doesn't use.
  public init(_ diagram: Diagram) {
    self.init(
      diagram, taken: diagram.usedDomain, redirected: Array(0..<diagram.codomain.count),
      sizes: [:], further: [], labels: .variables)
  }

  init(
    _ diagram: Diagram, taken: [Int], redirected: [Int], sizes: [SizeVariable: Size],
    further: [Diagram], labels: Labels
  ) {
    self.diagram = diagram
    self.labels = labels
    self.taken = taken
    self.redirected = redirected
    var unifier = Unifier()
    let copies = Self.flexibleCopies([diagram] + further, &unifier)
    for (variable, size) in sizes.sorted(by: { $0.key < $1.key }) {
      if let copy = copies.sizes[variable] { _ = unifier.unify(copy, size) }
    }
    self.copies = copies
    self.unifier = unifier
    types = diagram.types.map { (try? copies($0)) ?? $0 }
    operations = diagram.operations.map { (try? $0.substituting(copies.sizes)) ?? $0 }
    keys = diagram.operations.map { OperationKey($0) }
    regionOfBox = diagram.regionsOfBoxes()
    regionOfWire = diagram.regionsOfWires()
    domainPlace = diagram.domainPlaces()
    anchor = Self.anchor(of: diagram, redirected: redirected)
    freeWires = Self.freeWires(of: diagram, taken: taken, redirected: redirected)
  }

  /// The kind of one of the pattern's boxes.
  func key(of box: BoxID) -> OperationKey { keys[diagram.operationID(of: box).index] }

  private static func flexibleCopies(
    _ diagrams: [Diagram], _ unifier: inout Unifier
  ) -> TypeSubstitution {
    let instance = unifier.freshInstance()
    var copies = TypeSubstitution()
    for diagram in diagrams {
      for variable in diagram.sizeVariables {
        copies.sizes[variable] = Size(SizeVariable(variable.name, instance: instance))
      }
      for variable in diagram.shapeVariables {
        copies.shapes[variable] = [.shape(ShapeVariable(variable.name, instance: instance))]
      }
    }
    return copies
  }

  /// The first wire of the codomain that a box produces, else the first wire that a box touches, else the
  /// first that is redirected or taken.
  private static func anchor(of diagram: Diagram, redirected: [Int]) -> WireID? {
    let boxes = diagram.boxes(in: diagram.root)
    let produced = Set(boxes.flatMap { diagram.outputs(of: $0) })
    if let wire = diagram.codomain.first(where: { produced.contains($0) }) { return wire }
    let touched = produced.union(boxes.flatMap { diagram.inputs(of: $0) })
    if let wire = diagram.wires(in: diagram.root).first(where: { touched.contains($0) }) {
      return wire
    }
    if let place = redirected.first { return Array(diagram.codomain)[place] }
    return diagram.domain.first
  }

  private static func freeWires(
    of diagram: Diagram, taken: [Int], redirected: [Int]
  ) -> [WireID] {
    var touched: Set<WireID> = []
    for box in diagram.boxes(in: diagram.root) {
      touched.formUnion(diagram.inputs(of: box))
      touched.formUnion(diagram.outputs(of: box))
    }
    let (domain, codomain) = (Array(diagram.domain), Array(diagram.codomain))
    var free: [WireID] = []
    for wire in taken.map({ domain[$0] }) + redirected.map({ codomain[$0] })
    where touched.insert(wire).inserted {
      free.append(wire)
    }
    return free
  }
}

extension Diagram {
  /// The places of the domain that something uses; in `symmetric` and `frobenius`, all.
  var usedDomain: [Int] {
    let places = Array(0..<domain.count)
    guard doctrine == .cartesian else { return places }
    let isUsed = usesDomain(codomain: Array(0..<codomain.count))
    return places.filter { isUsed[$0] }
  }
}
