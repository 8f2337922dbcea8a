import DiagramIR
import Dispatch
import Rewriting

/// Finds every mechanism that rules make of one.
///
/// ```
/// let search = TaxonomySearch(moves, identity: MechanismIdentity(environment))
/// let taxonomy = try search.explore(primordial)
/// ```
///
/// Nodes are rewritten one after the other; some at a time, on all cores. What comes out depends neither on the number
/// of threads nor on hashing, nor on where a search was stopped and gone on with.
public struct TaxonomySearch: Sendable {
  /// How many mechanisms are found at most unless told otherwise.
  public static let defaultLimit = 10_000
  /// How many mechanisms each thread rewrites between two times that what they become is entered.
  private static let share = 16

  let moves: [RuleMove]
  let identity: MechanismIdentity
  private let limit: Int
  private let threads: Int

  /// Prepares a search.
  ///
  /// - Parameters:
  ///   - moves: the rules, each in the direction in which it is applied.
  ///   - limit: how many mechanisms are found at most; at least one.
  ///   - threads: among how many threads the work is divided; the system may take fewer.
  public init(
    _ moves: [RuleMove], identity: MechanismIdentity, limit: Int = TaxonomySearch.defaultLimit,
    threads: Int = 2
  ) {
    self.moves = moves
    self.identity = identity
    self.limit = min(max(limit, 1), Taxonomy.countLimit)
    self.threads = max(threads, 1)
  }

  /// Everything that can be reached from a diagram, up to the limit.
  ///
  /// - Parameter progress: called now and then, on the calling thread, with how many mechanisms are known and how many
  ///   of them are rewritten; the search stops when it returns `false`.
  /// - Throws: `RewritingError`, when the diagram has no identity; see `MechanismIdentity`. A step's result that
  ///   has none stands for itself, as it is drawn.
  /// - Complexity: mechanisms × rules × what matching, applying and an identity take.
  public func explore(
    _ root: Diagram, progress: (_ found: Int, _ explored: Int) -> Bool = { _, _ in true }
  ) throws(RewritingError) -> Taxonomy {
    resume(try begin(root), progress: progress)
  }

  /// Goes on with a taxonomy of the same rules that is not complete.
  public func resume(
    _ taxonomy: Taxonomy, progress: (_ found: Int, _ explored: Int) -> Bool = { _, _ in true }
  ) -> Taxonomy {
    var taxonomy = taxonomy
    extend(&taxonomy) { progress($0.nodes.count, $0.explored) }
    return taxonomy
  }

  /// The taxonomy in which nothing but the root is known.
  ///
  /// - Throws: `RewritingError`, when the diagram has no identity.
  public func begin(_ root: Diagram) throws(RewritingError) -> Taxonomy {
    Taxonomy(root: root, identity: try identity.digest(of: root))
  }

  /// Goes on with a taxonomy of the same rules, in place.
  ///
  /// - Parameter isToGoOn: called now and then, on the calling thread; the search stops when it returns `false`, and
  ///   can be gone on with from there.
  public func extend(_ taxonomy: inout Taxonomy, while isToGoOn: (Taxonomy) -> Bool) {
    taxonomy.reachedLimit = false
    var known = KnownMechanisms(taxonomy)
    while !taxonomy.isComplete, isToGoOn(taxonomy) {
      let end = min(taxonomy.nodes.count, taxonomy.explored + Self.share * threads)
      for successors in successors(of: taxonomy.explored..<end, in: taxonomy, known) {
        guard enter(successors, &taxonomy, &known) else { return }
        taxonomy.explored += 1
      }
    }
  }

  /// Enters what one mechanism becomes.
  ///
  /// - Returns: `false` when the limit stops it; then nothing of that mechanism is entered.
  private func enter(
    _ successors: [Successor], _ taxonomy: inout Taxonomy, _ known: inout KnownMechanisms
  ) -> Bool {
    let new = Set(successors.map(\.identity)).count { known[$0] == nil }
    guard taxonomy.nodes.count + new <= limit,
      taxonomy.edges.count + successors.count <= Taxonomy.countLimit
    else {
      taxonomy.reachedLimit = true
      return false
    }
    let source = taxonomy.explored
    for successor in successors {
      let target = known[successor.identity] ?? taxonomy.nodes.count
      if let drawing = successor.drawing { known.enter(drawing: drawing, of: target) }
      if target == source { continue }
      taxonomy.edges.append(successor, from: source, to: target)
      guard target == taxonomy.nodes.count, let diagram = successor.diagram else { continue }
      known.enter(successor.identity, target)
      taxonomy.nodes.append(
        diagram, successor.identity, origin: taxonomy.edges.count - 1)
    }
    return true
  }
}

