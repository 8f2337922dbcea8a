/// Why a diagram can't be unfolded.
public enum UnfoldingError: Error, Hashable, Sendable {
  /// A used diagram is not declared.
  case undeclared(Symbol)
  /// The result would have more than `Environment.maximumUnfoldedBoxes` boxes.
  case tooLarge
  /// A use has other types than its definition.
  case types(Symbol)
  /// Axes that were different become one, so that a learned box would take its weights from another axis.
  case axes(label: String, axis: Size)
  /// The definition could not be put in place.
  case replacement(ReplacementError)
}

extension UnfoldingError: CustomStringConvertible {
  /// What went wrong, in words.
  public var description: String {
    switch self {
    case .undeclared(let symbol): "'\(symbol)' is not declared"
    case .tooLarge:
      "the result would have more than \(Environment.maximumUnfoldedBoxes) boxes"
    case .types(let symbol): "a use of '\(symbol)' doesn't have the type of its definition"
    case .axes(let label, let axis):
      "'\(label)' is per \(axis), and another axis around it becomes \(axis) too"
    case .replacement(let error): error.description
    }
  }
}

extension Environment {
  /// How many boxes one unfolding may make, those of the definitions on the way counted.
  public static let maximumUnfoldedBoxes = 5_000_000

  /// The diagram with uses of other diagrams replaced by what they stand for.
  ///
  /// The labels inside get the label of the use in front, their parameters its `per` axes; sizes that the
  /// definition leaves open become what the use says.
  ///
  /// - Parameters:
  ///   - isUnfolded: which boxes of `diagram` to unfold, among those that are uses.
  ///   - deeply: whether uses inside the definitions are unfolded as well.
  /// - Throws: `UnfoldingError`.
  /// - Complexity: linear in the result.
  public func unfolding(
    _ diagram: Diagram, deeply: Bool = false, where isUnfolded: (BoxID, DiagramUse) -> Bool
  ) throws(UnfoldingError) -> Diagram {
    var unfolded: [Symbol: UnfoldedDiagram] = [:]
    var budget = Self.maximumUnfoldedBoxes
    if deeply { unfolded = try unfoldedDefinitions(for: diagram, &budget) }
    let result = try expanding(diagram, &budget, isUnfolded) { symbol in
      unfolded[symbol] ?? definition(symbol).map { UnfoldedDiagram(diagram: $0.diagram) }
    }
    return result.diagram
  }

  /// The diagram with every use unfolded, and every use inside those, down to boxes of the theory.
  ///
  /// - Throws: `UnfoldingError`.
  public func unfoldingAll(_ diagram: Diagram) throws(UnfoldingError) -> Diagram {
    try unfoldingWithUses(diagram).diagram
  }

  /// As `unfoldingAll`, and where in the root region each use, and each inside it, has come.
  ///
  /// - Throws: `UnfoldingError`.
  /// - Complexity: linear in the result.
  package func unfoldingWithUses(_ diagram: Diagram) throws(UnfoldingError) -> UnfoldedDiagram {
    if diagram.usedDefinitions.isEmpty { return UnfoldedDiagram(diagram: diagram) }
    var budget = Self.maximumUnfoldedBoxes
    let unfolded = try unfoldedDefinitions(for: diagram, &budget)
    return try expanding(diagram, &budget, { _, _ in true }) { unfolded[$0] }
  }

  /// What the substitution of sizes and the new labels are when a use is unfolded.
  ///
  /// - Throws: `UnfoldingError.types`, when the ports don't fit the definition.
  public func transform(
    for use: DiagramUse, domain: [WireType], codomain: [WireType]
  ) throws(UnfoldingError) -> DiagramTransform {
    guard let definition = definition(use.definition) else { throw .undeclared(use.definition) }
    let scheme = TypeScheme(definition.diagram.domainTypes, definition.diagram.codomainTypes)
    guard definition.openSizes.count == use.openSizes.count else { throw .types(use.definition) }
    let open = Dictionary(uniqueKeysWithValues: zip(definition.openSizes, use.openSizes))
    guard var substitution = scheme.instance(domain, codomain, sizes: open) else {
      throw .types(use.definition)
    }
    substitution.sizes.merge(open) { _, given in given }
    let (label, per) = (use.label, use.per)
    return DiagramTransform(substitution: substitution) { $0.prefixed(label: label, per: per) }
  }

  /// Definitions of everything that a diagram uses, directly or not, without any use left in them.
  private func unfoldedDefinitions(
    for diagram: Diagram, _ budget: inout Int
  ) throws(UnfoldingError) -> [Symbol: UnfoldedDiagram] {
    var needed = Set(diagram.usedDefinitions)
    for definition in definitions.reversed() where needed.contains(definition.symbol) {
      needed.formUnion(definition.diagram.usedDefinitions)
    }
    var unfolded: [Symbol: UnfoldedDiagram] = [:]
    for definition in definitions where needed.contains(definition.symbol) {
      unfolded[definition.symbol] = try expanding(definition.diagram, &budget, { _, _ in true }) {
        unfolded[$0]
      }
    }
    return unfolded
  }

