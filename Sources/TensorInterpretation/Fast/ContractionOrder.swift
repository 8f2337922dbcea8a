import TensorKernels

/// An array that is made for another sum of products, found among the factors of this one.
struct KnownProduct {
  /// The factors that it is the product of, as bits.
  let factors: UInt32
  /// The axes that it has.
  let axes: UInt64
  /// How it is made, as an order of its own, in terms of this sum.
  let nodes: [ContractionOrder.Node]
}

/// In which order a sum of products is computed: two arrays at a time, each axis summed as soon as no other factor
/// has it.
///
/// Cheapest of all orders for up to eight factors, by dynamic programming over sets of factors (Held and Karp's
/// way, as for chains of matrices and tensor networks); above, the best next product is taken each time, by what it
/// costs or by what it leaves, whichever leads to less.
struct ContractionOrder {
  enum Kind {
    /// A factor, by position.
    case factor(Int)
    /// The first, summed over axes that it alone has.
    case fold(Int)
    /// A product of two, summed over what the result doesn't have.
    case product(Int, Int)
    /// The first divided by the second.
    case quotient(Int, Int)
  }

  /// An array that is made on the way; its parts come before it.
  struct Node {
    let kind: Kind
    let axes: UInt64
    let factors: UInt32
  }

  /// The most factors of which all orders are compared.
  static let exactLimit = 8

  /// The last one is the result.
  private(set) var nodes: [Node] = []
  private let sum: SumOfProducts
  private let factors: [SumOfProducts.Factor]
  private let axesOfFactors: [UInt64]
  let inverse: UInt32
  private let known: [KnownProduct]
  private let elementLimit: Int

  /// - Parameters:
  ///   - factors: those that aren't numbers.
  ///   - known: products that other sums make anyway.
  ///   - elementLimit: no array that is made has more elements, unless all have.
  init(
    _ sum: SumOfProducts, _ factors: [SumOfProducts.Factor], known: [KnownProduct],
    elementLimit: Int
  ) {
    (self.sum, self.factors, self.known, self.elementLimit) = (sum, factors, known, elementLimit)
    axesOfFactors = factors.map { sum.axes(of: $0.operand) }
    inverse = factors.indices.reduce(0) { factors[$1].isInverse ? $0 | 1 << UInt32($1) : $0 }
    if factors.count <= Self.exactLimit { takeBest() } else { takeGreedily() }
  }

  /// The axes of a product of some factors: those of the result, and those that other factors have.
  private func axes(of set: UInt32) -> UInt64 {
    var (own, others): (UInt64, UInt64) = (0, sum.keptAxes)
    for factor in factors.indices {
      if set & 1 << UInt32(factor) != 0 {
        own |= axesOfFactors[factor]
      } else {
        others |= axesOfFactors[factor]
      }
    }
    return isInverse(set) ? own : own & others
  }

  private func isInverse(_ set: UInt32) -> Bool { set & ~inverse == 0 }

  /// What a step takes that goes over some axes, with arrays over these axes.
  private func cost(_ domain: UInt64, perPlace: Int, _ arrays: UInt64...) -> Int {
    let elements = arrays.reduce(0) { $0.addedSaturating(sum.count($1)) }
    let size = MemoryLayout<Float>.stride
    return KernelWork(
      flops: sum.count(domain).multipliedSaturating(by: perPlace),
      bytesRead: elements.multipliedSaturating(by: size), bytesWritten: 0
    ).cost
  }

  /// What it takes to go from one array to another with fewer axes.
  private func foldCost(_ axes: UInt64, to result: UInt64) -> Int {
    axes == result ? 0 : cost(axes, perPlace: 1, axes, result)
  }

  /// What the product or quotient of two arrays takes; `nil` where there is none: divisors are never multiplied,
  /// since their product may be too large or too small for a number when they aren't.
  private func pairCost(
    _ a: UInt64, _ isDivisorA: Bool, _ b: UInt64, _ isDivisorB: Bool, to result: UInt64
  ) -> Int? {
    let domain = a | b
    if isDivisorA && isDivisorB || sum.count(result) > elementLimit { return nil }
    guard isDivisorA == isDivisorB else {
      if sum.count(domain) > elementLimit { return nil }
      return cost(domain, perPlace: 1, a, b, domain).addedSaturating(foldCost(domain, to: result))
    }
    return cost(domain, perPlace: domain == result ? 1 : 2, a, b, result)
  }
}

// MARK: - All orders

extension ContractionOrder {
  private enum Choice {
    case none
    case factor(Int)
    case known(Int)
    case split(UInt32)
  }

