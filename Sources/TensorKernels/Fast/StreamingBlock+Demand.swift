// Which values of a tile are computed: what a fold takes place by place, and what that needs. A mask that hides a whole
// tile hides what was computed for it too.
//
// Exact, in every bit: a score of −∞ in the whole tile leaves the largest entry of each row, a weight of zero its
// sums, and a weight of zero times finite numbers sums of products. What adds −∞ to scores, or multiplies them by
// zero, gives these only where scores are finite, which bounds on their factors must show.
extension StreamingBlock {
  /// Finds out what is known of the tile, and which values are needed.
  func examine(_ actions: [StreamingProgram.Action]) {
    for case .tile(let number) in actions {
      keep(range(program.tiles[number], number), of: number)
      if !kernel.isSeparate, constant(number) == nil { need(number) } else { spare(number) }
    }
    for action in actions.reversed() {
      switch action {
      case .row(let row):
        if !isHidden(row) { need(program.rows[row]) }
      case .product(let product):
        if !isSpared(product) { need(program.products[product].weights) }
      case .tile(let number):
        if isNeeded(number) { need(program.tiles[number]) }
      }
    }
  }

  /// Whether the tile changes nothing about a fold of rows.
  func isHidden(_ row: Int) -> Bool {
    guard kernel.isExamined else { return false }
    return switch program.rows[row] {
    case .peak(let source): constant(source) == -.infinity
    case .sum(let source, _): range(source)?.isZero ?? false
    case .apply: false
    }
  }

  /// Whether the tile adds nothing to a sum of products.
  func isSpared(_ product: Int) -> Bool {
    guard kernel.isExamined, range(program.products[product].weights)?.isZero ?? false else {
      return false
    }
    return hasFiniteValues(product)
  }

  // MARK: - Needs

  private func need(_ value: StreamingProgram.RowValue) {
    switch value {
    case .peak(let source), .sum(let source, _): need(source)
    case .apply: return
    }
  }

  private func need(_ value: StreamingProgram.TileValue) {
    switch value {
    case .product: return
    case .load(let source), .exponential(let source, _): need(source)
    case .depthSum(_, let body): for value in body { need(value) }
    case .apply(.select, let sources):
      if let condition = constant(sources[0]) { return need(sources[condition != 0 ? 1 : 2]) }
      for source in sources { need(source) }
    case .apply(_, let sources): for source in sources { need(source) }
    }
  }

  private func need(_ source: StreamingProgram.Source) {
    if case .tile(let number) = source, constant(number) == nil { need(number) }
  }

  func need(_ number: Int) { scratch[memory.needs + number] = 1 }

  private func spare(_ number: Int) { scratch[memory.needs + number] = 0 }

  /// Whether a value is computed place by place.
  func isNeeded(_ number: Int) -> Bool { scratch[memory.needs + number] != 0 }
}

extension StreamingProgram {
  /// Whether something depends on the position along rows or columns alone, so that what it hides may be known for
  /// whole tiles.
  var isPositional: Bool {
    tiles.contains { value in
      guard case .apply(_, let sources) = value else { return false }
      return sources.contains { source in
        guard case .array(let array) = source else { return false }
        return (arrays[array].row == 0) != (arrays[array].column == 0)
      }
    }
  }
}