// MARK: - Steps

extension TaxonomySearch {
  /// What a mechanism becomes by one step.
  struct Successor: Sendable {
    let kind: EdgeStore.Kind
    let place: String?
    let identity: Digest
    /// It, unless it was known before.
    let diagram: Diagram?
    /// The digest of it as it is drawn, where that is not known yet and not the identity.
    let drawing: Digest?
  }

  private func successors(
    of nodes: Range<Int>, in taxonomy: Taxonomy, _ known: KnownMechanisms
  ) -> [[Successor]] {
    var results = [[Successor]](repeating: [], count: nodes.count)
    results.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let buffer = buffer
      DispatchQueue.concurrentPerform(iterations: nodes.count) { place in
        let diagram = taxonomy.nodes[nodes.lowerBound + place].diagram
        buffer[place] = successors(of: diagram, known, taxonomy)
      }
    }
    return results
  }

  /// What the rules make of one mechanism, each result once for each rule.
  private func successors(
    of diagram: Diagram, _ known: KnownMechanisms, _ taxonomy: Taxonomy
  ) -> [Successor] {
    let matcher = Matcher(diagram)
    var found: [Successor] = []
    for move in moves {
      let first = found.count
      for (step, outcome) in move.outcomes(in: matcher).map({ ($0.step, $0.outcome) }) {
        let (identity, diagram, drawing) = identify(outcome.diagram, known, taxonomy)
        if found[first...].contains(where: { $0.identity == identity }) { continue }
        let kind = EdgeStore.Kind(
          rule: move.rule, isBackward: move.direction == .backward, relation: outcome.relation,
          citation: outcome.citation)
        found.append(
          Successor(
            kind: kind, place: step.place, identity: identity, diagram: diagram, drawing: drawing))
      }
    }
    return found
  }

  /// The identity of a diagram, and what of it is new. Diagrams that are isomorphic as they are drawn have one
  /// identity, so that of a drawing that was met before isn't computed again.
  private func identify(
    _ diagram: Diagram, _ known: KnownMechanisms, _ taxonomy: Taxonomy
  ) -> (identity: Digest, diagram: Diagram?, drawing: Digest?) {
    let drawing = diagram.digest()
    if let number = known[drawing: drawing] {
      return (taxonomy.nodes.identity(of: number), nil, nil)
    }
    let isOwnIdentity =
      identity.laws.isEmpty && diagram.doctrine != .cartesian && diagram.usedDefinitions.isEmpty
    if isOwnIdentity { return (drawing, known[drawing] == nil ? diagram : nil, nil) }
    // Where it has no form, the drawing stands for itself.
    let identity = (try? identity.digest(of: diagram)) ?? drawing
    return (identity, known[identity] == nil ? diagram : nil, drawing)
  }
}

extension DerivationStep {
  /// Where a law is applied.
  fileprivate var place: String? {
    guard case .apply(_, _, let place, _) = self else { return nil }
    return place
  }
}

extension Taxonomy.Edges {
  fileprivate mutating func append(
    _ successor: TaxonomySearch.Successor, from source: Int, to target: Int
  ) {
    let (kind, place) = store.number(of: successor.kind, at: successor.place)
    store.append(
      EdgeStore.Record(
        source: UInt32(truncatingIfNeeded: source), target: UInt32(truncatingIfNeeded: target),
        kind: kind, place: place))
  }
}

/// The mechanisms that a search knows, by what they are and by how they were drawn.
struct KnownMechanisms: Sendable {
  private var identities = DigestTable()
  private var drawings = DigestTable()

  init(_ taxonomy: Taxonomy) {
    for number in taxonomy.nodes.indices {
      identities.enter(taxonomy.nodes.identity(of: number), number)
    }
  }

  /// The mechanism of an identity.
  subscript(identity: Digest) -> Int? { identities.number(of: identity) }

  /// The mechanism that was drawn in this way.
  subscript(drawing drawing: Digest) -> Int? { drawings.number(of: drawing) }

  mutating func enter(_ identity: Digest, _ number: Int) { identities.enter(identity, number) }

  mutating func enter(drawing: Digest, of number: Int) { drawings.enter(drawing, number) }
}
