import TensorKernels

extension StreamingProgram {
  /// Flops for each place of the matrix, all passes together.
  var flopsPerPlace: Int {
    passes.flatMap(\.actions).reduce(0) { $0.addedSaturating(flops($1)) }
  }

  private func flops(_ action: Action) -> Int {
    switch action {
    case .tile(let tile): flops(tiles[tile])
    case .row: 1
    case .product(let product): products[product].entries.count.multipliedSaturating(by: 2)
    }
  }

  private func flops(_ value: TileValue) -> Int {
    switch value {
    case .product(_, _, let depth): depth.multipliedSaturating(by: 2)
    case .apply: 1
    case .load: 0
    case .exponential: 2
    case .depthSum(let depth, let body): depth.multipliedSaturating(by: body.count + 1)
    }
  }

  /// The functions that it applies, by name, each once, in order.
  var functions: [String] {
    var names: [String] = []
    func add(_ name: String) { if !names.contains(name) { names.append(name) } }
    func add(_ value: TileValue) {
      switch value {
      case .product: ["mul", "sum"].forEach(add)
      case .apply(let operation, _): add(operation.name)
      case .load: return
      case .exponential: add("exp")
      case .depthSum(_, let body):
        body.forEach(add)
        add("sum")
      }
    }
    for scale in rowScales { add(scale.isDivisor ? "div" : "mul") }
    tiles.forEach(add)
    for row in rows {
      switch row {
      case .peak: add("max")
      case .sum: add("sum")
      case .apply(let operation, _): add(operation.name)
      }
    }
    return names
  }

  /// For each array, how many of its elements belong to one row or column.
  var elementsPerLine: [Int] {
    var counts = arrays.map { _ in 1 }
    for case .product(let rows, let columns, let depth) in tiles {
      counts[rows] = max(counts[rows], depth)
      counts[columns] = max(counts[columns], depth)
    }
    for case .depthSum(let depth, _) in tiles {
      for array in arrays.indices where arrays[array].depth != 0 {
        counts[array] = max(counts[array], depth)
      }
    }
    for product in products { counts[product.values] = product.entries.count }
    for (place, output) in outputs.enumerated() {
      guard case .matrix(let terms) = output, let term = terms.first else { continue }
      counts[arrays.count - outputs.count + place] = products[term.product].entries.count
    }
    return counts
  }
}
