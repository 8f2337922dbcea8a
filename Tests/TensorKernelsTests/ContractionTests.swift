@testable import TensorKernels
import Testing

@Suite("Contractions")
struct ContractionTests {
  /// A batch of products of matrices, either of which may be stored by columns, in a larger array.
  struct Case {
    var (batch, rows, columns, depth) = (1, 1, 1, 1)
    var (isLeftTransposed, isRightTransposed, isResultTransposed) = (false, false, false)
    var isAdding = false

    func strides(_ high: Int, _ wide: Int, _ isTransposed: Bool) -> (Int, Int) {
      isTransposed ? (1, high + 1) : (wide + 2, 1)
    }

    var kernel: ContractionKernel {
      let (a, b, c) = (
        strides(rows, depth, isLeftTransposed), strides(depth, columns, isRightTransposed),
        strides(rows, columns, isResultTransposed)
      )
      return ContractionKernel(
        sizes: [batch, rows, columns, depth],
        strides: [
          [room(rows, depth), a.0, 0, a.1], [room(depth, columns), 0, b.1, b.0],
          [room(rows, columns), c.0, c.1, 0],
        ], summed: 1, isAdding: isAdding)
    }

    func room(_ high: Int, _ wide: Int) -> Int { (high + 1) * (wide + 2) }

    /// The largest difference from sums in double precision, and the bits of the result.
    func run(_ workers: Workers) -> (difference: Double, result: [Float]) {
      var random = RandomSource(seed: 5)
      func numbers(_ count: Int) -> [Float] { (0..<count).map { _ in Float(random.normal()) } }
      var (a, b) = (numbers(batch * room(rows, depth)), numbers(batch * room(depth, columns)))
      let start = numbers(batch * room(rows, columns))
      var result = start
      let kernel = kernel
      var scratch = [Float](repeating: 0, count: kernel.scratchCount * workers.count + 1)
      kernel.run(&a, &b, &result, scratch: &scratch, workers: workers)
      if let array = kernel.packedArray {
        var packed = [Float](
          repeating: .nan, count: max(1, kernel.packedCount(level: workers.level)))
        kernel.pack(array == 0 ? a : b, to: &packed, level: workers.level)
        var again = start
        kernel.run(a, b, &again, scratch: &scratch, packed: packed, workers: workers)
        #expect(again.map(\.bitPattern) == result.map(\.bitPattern))
      }
      var expected = start.map(Double.init)
      let (x, y, z) = (
        strides(rows, depth, isLeftTransposed), strides(depth, columns, isRightTransposed),
        strides(rows, columns, isResultTransposed)
      )
      for n in 0..<batch {
        for i in 0..<rows {
          for j in 0..<columns {
            let place = n * room(rows, columns) + i * z.0 + j * z.1
            var sum = isAdding ? expected[place] : 0
            for p in 0..<depth {
              sum +=
                Double(a[n * room(rows, depth) + i * x.0 + p * x.1])
                * Double(b[n * room(depth, columns) + p * y.0 + j * y.1])
            }
            expected[place] = sum
          }
        }
      }
      let differences = zip(result, expected).map { abs(Double($0) - $1) }
      return (differences.max() ?? 0, result)
    }
  }

  static let shapes = [
    (1, 1, 1, 1), (2, 1, 17, 9), (2, 17, 1, 9), (3, 5, 3, 2), (1, 31, 33, 17), (2, 4, 8, 33),
    (1, 9, 70, 260), (1, 130, 9, 5), (2, 0, 3, 3), (1, 3, 3, 0), (1, 2, 40, 40), (1, 1, 70, 0),
    (1, 173, 2, 31), (1, 1, 257, 31), (1, 257, 1, 31), (1, 1, 33, 1030), (1, 14, 40, 3),
  ]

