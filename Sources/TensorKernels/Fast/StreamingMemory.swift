/// Where a worker's values lie in its scratch memory.
struct StreamingMemory: Hashable, Sendable {
  /// Of each value of rows, its line; a peak has two more, its shift and what older sums are scaled by.
  private(set) var rows: [Int] = []
  /// Four lines for what is read.
  let lines: Int
  /// The tiles.
  let tiles: Int
  /// Of each value that is a product, the packed rows.
  private(set) var packed: [Int] = []
  /// Of each sum of products, what was added up.
  private(set) var sums: [Int] = []
  /// A tile's part of an array of values.
  let values: Int
  /// The least and the largest number that each value of places may be.
  let ranges: Int
  /// Whether each value is needed place by place.
  let needs: Int
  /// What is known of arrays.
  let facts: StreamingFacts
  let count: Int

  /// - Parameters:
  ///   - line: how many rows a block has.
  ///   - columns: how many columns a tile has.
  ///   - tileCount: how many tiles are held at once.
  ///   - columnTiles: how many tiles a row of them has.
  init(
    _ program: StreamingProgram, rows line: Int, columns: Int, tileCount: Int, columnTiles: Int
  ) {
    var end = 0
    for value in program.rows {
      rows.append(end)
      if case .peak = value { end += 3 * line } else { end += line }
    }
    lines = end
    end += 4 * line
    tiles = end
    end += tileCount * line * columns
    for value in program.tiles {
      packed.append(end)
      if case .product(_, _, let depth) = value { end += depth * line }
    }
    var widest = 0
    for product in program.products {
      sums.append(end)
      end += line * product.width
      widest = max(widest, product.width)
    }
    values = end
    end += widest * columns
    ranges = end
    needs = end + 2 * program.tiles.count
    facts = StreamingFacts(program, start: needs + program.tiles.count, columnTiles: columnTiles)
    count = (facts.end + 15) / 16 * 16
  }
}

/// Where a worker keeps what it knows of arrays: a pair of numbers each, for a block of rows or a tile of columns.
struct StreamingFacts: Hashable, Sendable {
  /// Of arrays that move along one axis: their least and their largest number.
  private(set) var lines: [Int] = []
  /// Of values that are products, the sum of the squares of the packed rows.
  private(set) var rowSquares: [Int] = []
  /// The same of the columns.
  private(set) var columnSquares: [Int] = []
  /// The same of the values of sums of products.
  private(set) var valueSquares: [Int] = []
  /// Those of rows come before those of columns.
  let (start, columns, end): (Int, Int, Int)

  /// - Parameters:
  ///   - start: where they start in scratch memory.
  ///   - columnTiles: how many tiles a row of them has.
  init(_ program: StreamingProgram, start: Int, columnTiles: Int) {
    var end = start
    func take(_ count: Int) -> Int {
      end += 2 * count
      return end - 2 * count
    }
    lines = program.arrays.map { $0.column == 0 ? take(1) : 0 }
    rowSquares = program.tiles.map { _ in take(1) }
    let columns = end
    for array in program.arrays.indices where program.arrays[array].column != 0 {
      lines[array] = take(columnTiles)
    }
    columnSquares = program.tiles.map { value in
      if case .product = value { take(columnTiles) } else { end }
    }
    valueSquares = program.products.map { _ in take(columnTiles) }
    (self.start, self.columns, self.end) = (start, columns, end)
  }
}
