/// A morphism of a coloured PROP, stored as a hypergraph with an interface.
///
/// Boxes are hyperedges and wires are nodes:
///
/// ```
///        a ──┐
///            ├─ mul ── c ──── codomain
///        b ──┘
/// ```
///
/// has wires a, b, c, one box with inputs a, b and output c, the domain a, b and the codomain c. Composition
/// glues wires, so associativity, interchange and the naturality of swaps hold because both sides are the same
/// hypergraph.
///
/// SIMD and scan boxes have a body, a diagram of its own. All levels of nesting share the same contiguous
/// arrays; a level is a **region**: a range of wires, a range of boxes, a domain and a codomain. A wire never
/// crosses a region: what a body sees of its surroundings enters through its domain. The last region is the
/// diagram itself.
///
/// A diagram is a value and never changes: `DiagramBuilder` makes one. Which hypergraphs are well formed
/// depends on the doctrine; `verify()` checks it and names the broken invariant.
///
/// In `cartesian` diagrams, SIMD and scan boxes are stored in a normal form: no mapped or shared input is
/// unused by the body, none enters twice, and they are ordered by their first use in the body. This is the law
/// that a functor preserves copies, deletions and swaps (`simd.structure`), applied once and for all.
public struct Diagram: Sendable {
  package struct BoxRecord: BitwiseCopyable, Sendable {
    package var operation: OperationID
    package var firstPort: Int32
    package var inputCount: Int32
    package var outputCount: Int32
    /// The body's region, or -1.
    package var body: Int32
  }

  package struct RegionRecord: BitwiseCopyable, Sendable {
    package var firstWire: Int32
    package var wireCount: Int32
    package var firstBox: Int32
    package var boxCount: Int32
    package var firstInterface: Int32
    package var domainCount: Int32
    package var codomainCount: Int32
    /// The box whose body this is, or -1 for the diagram itself.
    package var owner: Int32
  }

  /// What the diagram is taken modulo.
  public let doctrine: Doctrine
  /// The distinct types of its wires.
  public internal(set) var types: [WireType] = []
  /// The distinct operations of its boxes.
  public internal(set) var operations: [Operation] = []
  package internal(set) var wireTypes: [TypeID] = []
  package internal(set) var wireNames: [String] = []
  package internal(set) var boxRecords: [BoxRecord] = []
  package internal(set) var ports: [WireID] = []
  package internal(set) var interfaces: [WireID] = []
  package internal(set) var regionRecords: [RegionRecord] = []

  init(doctrine: Doctrine) { self.doctrine = doctrine }
}

extension Diagram {
  /// How many wires there are, on all levels.
  public var wireCount: Int { wireTypes.count }
  /// How many boxes there are, on all levels.
  public var boxCount: Int { boxRecords.count }
  /// How many regions there are, the diagram itself among them.
  public var regionCount: Int { regionRecords.count }
  /// The region that is the diagram itself.
  public var root: RegionID { RegionID(regionRecords.count - 1) }

  /// The input wires of the diagram.
  public var domain: ArraySlice<WireID> { domain(of: root) }
  /// The output wires of the diagram.
  public var codomain: ArraySlice<WireID> { codomain(of: root) }
  /// The types of the input wires.
  public var domainTypes: [WireType] { domain.map { type(of: $0) } }
  /// The types of the output wires.
  public var codomainTypes: [WireType] { codomain.map { type(of: $0) } }

  /// The boxes of a region, those of nested regions not among them.
  public func boxes(in region: RegionID) -> IdentifierRange<BoxTag> {
    let record = regionRecords[region.index]
    return IdentifierRange(start: Int(record.firstBox), count: Int(record.boxCount))
  }

  /// The wires of a region, those of nested regions not among them.
  public func wires(in region: RegionID) -> IdentifierRange<WireTag> {
    let record = regionRecords[region.index]
    return IdentifierRange(start: Int(record.firstWire), count: Int(record.wireCount))
  }

  /// The input wires of a region.
  public func domain(of region: RegionID) -> ArraySlice<WireID> {
    let record = regionRecords[region.index]
    let start = Int(record.firstInterface)
    return interfaces[start..<(start + Int(record.domainCount))]
  }

  /// The output wires of a region.
  public func codomain(of region: RegionID) -> ArraySlice<WireID> {
    let record = regionRecords[region.index]
    let start = Int(record.firstInterface + record.domainCount)
    return interfaces[start..<(start + Int(record.codomainCount))]
  }

  /// The SIMD or scan box whose body the region is; `nil` for the diagram itself.
  public func owner(of region: RegionID) -> BoxID? {
    let owner = regionRecords[region.index].owner
    return owner < 0 ? nil : BoxID(Int(owner))
  }

  /// The input wires of a box, in the order of its ports.
  public func inputs(of box: BoxID) -> ArraySlice<WireID> {
    let record = boxRecords[box.index]
    let start = Int(record.firstPort)
    return ports[start..<(start + Int(record.inputCount))]
  }

  /// The output wires of a box, in the order of its ports.
  public func outputs(of box: BoxID) -> ArraySlice<WireID> {
    let record = boxRecords[box.index]
    let start = Int(record.firstPort + record.inputCount)
    return ports[start..<(start + Int(record.outputCount))]
  }

  /// What a box does.
  public func operation(of box: BoxID) -> Operation { operations[operationID(of: box).index] }

  /// What a box does, as a position in `operations`.
  public func operationID(of box: BoxID) -> OperationID { boxRecords[box.index].operation }

  /// The body of a SIMD or scan box.
  public func body(of box: BoxID) -> RegionID? {
    let body = boxRecords[box.index].body
    return body < 0 ? nil : RegionID(Int(body))
  }

  /// The type of a wire.
  public func type(of wire: WireID) -> WireType { types[typeID(of: wire).index] }

  /// The type of a wire, as a position in `types`.
  public func typeID(of wire: WireID) -> TypeID { wireTypes[wire.index] }

  /// The name that the file gave the wire; empty when it gave none. Names mean nothing: they are kept for
  /// people.
  public func name(of wire: WireID) -> String { wireNames[wire.index] }

  /// The input types and the output types of a box.
  public func portTypes(of box: BoxID) -> (domain: [WireType], codomain: [WireType]) {
    (inputs(of: box).map { type(of: $0) }, outputs(of: box).map { type(of: $0) })
  }
}

/// Consecutive identifiers.
public struct IdentifierRange<Tag>: RandomAccessCollection, Sendable {
  let start: Int
  /// How many identifiers there are.
  public let count: Int

  /// Zero.
  public var startIndex: Int { 0 }
  /// The count.
  public var endIndex: Int { count }
  /// The identifier at that place.
  public subscript(position: Int) -> Identifier<Tag> { Identifier(start + position) }
  /// Whether the identifier is in the range.
  public func contains(_ identifier: Identifier<Tag>) -> Bool {
    identifier.index >= start && identifier.index < start + count
  }
}
