import DiagramIR

/// Which side of a rule is matched.
public enum Direction: Hashable, Sendable {
  /// The left side becomes the right side.
  case forward
  /// The right side becomes the left side.
  case backward
}

/// An exact rule in one direction, or the folding of a definition, ready to be matched and applied.
///
/// ```
/// let rewrite = try Rewrite(rule, .forward)
/// let matcher = Matcher(diagram)
/// if let match = matcher.firstMatch(of: rewrite.pattern) {
///   let result = try rewrite.apply(match, in: matcher)
/// }
/// ```
///
/// Source: double-pushout rewriting of hypergraphs with an interface, as cited at `Matcher`.
public struct Rewrite: Sendable {
  /// What takes the place of the pattern.
  private enum Substitute: Sendable {
    case side
    case use(Definition)
  }

  /// What it is called in messages.
  public let name: String
  /// The side that is matched.
  public let pattern: Pattern
  /// The side that is put in place, with the interface that matters.
  let result: Diagram
  private let substitute: Substitute
  private let sizes: [SizeVariable: Size]

  /// Prepares a rule.
  ///
  /// - Parameter sizes: sizes of the rule's variables. Those that the match determines must agree with it; those
  ///   that only the other side has become what is given here, else they stay, as sizes of the diagram.
  /// - Throws: `RewritingError`, when the rule is not exact or its other side has more than the match tells.
  public init(
    _ rule: Rule, _ direction: Direction, sizes: [SizeAssignment] = []
  ) throws(RewritingError) {
    let name = rule.symbol.name
    guard rule.relation == .equal else { throw .relation(law: name, rule.relation) }
    let (side, other) =
      direction == .forward ? (rule.left, rule.right) : (rule.right, rule.left)
    try self.init(name, side, other, sizes: sizes)
    try checkLabels(side)
  }

  /// Prepares the replacement of one side by another, whatever their relation.
  ///
  /// - Throws: `RewritingError`, when the other side has sizes, shapes or inputs that the match doesn't tell.
  init(
    _ name: String, _ side: Diagram, _ other: Diagram, sizes: [SizeAssignment]
  ) throws(RewritingError) {
    self.sizes = try Self.given(sizes, name, side, other)
    self.name = name
    substitute = .side
    let interface = try RewriteInterface(name, side, other)
    pattern = Pattern(
      side, taken: interface.taken, redirected: interface.redirected, sizes: self.sizes,
      further: [other], labels: .variables)
    result = other.restricted(domain: interface.taken, codomain: interface.redirected)
    try checkVariables(side)
  }

  /// Prepares the folding of a definition: its body becomes its use.
  ///
  /// The labels of the body's learned boxes must have one prefix in common, which becomes the label of the use.
  ///
  /// - Throws: `RewritingError`, when the body has no box, or doesn't use an input.
  public init(folding definition: Definition) throws(RewritingError) {
    let body = definition.diagram
    name = definition.symbol.name
    guard body.boxCount > 0 else { throw .bareWires(law: name) }
    let use = DiagramUse(definition: definition.symbol, content: Digest([]))
    result = Diagram.box(
      .use(use), body.domainTypes, body.codomainTypes, doctrine: body.doctrine)
    let interface = try RewriteInterface(name, body, result)
    (substitute, sizes) = (.use(definition), [:])
    pattern = Pattern(
      body, taken: interface.taken, redirected: interface.redirected, sizes: [:], further: [],
      labels: .prefixed)
  }

  /// The diagram with the other side in the place of a match.
  ///
  /// In `cartesian`, matched boxes whose outputs something else still consumes stay.
  ///
  /// - Parameter matcher: the one that found the match.
  /// - Throws: `RewritingError.axes` or `.replacement`.
  /// - Complexity: linear in the diagram.
  public func apply(_ match: Match, in matcher: Matcher) throws(RewritingError) -> Diagram {
    try apply(match, in: matcher, labels: LabelImages(match.labels, match.labelAxes))
  }

  /// The same with labels for the other side.
  func apply(
    _ match: Match, in matcher: Matcher, labels: LabelImages
  ) throws(RewritingError) -> Diagram {
    let part = try replacement(for: match, in: matcher, labels: labels)
    do { return try matcher.diagram.replacing([part]) } catch {
      throw .replacement(law: name, error)
    }
  }

  /// What takes the place of a match.
  ///
  /// - Throws: `RewritingError.axes`.
  func replacement(
    for match: Match, in matcher: Matcher, labels: LabelImages
  ) throws(RewritingError) -> Replacement {
    let transform = transform(for: match, labels)
    let outer = matcher.index.axes[match.region.index]
    let keepsLanes = result.keepsLanes(
      transform.substitution, outer: outer, labelAxes: labels.axes)
    guard keepsLanes else { throw .axes(law: name) }
    return Replacement(
      region: match.region, removed: removedBoxes(match, matcher.index), diagram: result,
      transform: transform, inputs: inputs(match), outputs: outputs(match))
  }

