import TensorKernels

// The laws, for a row's entries s and a number t of the row, with c the largest of s:
//   exp(s - t) = exp(s - c) · exp(c - t) where t is at least c, so that neither factor is above 1
//   Σ (w · t) v = (Σ w v) · t,  Σ (w / t) v = (Σ w v) / t,  Σ (w ± u) v = Σ w v ± Σ u v
// They move what is known only after a pass out of what the pass computes. They don't reach into functions that
// aren't linear: select(m, w / t, 0) is 0 where m hides a place, but 0 / t may be NaN.
extension StreamedNodes {
  /// A part of a sum: a node times a number of the row, divided by another.
  struct Term {
    var base: Int
    var numerator: Int?
    var denominator: Int?
    var isNegative = false
  }

  /// A node as a part of linear functions, whose exponentials may be taken apart, or as it is.
  struct Reading: Hashable {
    let node: Int
    var isWhole = false
  }

  /// The most terms that a node is taken apart into.
  static let mostTerms = 4

  /// The node with folds that need as few passes as the laws allow.
  mutating func lowered(_ reading: Reading, _ known: inout [Reading: Int]) -> Int {
    if let result = known[reading] { return result }
    let node = reading.node
    let result: Int
    switch nodes[node] {
    case .apply(.unary(.exp), let operands) where !reading.isWhole:
      if let difference = boundedDifference(operands[0]) {
        result = exponential(difference, &known)
      } else {
        let body = lowered(Reading(node: operands[0], isWhole: true), &known)
        result = apply(.unary(.exp), body)
      }
    case .apply(let operation, let operands):
      let isWhole = reading.isWhole || !operation.isLinear
      var parts: [Int] = []
      for operand in operands {
        parts.append(lowered(Reading(node: operand, isWhole: isWhole), &known))
      }
      result = add(.apply(operation, parts))
    case .depthSum(let body, let depth):
      let body = lowered(Reading(node: body, isWhole: reading.isWhole), &known)
      result = add(.depthSum(body, depth: depth))
    case .fold(.max, let body):
      let body = lowered(Reading(node: body, isWhole: true), &known)
      result = add(.peak(body))
    case .fold(let function, let body):
      let body = lowered(Reading(node: body), &known)
      result = folded(body, count: function == .mean)
    default: result = node
    }
    known[reading] = result
    return result
  }

  /// The sum of a row, or its mean.
  private mutating func folded(_ body: Int, count: Bool) -> Int {
    var total: Int?
    for term in terms(body) {
      var part = add(.sum(term.base))
      if let numerator = term.numerator { part = apply(.mul, part, numerator) }
      if let denominator = term.denominator { part = apply(.div, part, denominator) }
      if let sum = total {
        total = apply(term.isNegative ? .sub : .add, sum, part)
      } else {
        total = term.isNegative ? apply(.unary(.neg), part) : part
      }
    }
    let sum = total ?? add(.number(0))
    guard count else { return sum }
    let size = add(.number(Float(columnCount)))
    return apply(.div, sum, size)
  }

  // MARK: - Exponentials

  /// The exponential of entries less a number of the row that is at least their largest.
  private mutating func exponential(
    _ difference: (entries: Int, bound: Int), _ known: inout [Reading: Int]
  ) -> Int {
    let entries = lowered(Reading(node: difference.entries, isWhole: true), &known)
    let bound = lowered(Reading(node: difference.bound, isWhole: true), &known)
    let peak = add(.peak(entries))
    let rest = apply(.sub, peak, bound)
    let (value, factor) = (add(.exponential(entries)), apply(.unary(.exp), rest))
    return apply(.mul, value, factor)
  }

  private func isLateRow(_ node: Int) -> Bool {
    !traits[node].movesColumn && traits[node].level > 0
  }

  // MARK: - Terms

  /// A node as a sum whose parts are known as early as can be.
  mutating func terms(_ node: Int) -> [Term] {
    let parts = linear(node)
    let level = parts.map { traits[$0.base].level }.max() ?? 0
    return level < traits[node].level ? parts : [Term(base: node)]
  }

  private mutating func linear(_ node: Int) -> [Term] {
    if let known = linearForms[node] { return known }
    let terms = newLinear(node)
    linearForms[node] = terms
    return terms
  }

  private mutating func newLinear(_ node: Int) -> [Term] {
    let whole = [Term(base: node)]
    guard case .apply(let operation, let operands) = nodes[node], traits[node].level > 0 else {
      return whole
    }
    switch operation {
    case .unary(.neg):
      return linear(operands[0]).map { term in
        var term = term
        term.isNegative.toggle()
        return term
      }
    case .binary(.add), .binary(.sub):
      var second = linear(operands[1])
      if operation == .binary(.sub) {
        for place in second.indices { second[place].isNegative.toggle() }
      }
      let all = linear(operands[0]) + second
      return all.count <= Self.mostTerms ? all : whole
    case .binary(.mul): return product(operands[0], operands[1]) ?? whole
    case .binary(.div):
      var terms = linear(operands[0])
      for place in terms.indices {
        divide(&terms[place], by: operands[1])
      }
      return terms
    case .select where isZero(operands[2]) || isZero(operands[1]):
      let first = isZero(operands[2])
      var terms = linear(operands[first ? 1 : 2])
      guard terms.allSatisfy({ $0.numerator == nil && $0.denominator == nil }) else {
        return whole
      }
      for place in terms.indices {
        let base = terms[place].base
        terms[place].base = add(
          .apply(.select, [operands[0], first ? base : operands[1], first ? operands[2] : base]))
      }
      return terms
    default: return whole
    }
  }

  private mutating func product(_ a: Int, _ b: Int) -> [Term]? {
    if isLateRow(b) || isLateRow(a) {
      let (row, wide) = isLateRow(b) ? (b, a) : (a, b)
      guard traits[wide].movesColumn else { return nil }
      var terms = linear(wide)
      for place in terms.indices {
        let old = terms[place].numerator
        terms[place].numerator = old.map { apply(.mul, $0, row) } ?? row
      }
      return terms
    }
    // What a factor is multiplied by for each place stays with its base.
    let (first, second) = (linear(a), linear(b))
    guard first.count * second.count <= Self.mostTerms else { return nil }
    var terms: [Term] = []
    for left in first {
      for right in second {
        var term = Term(base: apply(.mul, left.base, right.base))
        term.numerator = joined(left.numerator, right.numerator)
        term.denominator = joined(left.denominator, right.denominator)
        term.isNegative = left.isNegative != right.isNegative
        terms.append(term)
      }
    }
    return terms
  }

  private mutating func joined(_ a: Int?, _ b: Int?) -> Int? {
    guard let a, let b else { return a ?? b }
    return apply(.mul, a, b)
  }

  private mutating func divide(_ term: inout Term, by divisor: Int) {
    if isLateRow(divisor) {
      term.denominator = joined(term.denominator, divisor)
    } else {
      term.base = apply(.div, term.base, divisor)
    }
  }
}
