import DiagramIR

/// A proof that rules of `symmetric` diagrams terminate, by what lies before each box.
///
/// Every wire has a **current**: 1 at the inputs, and behind a box 1 more than the sum over the box's inputs. A
/// box weighs a constant plus multiples of the currents of its inputs. A rule that raises the current of no output
/// and lowers the sum of weights, whatever the currents of its inputs, lowers the sum over every diagram that it is
/// applied in, since all weights grow with the currents. With `isReversed`, currents start at the outputs.
///
/// Associativity is such a rule: in `mul(mul(a, b), c)` more lies before the first inputs than in
/// `mul(a, mul(b, c))`.
///
/// Source: derivations of Guiraud, *Termination orders for three-dimensional rewriting*, 2006, with linear currents.
public struct PositionWeights: Hashable, Sendable {
  /// What boxes of one kind weigh.
  public struct Weight: Hashable, Sendable {
    /// The name of the box.
    public let name: String
    /// What it weighs in any case.
    public let constant: Int
    /// By how much the currents of its inputs count; with `isReversed`, of its outputs.
    public let factors: [Int]
  }

  /// The weights, by name; boxes that are not listed weigh nothing.
  public let weights: [Weight]
  /// Whether currents go from the outputs to the inputs.
  public let isReversed: Bool

  /// Searches for weights; `nil` when none are found, which proves nothing.
  ///
  /// - Complexity: at most 5000 rounds over all rules.
  init?(_ rules: [(left: Diagram, right: Diagram)]) {
    for isReversed in [false, true] {
      let system = WeightSystem(rules, isReversed: isReversed)
      guard let found = system?.solution() else { continue }
      (weights, self.isReversed) = (found, isReversed)
      return
    }
    return nil
  }
}

/// A linear form in the currents at one end of a diagram: the constant, then a factor for each wire.
private struct CurrentForm {
  var terms: [Int]

  /// The form where each current is 1 more than another one: then it is at least 0 for all currents when its terms
  /// are.
  var shifted: [Int] { [terms.reduce(0, +)] + terms.dropFirst() }
}

/// Inequalities for the weights of boxes: what rules demand of them.
private struct WeightSystem {
  /// A weight's place: the kind of box, and the number of an input, or nothing for the constant.
  private struct Place: Hashable {
    let key: OperationKey
    let input: Int?
  }

  private static let limit = 1_000_000
  private var places: [Place] = []
  private var numbers: [Place: Int] = [:]
  /// Sums that must be above 0, and sums that must not be below.
  private var positive: [[Int: Int]] = []
  private var notNegative: [[Int: Int]] = []
  private let isReversed: Bool

  /// `nil` where a rule raises a current, or is not flat and symmetric.
  init?(_ rules: [(left: Diagram, right: Diagram)], isReversed: Bool) {
    self.isReversed = isReversed
    for (left, right) in rules {
      guard left.doctrine == .symmetric, left.regionCount == 1, right.regionCount == 1,
        let before = weigh(left), let after = weigh(right)
      else { return nil }
      for (old, new) in zip(before.ends, after.ends) {
        let drop = CurrentForm(terms: zip(old.terms, new.terms).map { $0 - $1 })
        guard drop.shifted.allSatisfy({ $0 >= 0 }) else { return nil }
      }
      demand(before.weights, after.weights)
    }
  }

  private mutating func demand(_ before: [Int: CurrentForm], _ after: [Int: CurrentForm]) {
    var sums: [[Int: Int]] = []
    for place in Set(before.keys).union(after.keys).sorted() {
      let (old, new) = (before[place]?.shifted ?? [], after[place]?.shifted ?? [])
      for term in 0..<max(old.count, new.count) {
        while sums.count <= term { sums.append([:]) }
        let drop = (term < old.count ? old[term] : 0) - (term < new.count ? new[term] : 0)
        if drop != 0 { sums[term][place] = drop }
      }
    }
    positive.append(sums.first ?? [:])
    notNegative += sums.dropFirst()
  }