  /// The images of the wires that the other side takes.
  func inputs(_ match: Match) -> [WireID] {
    let domain = Array(pattern.diagram.domain)
    return pattern.taken.compactMap { match.wires[domain[$0].index] }
  }

  /// The images of the wires that the other side's results replace.
  func outputs(_ match: Match) -> [WireID] {
    let codomain = Array(pattern.diagram.codomain)
    return pattern.redirected.compactMap { match.wires[codomain[$0].index] }
  }

  /// The sizes and shapes of a match, and what was given for others.
  func substitution(for match: Match) -> TypeSubstitution {
    var substitution = match.substitution
    for (variable, size) in sizes where substitution.sizes[variable] == nil {
      substitution.sizes[variable] = size
    }
    return substitution
  }

  private func transform(for match: Match, _ labels: LabelImages) -> DiagramTransform {
    let substitution = substitution(for: match)
    switch substitute {
    case .side: return DiagramTransform(substitution: substitution) { $0.relabelled(labels) }
    case .use(let definition):
      let use = DiagramUse(
        definition: definition.symbol, content: definition.content(),
        label: match.prefix?.label ?? "", per: match.prefix?.per ?? [],
        openSizes: definition.openSizes.map { substitution.sizes[$0] ?? Size($0) })
      return DiagramTransform(substitution: substitution) { _ in .use(use) }
    }
  }
}

// MARK: - What the other side needs

extension Rewrite {
  private static func given(
    _ sizes: [SizeAssignment], _ name: String, _ side: Diagram, _ other: Diagram
  ) throws(RewritingError) -> [SizeVariable: Size] {
    let known = Set(side.sizeVariables).union(other.sizeVariables)
    var given: [SizeVariable: Size] = [:]
    for assignment in sizes {
      guard known.contains(assignment.variable) else {
        throw .unknownSize(law: name, name: assignment.variable.name)
      }
      guard assignment.size != .zero else {
        throw .emptySize(law: name, name: assignment.variable.name)
      }
      given[assignment.variable] = assignment.size
    }
    return given
  }

  private func checkVariables(_ side: Diagram) throws(RewritingError) {
    let shapes = Set(side.shapeVariables)
    for variable in result.shapeVariables where !shapes.contains(variable) {
      throw .undeterminedShape(law: name, name: variable.name)
    }
  }

  private func checkLabels(_ side: Diagram) throws(RewritingError) {
    let labels = Set(side.operations.compactMap(\.label))
    for label in result.operations.compactMap(\.label) where !labels.contains(label) {
      throw .freshLabel(law: name, label: label)
    }
  }
}

/// Which places of a rule's interface a step touches.
private struct RewriteInterface {
  let taken: [Int]
  let redirected: [Int]

  /// In `cartesian`, an output that is the same input on both sides stays as it is, and an input that the other
  /// side doesn't use doesn't matter. In other doctrines everything counts.
  init(_ name: String, _ side: Diagram, _ other: Diagram) throws(RewritingError) {
    guard side.doctrine == .cartesian else {
      if side.doctrine == .frobenius && side.boxCount == 0 {
        throw .bareFrobeniusWires(law: name)
      }
      taken = Array(0..<side.domain.count)
      redirected = Array(0..<side.codomain.count)
      return
    }
    let passed = side.passedInputs()
    redirected = zip(passed, other.passedInputs()).enumerated().compactMap { place, inputs in
      inputs.0 != nil && inputs.0 == inputs.1 ? nil : place
    }
    let isUsed = other.usesDomain(codomain: redirected)
    taken = isUsed.indices.filter { isUsed[$0] }
    let isMatched = side.usesDomain(codomain: redirected)
    let domain = Array(side.domain)
    for place in taken where !isMatched[place] {
      throw .unusedInput(law: name, name: side.name(of: domain[place]))
    }
  }
}

extension Diagram {
  /// For every output, the input that it is, when no box is in between.
  fileprivate func passedInputs() -> [Int?] {
    let domain = Array(domain)
    return codomain.map { domain.firstIndex(of: $0) }
  }
}

extension Operation {
  /// The operation with other labels, and with further axes in front of theirs.
  func relabelled(_ images: LabelImages) -> Operation {
    switch self {
    case .learned(var box):
      box.per = (images.axes[box.label] ?? []) + box.per
      box.label = images.labels[box.label] ?? box.label
      return .learned(box)
    case .use(var use):
      use.per = (images.axes[use.label] ?? []) + use.per
      use.label = images.labels[use.label] ?? use.label
      return .use(use)
    default: return self
    }
  }
}
