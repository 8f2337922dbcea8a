import DiagramIR

/// Where a step by a rule acts: what the rule matched, and what it put in place.
public struct RewriteChange: Sendable {
  /// A part of a diagram.
  public struct Part: Hashable, Sendable {
    /// Its boxes, on all levels.
    public let boxes: Set<BoxID>
    /// The wires all of whose ends are at its boxes.
    public let wires: Set<WireID>

    /// Boxes with the wires between them.
    ///
    /// - Complexity: linear in the diagram.
    init(_ boxes: Set<BoxID>, in diagram: Diagram) {
      self.boxes = boxes
      var (isInside, isOutside) = (
        Array(repeating: false, count: diagram.wireCount),
        Array(repeating: false, count: diagram.wireCount)
      )
      func mark(_ wires: ArraySlice<WireID>, _ isOwn: Bool) {
        for wire in wires {
          if isOwn { isInside[wire.index] = true } else { isOutside[wire.index] = true }
        }
      }
      mark(diagram.domain[...], false)
      mark(diagram.codomain[...], false)
      for box in (0..<diagram.boxCount).map({ BoxID($0) }) {
        let isOwn = boxes.contains(box)
        mark(diagram.inputs(of: box), isOwn)
        mark(diagram.outputs(of: box), isOwn)
        guard let body = diagram.body(of: box) else { continue }
        mark(diagram.domain(of: body)[...], isOwn)
        mark(diagram.codomain(of: body)[...], isOwn)
      }
      wires = Set(
        (0..<diagram.wireCount).filter { isInside[$0] && !isOutside[$0] }.map { WireID($0) })
    }
  }

  /// What the rule matched, in the diagram before.
  public let matched: Part
  /// What it put in place, in the diagram after.
  public let placed: Part
}

extension Rewriter {
  /// Where a step acts that applies a rule, or folds a definition at a place; `nil` for other steps, and where the
  /// diagram after isn't the one before with the match replaced and nothing else changed, as when a learned box is
  /// replaced wherever its label occurs.
  ///
  /// - Parameters:
  ///   - source: the diagram before the step.
  ///   - target: the diagram after it, up to names.
  /// - Complexity: that of applying the step twice.
  public func change(
    by step: DerivationStep, from source: Diagram, to target: Diagram
  ) -> RewriteChange? {
    guard let (marked, matched) = try? marked(step, source), target.isBuilt(as: marked) else {
      return nil
    }
    let placed = (0..<marked.boxCount).map { BoxID($0) }.filter {
      marked.operation(of: $0).isMarked
    }
    return RewriteChange(
      matched: .init(matched, in: source), placed: .init(Set(placed), in: target))
  }

  /// The diagram after a step with marks in what the rule put in place, and the boxes that it matched.
  private func marked(
    _ step: DerivationStep, _ source: Diagram
  ) throws(RewritingError) -> (Diagram, Set<BoxID>)? {
    switch step {
    case .apply(.rule(let symbol), let isBackward, let place, let sizes):
      let (rule, direction) = (try rule(symbol), isBackward ? Direction.backward : .forward)
      guard rule.relation == .equal else {
        let learned = try learnedRewrite(rule, direction, sizes: sizes)
        return try application(of: learned.rewrite, at: place, to: source) {
          match, matcher throws(RewritingError) in
          _ = try learned.apply(match, in: matcher)
          return try learned.rewrite.marked(match, in: matcher)
        }
      }
      return try marked(try Rewrite(rule, direction, sizes: sizes), place, source)
    case .fold(let symbol, let place?):
      return try marked(try Rewrite(folding: try definition(symbol)), place, source)
    default: return nil
    }
  }

  private func marked(
    _ rewrite: Rewrite, _ place: String?, _ source: Diagram
  ) throws(RewritingError) -> (Diagram, Set<BoxID>) {
    try application(of: rewrite, at: place, to: source) {
      match, matcher throws(RewritingError) in try rewrite.marked(match, in: matcher)
    }
  }
}

extension Rewrite {
  /// The result of `apply` with marks in what takes the place of the match, and the matched boxes.
  fileprivate func marked(
    _ match: Match, in matcher: Matcher
  ) throws(RewritingError) -> (Diagram, Set<BoxID>) {
    var part = try replacement(
      for: match, in: matcher, labels: LabelImages(match.labels, match.labelAxes))
    part.transform.operation = { $0.marked }
    do { return (try matcher.diagram.replacing([part]), Set(match.boxes)) } catch {
      throw .replacement(law: name, error)
    }
  }
}

extension Operation {
  private static let mark = "\u{0}"

  /// An operation of as many ports that no file can name.
  fileprivate var marked: Operation {
    switch self {
    case .simd(_, let mapped): .simd(axis: Size(Self.mark), mapped: mapped)
    case .scan(_, let states, let mapped):
      .scan(axis: Size(Self.mark), states: states, mapped: mapped)
    default: .box(Symbol(module: Self.mark, name: ""))
    }
  }

  fileprivate var isMarked: Bool {
    if case .box(let symbol) = self { return symbol.module == Self.mark }
    return axis == Size(Self.mark)
  }
}

extension Diagram {
  /// Whether the same boxes stand at the same wires, whatever they do.
  fileprivate func isBuilt(as other: Diagram) -> Bool {
    guard boxCount == other.boxCount, wireCount == other.wireCount,
      domain.elementsEqual(other.domain), codomain.elementsEqual(other.codomain)
    else { return false }
    return (0..<boxCount).map { BoxID($0) }.allSatisfy {
      inputs(of: $0) == other.inputs(of: $0) && outputs(of: $0) == other.outputs(of: $0)
        && body(of: $0) == other.body(of: $0)
    }
  }
}
