import DiagramIR

/// Why applying rules left to right comes to an end, where that is known.
///
/// In `symmetric`, a step takes the boxes of the left side away and adds those of the right side, so a weighted
/// number of boxes that falls from left to right falls with each step. In `cartesian`, boxes that something else
/// consumes stay; there the number is that of the unfolded tree of each result, and a rule must also use no
/// input more often on the right than on the left.
public enum TerminationArgument: Hashable, Sendable {
  /// Each rule lowers the number of boxes.
  case boxes
  /// Each rule lowers the weighted number of boxes; boxes that are not listed weigh nothing.
  case weightedBoxes([BoxWeight])
  /// Each rule lowers a number of boxes weighted by what lies before them.
  case positions(PositionWeights)
  /// Each rule replaces a box by boxes that come later in an order of kinds.
  case kinds(KindOrder)
  /// No argument is known for these rules; they may still terminate.
  case unknown([Symbol])

  /// Whether an argument is known.
  public var isKnown: Bool { if case .unknown = self { false } else { true } }
}

/// What a kind of box counts.
public struct BoxWeight: Hashable, Sendable {
  /// The name of the box.
  public let name: String
  /// The weight, positive.
  public let weight: Int
}

extension TerminationArgument {
  /// Searches for an argument.
  ///
  /// - Complexity: at most 5000 rounds over all rules.
  init(_ rewrites: [(symbol: Symbol, left: Diagram, right: Diagram)]) {
    let found = Self.counting(rewrites)
    let rules = rewrites.map { (left: $0.left, right: $0.right) }
    if found.isKnown {
      self = found
    } else if let order = KindOrder(rules) {
      self = .kinds(order)
    } else if let weights = PositionWeights(rules) {
      self = .positions(weights)
    } else {
      self = found
    }
  }

  /// What the numbers of boxes alone say.
  private static func counting(
    _ rewrites: [(symbol: Symbol, left: Diagram, right: Diagram)]
  ) -> TerminationArgument {
    var drops: [(symbol: Symbol, drop: [OperationKey: Int])] = []
    var unknown: [Symbol] = []
    for (symbol, left, right) in rewrites {
      guard let found = Self.drops(left, right) else {
        unknown.append(symbol)
        continue
      }
      drops += found.map { (symbol, $0) }
    }
    let keys = Set(drops.flatMap(\.drop.keys)).sorted { $0.description < $1.description }
    let vectors = drops.map { drop in keys.map { drop.drop[$0] ?? 0 } }
    unknown += zip(drops, vectors).filter { !$1.contains { $0 > 0 } }.map(\.0.symbol)
    guard unknown.isEmpty else {
      return .unknown(unknown.removingNeighbours())
    }
    if vectors.allSatisfy({ $0.reduce(0, +) > 0 }) {
      return .boxes
    } else if let weights = Self.weights(lowering: vectors, count: keys.count) {
      return .weightedBoxes(
        zip(keys, weights).filter { $1 > 0 }.map { BoxWeight(name: $0.description, weight: $1) })
    } else {
      let failing = zip(drops, vectors).filter { $1.reduce(0, +) <= 0 }.map(\.0.symbol)
      return .unknown(failing.removingNeighbours())
    }
  }

  /// By how much the numbers of boxes fall, for each result in `cartesian`; `nil` when the right side copies an
  /// input, or the numbers are too large.
  private static func drops(_ left: Diagram, _ right: Diagram) -> [[OperationKey: Int]]? {
    guard left.doctrine == .cartesian else {
      return [BoxTally(left).boxes.subtracting(BoxTally(right).boxes)]
    }
    guard let before = BoxTally.results(of: left), let after = BoxTally.results(of: right) else {
      return nil
    }
    var drops: [[OperationKey: Int]] = []
    for (before, after) in zip(before, after) where !(before == after && before.isInput) {
      guard after.inputs.allSatisfy({ $0.value <= before.inputs[$0.key] ?? 0 }) else {
        return nil
      }
      drops.append(before.boxes.subtracting(after.boxes))
    }
    return drops
  }

  /// Weights, none negative, with which every vector has a positive sum: the perceptron's rule, which finds them
  /// when there are any, up to a limit of rounds.
  private static func weights(lowering vectors: [[Int]], count: Int) -> [Int]? {
    var weights = Array(repeating: 1, count: count)
    for _ in 0..<5000 {
      let failing = vectors.first { zip($0, weights).reduce(0) { $0 + $1.0 * $1.1 } <= 0 }
      if let failing {
        for place in 0..<count { weights[place] += failing[place] }
      } else if let negative = weights.firstIndex(where: { $0 < 0 }) {
        weights[negative] += 1
      } else {
        return weights
      }
      guard weights.allSatisfy({ abs($0) < 1_000_000 }) else { return nil }
    }
    return nil
  }
}

extension Array where Element: Equatable {
  /// The elements without those that equal the one before.
  fileprivate func removingNeighbours() -> [Element] {
    enumerated().filter { $0.offset == 0 || self[$0.offset - 1] != $0.element }.map(\.element)
  }
}

extension [OperationKey: Int] {
  fileprivate func subtracting(_ other: Self) -> Self {
    merging(other.mapValues { -$0 }, uniquingKeysWith: +).filter { $0.value != 0 }
  }
}