  private mutating func takeBest() {
    let full = UInt32(1) << UInt32(factors.count) - 1
    let axes = (0...full).map { self.axes(of: $0) }
    var costs = Array(repeating: Int.max, count: axes.count)
    var choices = Array(repeating: Choice.none, count: axes.count)
    for set in 1...full {
      let place = Int(set)
      if set & (set - 1) == 0 {
        let factor = set.trailingZeroBitCount
        costs[place] = foldCost(axesOfFactors[factor], to: axes[place])
        choices[place] = .factor(factor)
      }
      var half = (set - 1) & set
      while half != 0 {
        let other = set & ~half
        if half > other, costs[Int(half)] < .max, costs[Int(other)] < .max,
          let pair = pairCost(
            axes[Int(half)], isInverse(half), axes[Int(other)], isInverse(other), to: axes[place])
        {
          let total = costs[Int(half)].addedSaturating(costs[Int(other)]).addedSaturating(pair)
          // Of equal ones, that which divides last.
          let isDivision = isInverse(half) || isInverse(other)
          if total < costs[place] || total == costs[place] && isDivision {
            (costs[place], choices[place]) = (total, .split(half))
          }
        }
        half = (half - 1) & set
      }
      for (position, product) in known.enumerated() where product.factors == set {
        let total = foldCost(product.axes, to: axes[place])
        if total < costs[place] { (costs[place], choices[place]) = (total, .known(position)) }
      }
    }
    _ = add(full, axes, choices)
  }

  /// Adds the nodes of a set of factors; the last is its product.
  private mutating func add(_ set: UInt32, _ axes: [UInt64], _ choices: [Choice]) -> Int? {
    switch choices[Int(set)] {
    case .none: return nil
    case .factor(let factor):
      nodes.append(Node(kind: .factor(factor), axes: axesOfFactors[factor], factors: set))
    case .known(let position):
      let first = nodes.count
      nodes += known[position].nodes.map { $0.renumbered { $0 + first } }
    case .split(let half):
      let other = set & ~half
      let isFirst = half & set & (~set + 1) != 0
      guard let first = add(isFirst ? half : other, axes, choices),
        let second = add(isFirst ? other : half, axes, choices)
      else { return nil }
      addPair(first, second, to: axes[Int(set)])
    }
    return addFold(to: axes[Int(set)])
  }

  private mutating func addPair(_ first: Int, _ second: Int, to axes: UInt64) {
    let (a, b) = (nodes[first], nodes[second])
    let set = a.factors | b.factors
    if isInverse(a.factors) == isInverse(b.factors) {
      nodes.append(Node(kind: .product(first, second), axes: axes, factors: set))
    } else {
      let kind: Kind =
        isInverse(b.factors) ? .quotient(first, second) : .quotient(second, first)
      nodes.append(Node(kind: kind, axes: a.axes | b.axes, factors: set))
    }
  }

  private mutating func addFold(to axes: UInt64) -> Int {
    let last = nodes.count - 1
    if nodes[last].axes != axes {
      nodes.append(Node(kind: .fold(last), axes: axes, factors: nodes[last].factors))
    }
    return nodes.count - 1
  }
}

// MARK: - Many factors

extension ContractionOrder {
  /// Which of two products is taken next.
  private enum Preference: CaseIterable {
    /// The one that costs less.
    case cost
    /// The one after which there are fewer elements (as opt_einsum's greedy paths do: Smith and Gray, 2018).
    case memory
  }

  /// Takes the cheaper of the orders to which preferences lead.
  private mutating func takeGreedily() {
    var best: (nodes: [Node], cost: Int)?
    for preference in Preference.allCases {
      var other = self
      guard let cost = other.take(preferring: preference) else { continue }
      if best.map({ cost < $0.cost }) ?? true { best = (other.nodes, cost) }
    }
    nodes = best?.nodes ?? []
  }

  /// Takes the preferred pair each time; returns what that costs, `nil` where no pair is left that may be taken.
  private mutating func take(preferring preference: Preference) -> Int? {
    var (open, total): ([Int], Int) = ([], 0)
    for factor in factors.indices {
      let set = UInt32(1) << UInt32(factor)
      nodes.append(Node(kind: .factor(factor), axes: axesOfFactors[factor], factors: set))
      total = total.addedSaturating(foldCost(axesOfFactors[factor], to: axes(of: set)))
      open.append(addFold(to: axes(of: set)))
    }
    while open.count > 1 {
      guard let next = next(of: open, preference) else { return nil }
      total = total.addedSaturating(next.cost)
      let (first, second) = (open[next.first], open[next.second])
      let result = axes(of: nodes[first].factors | nodes[second].factors)
      addPair(first, second, to: result)
      open[next.first] = addFold(to: result)
      open.remove(at: next.second)
    }
    return total
  }

  private func next(
    of open: [Int], _ preference: Preference
  ) -> (cost: Int, first: Int, second: Int)? {
    var best: (cost: Int, first: Int, second: Int)?
    var least = (Double.infinity, Double.infinity)
    for second in open.indices {
      for first in open.indices.prefix(second) {
        let (a, b) = (nodes[open[first]], nodes[open[second]])
        let result = axes(of: a.factors | b.factors)
        guard
          let cost = pairCost(
            a.axes, isInverse(a.factors), b.axes, isInverse(b.factors), to: result)
        else { continue }
        let growth =
          Double(sum.count(result)) - Double(sum.count(a.axes)) - Double(sum.count(b.axes))
        let rank = preference == .cost ? (Double(cost), growth) : (growth, Double(cost))
        if best == nil || rank < least { (best, least) = ((cost, first, second), rank) }
      }
    }
    return best
  }
}
