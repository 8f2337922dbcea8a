import DiagramIR

/// An exact rule whose left side, applied to its one input, is that input again: `transpose(transpose(x)) == x`.
///
/// Its last map has its others as a **section**, its first ones are an **embedding**: a learner before the last map, or
/// behind the first, can undo it, and loses nothing by absorbing it.
struct Retraction {
  let rule: Rule
  /// Sizes that the wire alone doesn't tell.
  private let openSizes: [SizeVariable]

  /// `nil` for other rules.
  init?(_ rule: Rule) {
    let (left, right) = (rule.left, rule.right)
    guard rule.relation == .equal, right.doctrine == .cartesian, right.boxCount == 0,
      right.domain.count == 1, Array(right.codomain) == Array(right.domain), left.boxCount > 0
    else { return nil }
    self.rule = rule
    let known = Set(right.domainTypes.flatMap(\.sizeVariables))
    openSizes = left.sizeVariables.filter { !known.contains($0) }
  }

  /// Whether using it on a special case of a diagram may help to find the diagrams for its learned boxes.
  ///
  /// Some of its maps must stay outside of them, and be boxes of the diagram, or go to two of them, one behind the
  /// other; when all of them are inside of one, that one needs no such rule.
  func concerns(_ general: Diagram) -> Bool {
    let named = Set(general.operations.filter(\.isNamed))
    if named.isEmpty || rule.left.operations.contains(where: { named.contains($0) }) { return true }
    let producers = general.producers()
    return (0..<general.boxCount).map { BoxID($0) }.contains { box in
      guard case .learned = general.operation(of: box) else { return false }
      return general.inputs(of: box).contains { wire in
        guard producers[wire.index] >= 0 else { return false }
        if case .learned = general.operation(of: BoxID(Int(producers[wire.index]))) { return true }
        return false
      }
    }
  }

  /// The diagrams that come out when the rule is used backward at each wire, in lanes where the wire has more axes;
  /// with an open size, once for each size of another diagram.
  func expansions(of diagram: Diagram, beside other: Diagram) -> [Diagram] {
    guard diagram.doctrine == .cartesian, openSizes.count <= 1 else { return [] }
    let index = DiagramIndex(diagram)
    let choices = openSizes.isEmpty ? [nil] : other.sizeVariables.map { Size($0) as Size? }
    return index.wireOrder.flatMap { wire in
      choices.compactMap { expansion(of: diagram, index, at: wire, $0) }
    }
  }

  private func expansion(
    of diagram: Diagram, _ index: DiagramIndex, at wire: WireID, _ size: Size?
  ) -> Diagram? {
    guard let maps = maps(on: diagram.type(of: wire), size) else { return nil }
    let part = Replacement(
      region: index.regionOfWire[wire.index], removed: [], diagram: maps, inputs: [wire],
      outputs: [wire])
    return try? diagram.replacing([part])
  }

  /// The left side for a wire of this type, in lanes over the leading axes that the rule doesn't know.
  private func maps(on type: WireType, _ size: Size?) -> Diagram? {
    let scheme = TypeScheme(rule.right.domainTypes, [])
    var (lane, axes): (WireType, [Size]) = (type, [])
    while true {
      if var substitution = scheme.instance([lane], []) {
        for variable in openSizes { substitution.sizes[variable] = size }
        let left = try? rule.left.transformed(
          by: DiagramTransform(substitution: substitution) { $0 })
        return axes.reversed().reduce(left) { $0?.simd($1) }
      }
      guard let axis = lane.axis, let inner = lane.lane else { return nil }
      axes.append(axis)
      lane = inner
    }
  }
}

extension Operation {
  /// Whether it is a box or a diagram used as one.
  fileprivate var isNamed: Bool {
    switch self {
    case .box, .use: true
    default: false
    }
  }
}
