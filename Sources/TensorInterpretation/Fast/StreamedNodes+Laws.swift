import TensorKernels

// The laws, for a row's entries s and any number t of the row, with the shift c the largest of s:
//   exp(s - t) = exp(s - c) · exp(c - t)
//   Σ (w · t) v = (Σ w v) · t,  Σ (w / t) v = (Σ w v) / t,  Σ (w ± u) v = Σ w v ± Σ u v
// They move what is known only after a pass out of what the pass computes.
extension StreamedNodes {
  /// A part of a sum: a node times a number of the row, divided by another.
  struct Term {
    var base: Int
    var numerator: Int?
    var denominator: Int?
    var isNegative = false
  }

  /// The most terms that a node is taken apart into.
  static let mostTerms = 4

  /// The node with folds that need as few passes as the laws allow.
  mutating func lowered(_ node: Int, _ known: inout [Int: Int]) -> Int {
    if let result = known[node] { return result }
    let result: Int
    switch nodes[node] {
    case .apply(let operation, let operands):
      var parts: [Int] = []
      for operand in operands { parts.append(lowered(operand, &known)) }
      result = operation == .unary(.exp) ? exponential(parts[0]) : add(.apply(operation, parts))
    case .depthSum(let body, let depth):
      result = add(.depthSum(lowered(body, &known), depth: depth))
    case .fold(.max, let body):
      let body = lowered(body, &known)
      result = add(.peak(body))
    case .fold(let function, let body):
      let body = lowered(body, &known)
      result = folded(body, count: function == .mean)
    default: result = node
    }
    known[node] = result
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

  private mutating func exponential(_ x: Int) -> Int {
    let (wide, row) = split(x)
    guard traits[x].movesColumn, let row, traits[wide].level < traits[x].level,
      traits[wide].peak == nil, !traits[wide].movesDepth
    else { return apply(.unary(.exp), x) }
    let shift = add(.shift(wide))
    let factor = apply(.unary(.exp), apply(.add, shift, row))
    let value = add(.exponential(wide))
    return apply(.mul, value, factor)
  }

  /// A node as a sum of one that is known early and a number of the row that is known late.
  private mutating func split(_ x: Int) -> (wide: Int, row: Int?) {
    if let known = splits[x] { return known }
    let parts = newSplit(x)
    splits[x] = parts
    return parts
  }

  private mutating func newSplit(_ x: Int) -> (wide: Int, row: Int?) {
    guard case .apply(let operation, let operands) = nodes[x], traits[x].movesColumn else {
      return (x, nil)
    }
    switch operation {
    case .unary(.neg):
      let (wide, row) = split(operands[0])
      guard let row else { return (x, nil) }
      return (apply(.unary(.neg), wide), apply(.unary(.neg), row))
    case .binary(.add), .binary(.sub): return splitSum(x, operation, operands)
    case .binary(.mul), .binary(.div):
      let (a, b) = (operands[0], operands[1])
      if isEarlyRow(b) {
        let (wide, row) = split(a)
        guard let row else { return (x, nil) }
        return (apply(operation, wide, b), apply(operation, row, b))
      }
      guard operation == .binary(.mul), isEarlyRow(a) else { return (x, nil) }
      let (wide, row) = split(b)
      guard let row else { return (x, nil) }
      return (apply(operation, a, wide), apply(operation, a, row))
    default: return (x, nil)
    }
  }

  private mutating func splitSum(
    _ x: Int, _ operation: ScalarOperation, _ operands: [Int]
  ) -> (wide: Int, row: Int?) {
    let (a, b) = (operands[0], operands[1])
    if isLateRow(b) {
      let (wide, row) = split(a)
      if let row { return (wide, apply(operation, row, b)) }
      return (wide, operation == .binary(.sub) ? apply(.unary(.neg), b) : b)
    }
    if isLateRow(a) {
      let (wide, row) = split(b)
      let rest = row.map { apply(operation, a, $0) } ?? a
      return (operation == .binary(.sub) ? apply(.unary(.neg), wide) : wide, rest)
    }
    let (left, right) = (split(a), split(b))
    guard left.row != nil || right.row != nil else { return (x, nil) }
    let wide = apply(operation, left.wide, right.wide)
    guard let second = right.row else { return (wide, left.row) }
    if let first = left.row { return (wide, apply(operation, first, second)) }
    return (wide, operation == .binary(.sub) ? apply(.unary(.neg), second) : second)
  }

  private func isLateRow(_ node: Int) -> Bool {
    !traits[node].movesColumn && traits[node].level > 0
  }

  private func isEarlyRow(_ node: Int) -> Bool {
    !traits[node].movesColumn && traits[node].level == 0
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