  private func expanding(
    _ diagram: Diagram, _ budget: inout Int, _ isUnfolded: (BoxID, DiagramUse) -> Bool,
    by definition: (Symbol) -> UnfoldedDiagram?
  ) throws(UnfoldingError) -> UnfoldedDiagram {
    var (parts, bodies): ([Replacement], [(symbol: Symbol, body: UnfoldedDiagram)]) = ([], [])
    budget -= diagram.boxCount
    for region in 0..<diagram.regionCount {
      for box in diagram.boxes(in: RegionID(region)) {
        guard case .use(let use) = diagram.operation(of: box), isUnfolded(box, use) else {
          continue
        }
        guard let body = definition(use.definition) else { throw .undeclared(use.definition) }
        budget -= body.diagram.boxCount
        guard budget >= 0 else { throw .tooLarge }
        let ports = diagram.portTypes(of: box)
        bodies.append((use.definition, body))
        parts.append(
          Replacement(
            region: RegionID(region), removed: [box], diagram: body.diagram,
            transform: try transform(for: use, domain: ports.domain, codomain: ports.codomain),
            inputs: Array(diagram.inputs(of: box)), outputs: Array(diagram.outputs(of: box))))
      }
    }
    guard !parts.isEmpty else { return UnfoldedDiagram(diagram: diagram) }
    let axes = diagram.axesAroundRegions()
    for part in parts { try checkAxes(part, outer: axes[part.region.index]) }
    do {
      let (result, places) = try diagram.replacingInPlaces(parts)
      return UnfoldedDiagram(diagram: result, uses: UnfoldedDiagram.uses(of: bodies, places))
    } catch {
      throw .replacement(error)
    }
  }

  /// Learned boxes must keep the lane that their `per` axes name.
  private func checkAxes(_ part: Replacement, outer: [Size]) throws(UnfoldingError) {
    guard part.diagram.isLearned else { return }
    try part.diagram.forEachLearned { operation, axes throws(UnfoldingError) in
      let sized = axes.map { (try? part.transform.substitution($0)) ?? $0 }
      let before = operation.perAxes
      let after = part.transform.operation(
        (try? operation.substituting(part.transform.substitution.sizes)) ?? operation)
      let added = after.perAxes.count - before.count
      for (position, axis) in after.perAxes.enumerated() {
        let place = (outer + sized).lastIndex(of: axis)
        let expected =
          position < added
          ? outer.lastIndex(of: axis)
          : axes.lastIndex(of: before[position - added]).map { $0 + outer.count }
        if place != expected { throw .axes(label: after.label ?? "", axis: axis) }
      }
    }
  }
}

extension Operation {
  /// The operation as it is inside a use with this label: labels get it in front, parameters its axes.
  func prefixed(label: String, per: [Size]) -> Operation {
    switch self {
    case .learned(var box):
      box.label = "\(label).\(box.label)"
      box.per = per + box.per
      return .learned(box)
    case .use(var use) where !use.label.isEmpty:
      use.label = "\(label).\(use.label)"
      use.per = per + use.per
      return .use(use)
    default: return self
    }
  }

  /// The label of a learned box, or of a use that has one.
  public var label: String? {
    switch self {
    case .learned(let box): box.label
    case .use(let use) where !use.label.isEmpty: use.label
    default: nil
    }
  }

  /// The axes that have one set of parameters per lane.
  public var perAxes: [Size] {
    switch self {
    case .learned(let box): box.per
    case .use(let use): use.per
    default: []
    }
  }
}

extension Diagram {
  /// The diagrams that this one uses, on all levels, without repetition.
  public var usedDefinitions: [Symbol] {
    operations.compactMap { operation in
      if case .use(let use) = operation { use.definition } else { nil }
    }.removingRepetitions()
  }

  /// For every region, the axes of the SIMD and scan boxes around it, outermost first.
  ///
  /// - Complexity: linear in the boxes, and in the sum of the nesting depths of the regions.
  public func axesAroundRegions() -> [[Size]] {
    let regionOfBox = regionsOfBoxes()
    var axes: [[Size]] = Array(repeating: [], count: regionCount)
    for index in (0..<regionCount).reversed() {
      guard let owner = owner(of: RegionID(index)), let axis = operation(of: owner).axis else {
        continue
      }
      axes[index] = axes[regionOfBox[owner.index].index] + [axis]
    }
    return axes
  }

  /// For every box, the region it stands in.
  public func regionsOfBoxes() -> [RegionID] {
    var regions = Array(repeating: root, count: boxCount)
    for region in 0..<regionCount {
      for box in boxes(in: RegionID(region)) { regions[box.index] = RegionID(region) }
    }
    return regions
  }

  /// Visits every operation that has a label, with the axes around it, outermost first.
  package func forEachLearned<Failure: Error>(
    _ visit: (Operation, [Size]) throws(Failure) -> Void
  ) throws(Failure) {
    let axesAroundRegions = axesAroundRegions()
    for region in 0..<regionCount {
      let axes = axesAroundRegions[region]
      for box in boxes(in: RegionID(region)) {
        let operation = operation(of: box)
        if operation.label != nil { try visit(operation, axes) }
      }
    }
  }
}
