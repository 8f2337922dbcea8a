import DiagramIR

/// Exact rules by which diagrams in index form are normalized further, left to right, so that drawings of one mechanism
/// become one diagram.
///
/// A side of such a rule is matched as it stands: it must be in index form itself (`LaneLaw.normalForm`).
public struct DrawingRules: Sendable {
  private struct Move: Sendable {
    let rewrite: Rewrite
    /// The boxes of the left side; a diagram that lacks one of them has no match.
    let boxes: Set<Symbol>
  }

  /// The rules, as laws.
  public let laws: [Law]
  private let moves: [Move]

  /// No rules.
  public static let none = DrawingRules()

  private init() { (laws, moves) = ([], []) }

  /// Prepares rules.
  ///
  /// - Throws: `RewritingError`, when a rule is not exact, has no box on its left side, or can't be used left to right.
  public init(_ rules: [Rule]) throws(RewritingError) {
    var moves: [Move] = []
    for rule in rules {
      guard rule.left.boxCount > 0 else { throw .bareWires(law: rule.symbol.name) }
      moves.append(
        Move(rewrite: try Rewrite(rule, .forward), boxes: Set(rule.left.boxSymbols)))
    }
    self.moves = moves
    laws = rules.map { .rule($0.symbol) }
  }

  /// A diagram in index form, normalized by the rules, in index form again.
  ///
  /// - Throws: `RewritingError.endless`, when rules still apply after `limit` steps.
  /// - Complexity: for each step a search for a match of each rule all of whose boxes occur, and an index form; linear
  ///   where there is no such rule.
  public func normalized(
    _ diagram: Diagram, limit: Int = Strategy.defaultLimit
  ) throws(RewritingError) -> Diagram {
    var (current, steps) = (diagram, 0)
    while diagram.doctrine == .cartesian, let next = step(current) {
      guard steps < limit else { throw .endless(steps: limit) }
      current = try LaneRewriting.normalForm(of: next)
      steps += 1
    }
    return current
  }

  /// The diagram after the first rule that applies, at its first match that can be replaced.
  private func step(_ diagram: Diagram) -> Diagram? {
    let boxes = Set(diagram.boxSymbols)
    let candidates = moves.filter { $0.boxes.isSubset(of: boxes) }
    guard !candidates.isEmpty else { return nil }
    let matcher = Matcher(diagram)
    for move in candidates {
      var search = MatchSearch(move.rewrite.pattern, matcher.index)
      while let match = search.next() {
        if let result = try? move.rewrite.apply(match, in: matcher) { return result }
      }
    }
    return nil
  }
}

extension Diagram {
  /// The declared boxes that occur, on all levels.
  fileprivate var boxSymbols: [Symbol] {
    operations.compactMap { if case .box(let symbol) = $0 { symbol } else { nil } }
  }
}
