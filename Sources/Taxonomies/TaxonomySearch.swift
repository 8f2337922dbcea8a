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
/// Nodes are rewritten one after the other; a few at a time, on as many threads as there are cores. What comes out
/// depends neither on the number of threads nor on hashing.
public struct TaxonomySearch: Sendable {
  /// How many mechanisms are found at most unless told otherwise.
  public static let defaultLimit = 10_000

  private let moves: [RuleMove]
  private let identity: MechanismIdentity
  private let limit: Int
  private let threads: Int

  /// Prepares a search.
  ///
  /// - Parameters:
  ///   - moves: the rules, each in the direction in which it is applied.
  ///   - limit: how many mechanisms are found at most; at least one.
  public init(
    _ moves: [RuleMove], identity: MechanismIdentity, limit: Int = TaxonomySearch.defaultLimit,
    threads: Int = 2
  ) {
    self.moves = moves
    self.identity = identity
    self.limit = max(limit, 1)
    self.threads = max(threads, 1)
  }

  /// Everything that can be reached from a diagram, up to the limit.
  ///
  /// - Parameter progress: called now and then, on the calling thread, with how many mechanisms are known and how many
  ///   of them are rewritten; the search stops when it returns `false`.
  /// - Throws: `RewritingError`, when the diagram has no identity; see `MechanismIdentity`. A step whose result has
  ///   none is left out.
  /// - Complexity: mechanisms × rules × what matching, applying and an identity take.
  public func explore(
    _ root: Diagram, progress: (_ found: Int, _ explored: Int) -> Bool = { _, _ in true }
  ) throws(RewritingError) -> Taxonomy {
    var taxonomy = Taxonomy(root: root, identity: try identity.digest(of: root))
    run(&taxonomy, progress)
    return taxonomy
  }

  /// Goes on with a taxonomy of the same rules that is not complete.
  public func resume(
    _ taxonomy: Taxonomy, progress: (_ found: Int, _ explored: Int) -> Bool = { _, _ in true }
  ) -> Taxonomy {
    var taxonomy = taxonomy
    taxonomy.reachedLimit = false
    run(&taxonomy, progress)
    return taxonomy
  }

  private func run(_ taxonomy: inout Taxonomy, _ progress: (Int, Int) -> Bool) {
    var known: [Digest: Int] = [:]
    for (number, node) in taxonomy.nodes.enumerated() { known[node.identity] = number }
    while !taxonomy.isComplete, progress(taxonomy.nodes.count, taxonomy.explored) {
      let chunk = taxonomy.explored..<min(taxonomy.nodes.count, taxonomy.explored + 8 * threads)
      for (source, successors) in zip(
        chunk, successors(of: chunk.map { taxonomy.nodes[$0].diagram }))
      {
        guard enter(successors, source, &taxonomy, &known) else { return }
        taxonomy.explored += 1
      }
    }
  }

  /// Enters what one mechanism becomes.
  ///
  /// - Returns: `false` when the limit stops it; then nothing of that mechanism is entered.
  private func enter(
    _ successors: [Successor], _ source: Int, _ taxonomy: inout Taxonomy,
    _ known: inout [Digest: Int]
  ) -> Bool {
    let new = Set(successors.map(\.identity)).count { known[$0] == nil }
    guard taxonomy.nodes.count + new <= limit else {
      taxonomy.reachedLimit = true
      return false
    }
    for successor in successors {
      let target = known[successor.identity] ?? taxonomy.nodes.count
      if target == source { continue }
      taxonomy.edges.append(successor.edge(from: source, to: target))
      guard target == taxonomy.nodes.count else { continue }
      known[successor.identity] = target
      taxonomy.nodes.append(
        Taxonomy.Node(
          diagram: successor.outcome.diagram, identity: successor.identity,
          origin: taxonomy.edges.count - 1))
    }
    return true
  }

  // MARK: Steps

  private struct Successor: Sendable {
    let rule: Symbol
    let step: DerivationStep
    let outcome: LearnedOutcome
    let identity: Digest

    func edge(from source: Int, to target: Int) -> Taxonomy.Edge {
      Taxonomy.Edge(
        source: source, target: target, rule: rule, relation: outcome.relation, step: step,
        citation: outcome.citation)
    }
  }

  private func successors(of diagrams: [Diagram]) -> [[Successor]] {
    var results = [[Successor]](repeating: [], count: diagrams.count)
    results.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let buffer = buffer
      DispatchQueue.concurrentPerform(iterations: diagrams.count) { number in
        buffer[number] = successors(of: diagrams[number])
      }
    }
    return results
  }

  /// What the rules make of one mechanism, each result once for each rule.
  private func successors(of diagram: Diagram) -> [Successor] {
    let matcher = Matcher(diagram)
    var found: [Successor] = []
    for move in moves {
      var seen: Set<Digest> = []
      for (step, outcome) in move.outcomes(in: matcher).map({ ($0.step, $0.outcome) }) {
        guard let identity = try? identity.digest(of: outcome.diagram),
          seen.insert(identity).inserted
        else { continue }
        found.append(
          Successor(rule: move.rule, step: step, outcome: outcome, identity: identity))
      }
    }
    return found
  }
}
