import DiagramIR

/// Where rewriting a diagram leads when the first rule that matches is applied again and again, in `cartesian`
/// modulo sharing and unused boxes.
struct RuleNormalization: Sendable {
  /// How it ended.
  enum End: Sendable {
    /// No rule applies any more.
    case normal
    /// The diagram after so many steps is one that was there this many steps before.
    case cycle(after: Int, period: Int)
    /// Rules still apply after the limit of steps, or the diagram grew too large.
    case limit
  }

  /// The most boxes that a diagram may grow to.
  static let largestDiagram = 400

  /// The canonical forms of all diagrams on the way.
  private(set) var forms: [CanonicalForm] = []
  private(set) var end = End.limit
  /// The last diagram.
  private(set) var diagram: Diagram

  /// - Complexity: the steps times preparing a `Matcher` and searching for the matches of all rules.
  init(_ start: Diagram, by rewrites: [Rewrite], limit: Int) {
    diagram = Self.cleaned(start)
    var places: [CanonicalForm: Int] = [:]
    for step in 0...max(limit, 0) {
      let form = diagram.canonicalForm()
      forms.append(form)
      if let earlier = places[form] {
        end = .cycle(after: earlier, period: step - earlier)
        return
      }
      places[form] = step
      guard diagram.boxCount <= Self.largestDiagram else { return }
      guard let next = Self.step(diagram, rewrites) else {
        end = .normal
        return
      }
      diagram = Self.cleaned(next)
    }
  }

  private static func step(_ diagram: Diagram, _ rewrites: [Rewrite]) -> Diagram? {
    let matcher = Matcher(diagram)
    for rewrite in rewrites {
      for match in matcher.matches(of: rewrite.pattern, limit: 16) {
        if let next = try? rewrite.apply(match, in: matcher) { return next }
      }
    }
    return nil
  }

  /// In `cartesian`, the diagram without repeated and unused boxes.
  private static func cleaned(_ diagram: Diagram) -> Diagram {
    guard diagram.doctrine == .cartesian, let live = try? StructuralLaw.discard(diagram),
      let shared = try? StructuralLaw.share(live)
    else { return diagram }
    return shared
  }
}
