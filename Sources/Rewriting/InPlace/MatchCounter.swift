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
  private let graph: FlatGraph?
  private let boxesOfKind: [[Int32]]
  private let levels: [Int]

  /// How many matches there are, and what finding them took.
  public struct Count: Hashable, Sendable {
    /// How many matches there are.
    public let matches: Int
    /// How many boxes were looked at as the first of a match; zero when `Matcher` counted.
    public let candidates: Int
  }

  /// Prepares a diagram for counting.
  ///
  /// - Complexity: linear, when everything is reachable from the interface; else what
  ///   `Diagram.canonicalOrder()` takes.
  public init(_ diagram: Diagram) {
    self.diagram = diagram
    let graph = FlatGraph(diagram)
    var boxesOfKind: [[Int32]] = []
    for (number, box) in (graph?.boxes ?? []).enumerated() {
      while boxesOfKind.count <= Int(box.kind) { boxesOfKind.append([]) }
      boxesOfKind[Int(box.kind)].append(Int32(number))
    }
    self.graph = graph
    self.boxesOfKind = boxesOfKind
    levels = graph?.levels() ?? []
  }

  /// Counts the matches of a pattern.
  ///
  /// - Complexity: occurrences of the rarest kind × pattern, plus what paths out of a match and back have to be
  ///   looked for. For patterns of other forms, that of `Matcher`.
  public func count(of pattern: Pattern) -> Count {
    guard var graph, pattern.diagram.doctrine == diagram.doctrine,
      diagram.regionCount == 1 || !pattern.diagram.isLearned,
      let program = PatternProgram(pattern, count: { boxes(of: $0, graph).count })
    else { return Count(matches: Matcher(diagram).matches(of: pattern).count, candidates: 0) }
    var search = FlatSearch(program, &graph)
    var fits = SignatureTable<Bool>()
    let starts = boxes(of: pattern.key(of: program.visits[0].box), graph)
    var matches = 0
    for box in starts where search.find(at: box, in: graph) {
      guard fits.verdict(for: search.signature, { search.identity(in: graph) != nil }) else {
        continue
      }
      if search.isConvex(in: graph, levels: levels) { matches += 1 }
    }
    return Count(matches: matches, candidates: starts.count)
  }

  private func boxes(of key: OperationKey, _ graph: FlatGraph) -> [Int32] {
    guard let kind = graph.knownNumber(of: key), Int(kind) < boxesOfKind.count else { return [] }
    return boxesOfKind[Int(kind)]
  }
}
