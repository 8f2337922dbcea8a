import DiagramIR

/// Counts the matches of patterns in one diagram, without listing them.
///
/// ```
/// let counter = MatchCounter(diagram)
/// counter.count(of: Pattern(rule.left)).matches
/// ```
///
/// What counts is what `Matcher` says. Flat connected patterns of `symmetric` diagrams, and those of `cartesian`
/// diagrams with one result that all boxes lead to, are counted by walking along wires from each occurrence of
/// their rarest box; others are counted by `Matcher`.
public struct MatchCounter: Sendable {
  /// The diagram that is searched.
  public let diagram: Diagram
  private let prepared: PreparedGraph?

  /// How many matches there are, and what finding them took.
  public struct Count: Hashable, Sendable {
    /// How many matches there are.
    public let matches: Int
    /// How many boxes were looked at as the first of a match; zero when `Matcher` counted.
    public let candidates: Int
  }

  /// Prepares a diagram for counting.
  ///
  /// - Complexity: linear.
  public init(_ diagram: Diagram) {
    self.diagram = diagram
    prepared = PreparedGraph.prepared(diagram)
  }

  /// Counts the matches of a pattern.
  ///
  /// - Complexity: occurrences of the rarest kind × pattern, plus what paths out of a match and back have to be
  ///   looked for. For patterns of other forms, that of `Matcher`.
  public func count(of pattern: Pattern) -> Count {
    guard let prepared, pattern.diagram.doctrine == diagram.doctrine,
      diagram.regionCount == 1 || !pattern.diagram.isLearned,
      let program = PatternProgram(pattern, count: { prepared.count(of: $0) })
    else { return Count(matches: Matcher(diagram).matches(of: pattern).count, candidates: 0) }
    return prepared.count(program)
  }
}

/// A graph that stays as it is, with the boxes of each kind.
private final class PreparedGraph: Sendable {
  private let graph: FlatGraph
  private let levels: RawBuffer<Int>
  /// The boxes, kind after kind.
  private let boxes: RawBuffer<Int32>
  private let firstOfKind: RawBuffer<Int32>

  static func prepared(_ diagram: Diagram) -> PreparedGraph? {
    guard let graph = FlatGraph.thawed(diagram, .stored) else { return nil }
    return PreparedGraph(graph)
  }

  private init(_ graph: consuming FlatGraph) {
    levels = graph.levels()
    var first = RawBuffer<Int32>(repeating: 0, count: graph.tables.kindCount + 1)
    for box in 0..<graph.boxes.count { first[graph.boxes[box].kind + 1] += 1 }
    for kind in 0..<graph.tables.kindCount { first[kind + 1] += first[kind] }
    var next = RawBuffer(first.array)
    var boxes = RawBuffer<Int32>(repeating: -1, count: graph.boxes.count)
    for box in 0..<graph.boxes.count {
      let kind = graph.boxes[box].kind
      boxes[next[kind]] = Int32(box)
      next[kind] += 1
    }
    self.boxes = boxes
    firstOfKind = first
    self.graph = graph
  }

  func count(of key: OperationKey) -> Int {
    let range = range(of: key)
    return Int(range.upperBound - range.lowerBound)
  }

  private func range(of key: OperationKey) -> Range<Int32> {
    guard let kind = graph.tables.knownNumber(of: key) else { return 0..<0 }
    return firstOfKind[kind]..<firstOfKind[kind + 1]
  }

  func count(_ program: PatternProgram) -> MatchCounter.Count {
    var search = FlatSearch(program) { graph.tables.knownNumber(of: $0) ?? -2 }
    var signatures = SignatureTable()
    let range = range(of: program.pattern.key(of: program.visits[0].box))
    var matches = 0
    let (view, boxes, levels) = (graph.view, boxes.elements, levels.elements)
    for place in range where search.find(at: boxes[Int(place)], in: view) {
      let fits = search.repeatsSignature ? signatures.last : judge(search, &signatures)
      if fits >= 0 && search.isConvex(in: view, levels: levels) { matches += 1 }
    }
    return MatchCounter.Count(matches: matches, candidates: range.count)
  }

  private func judge(_ search: borrowing FlatSearch, _ signatures: inout SignatureTable) -> Int32 {
    let signature = search.signature.array
    if let known = signatures.look(up: signature) { return known }
    return signatures.learn(search.identity(graph.tables) == nil ? -1 : 0, for: signature)
  }
}
