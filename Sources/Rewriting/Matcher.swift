import DiagramIR

/// Finds the occurrences of patterns in one diagram, in every region at any depth.
///
/// ```
/// let matcher = Matcher(diagram)
/// matcher.matches(of: Pattern(rule.left)).count
/// ```
///
/// What counts as an occurrence depends on the doctrine:
///
/// - `symmetric`: different boxes and wires have different images, and the match is convex: no directed path
///   leads from it out and back into it. A wire inside the pattern has exactly the pattern's ends.
/// - `cartesian`: boxes and wires may share images, and wires inside the pattern may have other consumers. Only
///   what is redirected matters for cycles: no path leads from a wire of the pattern's codomain to one that
///   what replaces the pattern takes.
/// - `frobenius`: different boxes have different images, and wires inside the pattern have exactly its ends.
///
/// SIMD and scan boxes match when their bodies match as a whole. Sizes and shapes are solved for by
/// unification; a match that leaves an equation open is none. A pattern without boxes occurs only where a place
/// is given.
///
/// Matches come in an order that is the same in isomorphic diagrams: the boxes of the pattern are tried beginning
/// with the label that is rarest in the diagram, and candidates in canonical order.
///
/// Sources: for `symmetric`, Bonchi, Gadducci, Kissinger, Sobociński and Zanasi, *String Diagram Rewrite Theory*
/// II; for `cartesian`, Milosavljević, Piedeleu and Zanasi, *String Diagram Rewriting Modulo Commutative
/// (Co)monoid Structure*.
public struct Matcher: Sendable {
  let index: DiagramIndex

  /// The diagram that is searched.
  public var diagram: Diagram { index.diagram }

  /// Prepares a diagram for searching.
  ///
  /// - Complexity: linear in the diagram, and what `Diagram.canonicalOrder()` takes.
  public init(_ diagram: Diagram) { index = DiagramIndex(diagram) }

  /// The first matches, all when no limit is given.
  ///
  /// - Parameters:
  ///   - place: where the anchor must lie.
  ///   - limit: how many matches to find at most.
  /// - Complexity: for a connected pattern of k boxes whose rarest label occurs r times, about r·k where wires
  ///   have few consumers; a pattern with several components may have as many matches as there are ways to
  ///   combine theirs.
  public func matches(
    of pattern: Pattern, at place: WireID? = nil, limit: Int = .max
  ) -> [Match] {
    var search = MatchSearch(pattern, index, at: place)
    var found: [Match] = []
    while found.count < limit, let match = search.next() { found.append(match) }
    return found
  }

  /// The first match.
  public func firstMatch(of pattern: Pattern, at place: WireID? = nil) -> Match? {
    matches(of: pattern, at: place, limit: 1).first
  }
}
