import DiagramIR

/// Where a step by a rule acts: what the rule matched, and what it put in place.
public struct RewriteChange: Sendable {
  /// Where a wire meets a box.
  public struct Port: Hashable, Sendable {
    /// The box.
    public let box: BoxID
    /// Whether the box makes what the wire carries.
    public let isOutput: Bool
    /// Which of the inputs or outputs of the box it is.
    public let place: Int

    /// A port of a box.
    public init(box: BoxID, isOutput: Bool, place: Int) {
      (self.box, self.isOutput, self.place) = (box, isOutput, place)
    }
  }

  /// A part of a diagram.
  public struct Part: Hashable, Sendable {
    /// Its boxes, on all levels.
    public let boxes: Set<BoxID>
    /// The wires that belong to it as a whole: those all of whose ends are at its boxes, and those that are a side
    /// of the rule without any box.
    public let wires: Set<WireID>
    /// Where wires that lead elsewhere too meet its boxes, when the rule itself joins boxes by them or copies them.
    public let ports: Set<Port>
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
    guard let marked = try? marked(step, source), target.isBuilt(as: marked.diagram) else {
      return nil
    }
    return RewriteChange(matched: marked.matched(in: source), placed: marked.placed(in: target))
  }

  /// What a step does, with marks in what the rule put in place.
  private func marked(
    _ step: DerivationStep, _ source: Diagram
  ) throws(RewritingError) -> MarkedRewrite? {
    switch step {
    case .apply(.rule(let symbol), let isBackward, let place, let sizes):
      let (rule, direction) = (try rule(symbol), isBackward ? Direction.backward : .forward)
      guard rule.relation == .equal else {
        let learned = try learnedRewrite(rule, direction, sizes: sizes)
        return try application(of: learned.rewrite, at: place, to: source) {
          match, matcher throws(RewritingError) in
          _ = try learned.apply(match, in: matcher)
          return try MarkedRewrite(learned.rewrite, match, in: matcher)
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
  ) throws(RewritingError) -> MarkedRewrite {
    try application(of: rewrite, at: place, to: source) {
      match, matcher throws(RewritingError) in try MarkedRewrite(rewrite, match, in: matcher)
    }
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
