import DiagramIR

/// The steps between mechanisms, 16 bytes each: what a step does is numbered, and so is where.
struct EdgeStore: Sendable {
  /// What steps have in common.
  struct Kind: Hashable, Sendable {
    var rule: Symbol
    var isBackward: Bool
    var relation: Relation
    var citation: String?
  }

  /// A step.
  struct Record: BitwiseCopyable, Equatable, Sendable {
    var source: UInt32
    var target: UInt32
    var kind: UInt32
    /// The number of its place, plus one; zero for none.
    var place: UInt32
  }

  private(set) var records: [Record] = []
  private(set) var kinds = Numbering<Kind>()
  private(set) var places = Numbering<String>()

  init() {}

  /// The kind of a step, and the number of its place, plus one.
  mutating func number(of kind: Kind, at place: String?) -> (kind: UInt32, place: UInt32) {
    let place = place.map { places.number(of: $0) + 1 } ?? 0
    return (UInt32(truncatingIfNeeded: kinds.number(of: kind)), UInt32(truncatingIfNeeded: place))
  }

  mutating func append(_ record: Record) { records.append(record) }

  /// A step by its position.
  func edge(at position: Int) -> Taxonomy.Edge {
    let record = records[position]
    let kind = kinds.elements[Int(record.kind)]
    let place = record.place == 0 ? nil : places.elements[Int(record.place) - 1]
    return Taxonomy.Edge(
      source: Int(record.source), target: Int(record.target), rule: kind.rule,
      relation: kind.relation,
      step: .apply(.rule(kind.rule), isBackward: kind.isBackward, at: place, sizes: []),
      citation: kind.citation)
  }

  /// Numbers the next place.
  mutating func add(place: String, as number: Int) throws(ByteFault) {
    guard places.number(of: place) == number else { throw ByteFault() }
  }
}
