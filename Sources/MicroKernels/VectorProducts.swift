extension InstructionSet {
  /// Adds multiples of rows of a matrix to consecutive numbers, four rows at a time.
  @inlinable @inline(__always)
  static func addRows(
    _ factors: UnsafePointer<Float>, _ rows: UnsafePointer<Float>,
    _ offsets: UnsafePointer<Int>, _ depth: Int, _ y: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    var row = 0
    while row + 4 <= depth {
      let (a, b) = (rows + offsets[row], rows + offsets[row + 1])
      let (c, d) = (rows + offsets[row + 2], rows + offsets[row + 3])
      let (first, second) = (Lanes(repeating: factors[row]), Lanes(repeating: factors[row + 1]))
      let third = Lanes(repeating: factors[row + 2])
      let fourth = Lanes(repeating: factors[row + 3])
      var place = 0
      while place < count {
        var sum = Lanes.from(y, place, count)
        sum = multiplyAdd(first, Lanes.from(a, place, count), sum)
        sum = multiplyAdd(second, Lanes.from(b, place, count), sum)
        sum = multiplyAdd(third, Lanes.from(c, place, count), sum)
        sum = multiplyAdd(fourth, Lanes.from(d, place, count), sum)
        sum.store(y, place, count)
        place += 16
      }
      row += 4
    }
    while row < depth {
      addMultiple(rows + offsets[row], factors[row], y, count)
      row += 1
    }
  }

  /// The sums of products of a vector and each column of a matrix, whose numbers follow one another; written to
  /// consecutive places, or added to what is there.
  @inlinable @inline(__always)
  static func dots(
    _ vector: UnsafePointer<Float>, _ columns: UnsafePointer<Float>,
    _ offsets: UnsafePointer<Int>, _ depth: Int, _ y: UnsafeMutablePointer<Float>, _ count: Int,
    isAdding: Bool
  ) {
    var column = 0
    while column < count {
      // What is computed twice where fewer than four are left is the same.
      let last = count - 1
      let a = columns + offsets[column]
      let b = columns + offsets[Swift.min(column + 1, last)]
      let c = columns + offsets[Swift.min(column + 2, last)]
      let d = columns + offsets[Swift.min(column + 3, last)]
      var (first, second) = (Lanes(repeating: 0), Lanes(repeating: 0))
      var (third, fourth) = (Lanes(repeating: 0), Lanes(repeating: 0))
      var place = 0
      while place < depth {
        let factors = Lanes.from(vector, place, depth)
        first = multiplyAdd(factors, Lanes.from(a, place, depth), first)
        second = multiplyAdd(factors, Lanes.from(b, place, depth), second)
        third = multiplyAdd(factors, Lanes.from(c, place, depth), third)
        fourth = multiplyAdd(factors, Lanes.from(d, place, depth), fourth)
        place += 16
      }
      let totals = SIMD4<Float>(first.total, second.total, third.total, fourth.total)
      var lane = 0
      while lane < 4 && column + lane < count {
        y[column + lane] = isAdding ? y[column + lane] + totals[lane] : totals[lane]
        lane += 1
      }
      column += 4
    }
  }
}