  @Test(
    "Agree with sums in double precision, whatever the strides, on one thread and on three",
    arguments: FeatureLevel.available)
  func products(_ level: FeatureLevel) {
    for (batch, rows, columns, depth) in Self.shapes {
      for bits in 0..<16 {
        let example = Case(
          batch: batch, rows: rows, columns: columns, depth: depth,
          isLeftTransposed: bits & 1 != 0, isRightTransposed: bits & 2 != 0,
          isResultTransposed: bits & 4 != 0, isAdding: bits & 8 != 0)
        let (difference, result) = example.run(Workers(1, level: level))
        #expect(difference <= 1e-4, "\(example)")
        #expect(
          example.run(Workers(3, leastWork: 1, level: level)).result == result, "\(example)")
      }
    }
    // Sums are added to what was there only where that is wanted.
    var example = Case(
      batch: 1, rows: 4, columns: 4, depth: 4, isLeftTransposed: false, isRightTransposed: false,
      isResultTransposed: false)
    let plain = example.run(Workers(1, level: level)).result
    example.isAdding = true
    #expect(example.run(Workers(1, level: level)).result != plain)
  }

  @Test("Panels that workers pack together give the same bits", arguments: FeatureLevel.available)
  func panelsTogether(_ level: FeatureLevel) {
    for (rows, columns, depth) in [(300, 70, 270), (1100, 1030, 5)] {
      let workers = Workers(3, leastWork: 1, level: level)
      let kernel = ContractionKernel(
        sizes: [rows, columns, depth],
        strides: [[depth, 0, 1], [0, 1, columns], [columns, 1, 0]], summed: 1, isAdding: false)
      #expect(kernel.product.isShared(by: workers))
      var random = RandomSource(seed: 7)
      let a = (0..<rows * depth).map { _ in Float(random.normal()) }
      let b = (0..<columns * depth).map { _ in Float(random.normal()) }
      let results = [Workers(1, level: level), workers].map { workers in
        var c = [Float](repeating: .nan, count: rows * columns)
        var scratch = [Float](repeating: .nan, count: kernel.scratchCount * workers.count)
        kernel.run(a, b, &c, scratch: &scratch, workers: workers)
        return c.map(\.bitPattern)
      }
      #expect(results[0] == results[1])
      #expect(!results[0].contains(Float.nan.bitPattern))
    }
  }

  @Test(
    "Rows that are read where they lie give the bits of packed ones",
    arguments: FeatureLevel.available)
  func rowsInPlace(_ level: FeatureLevel) {
    // Rows in two loops, which don't merge since the result has an axis of its own between them.
    let (batch, tokens, depth, all, gap) = (2, 67, 270, 260, 5)
    var random = RandomSource(seed: 8)
    let a = (0..<batch * tokens * depth).map { _ in Float(random.normal()) }
    let b = (0..<all * depth).map { _ in Float(random.normal()) }
    func result(columns: Int, _ workers: Workers) -> (isInPlace: Bool, rows: [[UInt32]]) {
      let kernel = ContractionKernel(
        sizes: [batch, tokens, columns, depth],
        strides: [
          [tokens * depth, depth, 0, 1], [0, 0, 1, all],
          [(tokens + gap) * columns, columns, 1, 0],
        ], summed: 1, isAdding: false)
      var c = [Float](repeating: .nan, count: batch * (tokens + gap) * columns)
      var scratch = [Float](repeating: .nan, count: kernel.scratchCount * workers.count)
      kernel.run(a, b, &c, scratch: &scratch, workers: workers)
      let starts = (0..<batch * (tokens + gap)).filter { $0 % (tokens + gap) < tokens }
      let rows = starts.map { row in
        c[row * columns..<(row + 1) * columns].map(\.bitPattern)
      }
      return (kernel.product.isReadInPlace, rows)
    }
    let packed = result(columns: all, Workers(1, level: level))
    #expect(!packed.isInPlace)
    for columns in [1, 3, 16, 40, 64, 71] {
      for workers in [Workers(1, level: level), Workers(3, leastWork: 1, level: level)] {
        let found = result(columns: columns, workers)
        #expect(found.isInPlace == (columns > 1))
        guard found.isInPlace else { continue }
        #expect(found.rows == packed.rows.map { Array($0.prefix(columns)) }, "\(columns)")
      }
    }
  }

  /// `y[b, h, n, k] = Σ x[b, n, c, d] · w[h, c, d, k]`, with the axes of y in any order in memory.
  @Test(
    "Several axes are rows, columns and depth at once, wherever they lie",
    arguments: FeatureLevel.available)
  func nestedAxes(_ level: FeatureLevel) throws {
    let (batch, heads, tokens, chunks, width, keys) = (2, 3, 17, 2, 5, 7)
    var random = RandomSource(seed: 6)
    let x = (0..<batch * tokens * chunks * width).map { _ in Float(random.normal()) }
    let w = (0..<heads * chunks * width * keys).map { _ in Float(random.normal()) }
    // Rows of x are padded by nothing along the depth, but the depth is cut in two and turned around.
    let xSteps = [tokens * chunks * width, 0, chunks * width, 0, width, 1]
    let wSteps = [0, chunks * width * keys, 0, 1, keys, chunks * keys]
    for ySteps in [
      [heads * tokens * keys, tokens * keys, keys, 1, 0, 0],
      [heads * tokens * keys, keys, heads * keys, 1, 0, 0],
      [1, batch, batch * heads, batch * heads * tokens, 0, 0],
    ] {
      let kernel = ContractionKernel(
        sizes: [batch, heads, tokens, keys, chunks, width], strides: [xSteps, wSteps, ySteps],
        summed: 2, isAdding: false)
      var (first, second) = ([Float](), [Float]())
      for workers in [Workers(1, level: level), Workers(3, leastWork: 1, level: level)] {
        var y = [Float](repeating: .nan, count: batch * heads * tokens * keys)
        var scratch = [Float](repeating: 0, count: kernel.scratchCount * workers.count)
        kernel.run(x, w, &y, scratch: &scratch, workers: workers)
        var packed = [Float](repeating: .nan, count: kernel.packedCount(level: level))
        let array = try #require(kernel.packedArray)
        kernel.pack(array == 0 ? x : w, to: &packed, level: level)
        var again = [Float](repeating: .nan, count: y.count)
        kernel.run(x, w, &again, scratch: &scratch, packed: packed, workers: workers)
        #expect(again == y)
        (first, second) = (second, y)
      }
      #expect(first == second)
      var largest = 0.0
      for b in 0..<batch {
        for h in 0..<heads {
          for n in 0..<tokens {
            for k in 0..<keys {
              var sum = 0.0
              for c in 0..<chunks {
                for d in 0..<width {
                  let a = x[b * xSteps[0] + n * xSteps[2] + c * xSteps[4] + d]
                  let v = w[h * wSteps[1] + k + c * wSteps[4] + d * wSteps[5]]
                  sum += Double(a) * Double(v)
                }
              }
              let place = b * ySteps[0] + h * ySteps[1] + n * ySteps[2] + k * ySteps[3]
              largest = max(largest, abs(sum - Double(second[place])))
            }
          }
        }
      }
      #expect(largest <= 1e-5)
      #expect(try #require(second.map(abs).max()) > 1)
    }
  }
}
