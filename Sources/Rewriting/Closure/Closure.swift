import DiagramIR

/// Explores everything that can be reached from a diagram by exact rules, modulo isomorphism.
///
/// ```
/// let closure = Closure([try Rewrite(assoc, .forward), try Rewrite(assoc, .backward)])
/// let reached = try closure.explore(comb)
/// reached.count                    // a Catalan number
/// ```
///
/// The order of the states is that of a breadth-first search which takes the rules in the order given; it depends
/// neither on the number of threads nor on hashing, and isomorphic diagrams have isomorphic states in the same
/// order.
///
/// There are two ways of working. Symmetric diagrams without bodies, whose types and boxes are constants and
/// whose boxes are all connected with the interface, are kept as packed canonical encodings, found again by a
/// 64-bit hash and compared in full; two threads search. Where a rule's inverse is among the rules, the way back to
/// an explored state isn't tried, unless steps are recorded. Everything else goes through `Matcher`, `Rewrite` and
/// `Diagram.digest()`. Both find the same states, though not always in the same order.
///
/// Which diagrams count as one is said at `CanonicalForm`.
public struct Closure: Sendable {
  /// How the states are kept.
  public enum Method: Hashable, Sendable {
    /// Packed where that is possible.
    case automatic
    /// As diagrams, always.
    case general
  }

  /// How many states are found at most unless told otherwise.
  public static let defaultLimit = 1_000_000

  let rewrites: [Rewrite]
  let limit: Int
  let recordsSteps: Bool
  let method: Method
  let threads: Int

  /// Prepares an exploration.
  ///
  /// - Parameters:
  ///   - rewrites: the rules, each in the directions that may be taken.
  ///   - limit: how many states are found at most; at least one.
  ///   - recordsSteps: whether `Reachability.steps` is filled.
  ///   - threads: how many threads search in packed exploration.
  public init(
    _ rewrites: [Rewrite], limit: Int = Closure.defaultLimit, recordsSteps: Bool = false,
    method: Method = .automatic, threads: Int = 2
  ) {
    self.rewrites = rewrites
    self.limit = min(max(limit, 1), Int(UInt32.max) - 1)
    self.recordsSteps = recordsSteps
    self.method = method
    self.threads = max(threads, 1)
  }

  /// Everything that can be reached from a diagram, up to the limit.
  ///
  /// - Parameter progress: called now and then, on the calling thread; the exploration stops when it returns `false`.
  /// - Throws: `RewritingError.doctrine` or `.bareWires`, when a rule can't be used on the diagram; what
  ///   `Rewrite.apply` throws about a single match leaves out that match.
  /// - Complexity: packed, about states × rules × boxes. In general, states × what preparing a `Matcher`, searching
  ///   it and a digest for each match take.
  public func explore(
    _ diagram: Diagram, progress: (ClosureProgress) -> Bool = { _ in true }
  ) throws(RewritingError) -> Reachability {
    try checkRules(for: diagram)
    if method == .automatic, let packed = PackedExploration(diagram, self) {
      return extending(Reachability(.packed(packed)), progress)
    }
    return extending(Reachability(.general(GeneralExploration(diagram))), progress)
  }

  /// Goes on with an exploration that stopped, under this closure's limit. What comes out is what one exploration with
  /// that limit gives.
  ///
  /// - Parameter reached: what a closure of the same rules found, with steps recorded or not as here.
  public func resume(
    _ reached: Reachability, progress: (ClosureProgress) -> Bool = { _ in true }
  ) -> Reachability {
    reached.isComplete ? reached : extending(reached, progress)
  }

  private func extending(
    _ reached: Reachability, _ progress: (ClosureProgress) -> Bool
  ) -> Reachability {
    switch reached.storage {
    case .packed(var exploration):
      guard exploration.run(self, progress) else {
        // A state has a part that the interface doesn't reach, which the packed form can't hold.
        let start = GeneralExploration(exploration.diagram(at: 0))
        return extending(Reachability(.general(start)), progress)
      }
      return Reachability(.packed(exploration))
    case .general(var exploration):
      exploration.run(self, progress)
      return Reachability(.general(exploration))
    }
  }

  private func checkRules(for diagram: Diagram) throws(RewritingError) {
    for rewrite in rewrites {
      let doctrine = rewrite.pattern.diagram.doctrine
      guard doctrine == diagram.doctrine else {
        throw .doctrine(law: rewrite.name, expected: doctrine, found: diagram.doctrine)
      }
      guard rewrite.pattern.diagram.boxCount > 0 else { throw .bareWires(law: rewrite.name) }
    }
  }
}

/// How far an exploration is.
public struct ClosureProgress: Hashable, Sendable {
  /// How many states are known.
  public let found: Int
  /// How many of them have been rewritten in all ways.
  public let explored: Int
}