  // MARK: Currents

  /// The currents at the other end of a diagram, and what multiplies each weight in the sum over its boxes.
  private mutating func weigh(
    _ diagram: Diagram
  ) -> (ends: [CurrentForm], weights: [Int: CurrentForm])? {
    let (starts, ends) =
      isReversed ? (diagram.codomain, diagram.domain) : (diagram.domain, diagram.codomain)
    let width = starts.count + 1
    var currents: [WireID: CurrentForm] = [:]
    for (number, wire) in starts.enumerated() {
      var form = CurrentForm(terms: Array(repeating: 0, count: width))
      form.terms[number + 1] = 1
      currents[wire] = form
    }
    var weights: [Int: CurrentForm] = [:]
    let one = CurrentForm(terms: [1] + Array(repeating: 0, count: width - 1))
    let order =
      diagram.topologicalOrder(of: diagram.root, producers: diagram.producers()) ?? []
    for box in isReversed ? order.reversed() : order {
      let (before, behind) =
        isReversed
        ? (diagram.outputs(of: box), diagram.inputs(of: box))
        : (diagram.inputs(of: box), diagram.outputs(of: box))
      let key = OperationKey(diagram.operation(of: box))
      guard add(one, to: &weights, at: Place(key: key, input: nil)) else { return nil }
      var sum = one
      for (number, wire) in before.enumerated() {
        guard let current = currents[wire], sum.add(current, limit: Self.limit),
          add(current, to: &weights, at: Place(key: key, input: number))
        else { return nil }
      }
      for wire in behind { currents[wire] = sum }
    }
    return (ends.compactMap { currents[$0] }, weights)
  }

  private mutating func add(
    _ form: CurrentForm, to weights: inout [Int: CurrentForm], at place: Place
  ) -> Bool {
    if numbers[place] == nil {
      numbers[place] = places.count
      places.append(place)
    }
    guard let number = numbers[place] else { return false }
    var sum = weights[number] ?? CurrentForm(terms: form.terms.map { _ in 0 })
    guard sum.add(form, limit: Self.limit) else { return false }
    weights[number] = sum
    return true
  }

  // MARK: Solving

  /// Weights, none negative, with which every inequality holds: the perceptron's rule, up to a limit of rounds.
  func solution() -> [PositionWeights.Weight]? {
    var weights = places.map { $0.input == nil ? 1 : 0 }
    let sum = { (vector: [Int: Int], weights: [Int]) in
      vector.reduce(0) { $0 + $1.value * weights[$1.key] }
    }
    for _ in 0..<5000 {
      let failing =
        positive.first { sum($0, weights) <= 0 } ?? notNegative.first { sum($0, weights) < 0 }
      if let failing {
        for (place, value) in failing { weights[place] += value }
      } else if let negative = weights.firstIndex(where: { $0 < 0 }) {
        weights[negative] += 1
      } else {
        return listed(weights)
      }
      guard weights.allSatisfy({ abs($0) < Self.limit }) else { return nil }
    }
    return nil
  }

  private func listed(_ weights: [Int]) -> [PositionWeights.Weight] {
    let keys = Set(places.map(\.key)).sorted { $0.description < $1.description }
    return keys.compactMap { key in
      var (constant, factors): (Int, [Int]) = (0, [])
      for (place, weight) in zip(places, weights) where place.key == key {
        guard let input = place.input else {
          constant = weight
          continue
        }
        while factors.count <= input { factors.append(0) }
        factors[input] = weight
      }
      guard constant > 0 || factors.contains(where: { $0 > 0 }) else { return nil }
      return PositionWeights.Weight(
        name: key.description, constant: constant, factors: factors)
    }
  }
}

extension CurrentForm {
  /// Adds another form; `false` when a term would be too large.
  fileprivate mutating func add(_ other: CurrentForm, limit: Int) -> Bool {
    for place in terms.indices where place < other.terms.count {
      terms[place] += other.terms[place]
    }
    return terms.allSatisfy { $0 <= limit }
  }
}
