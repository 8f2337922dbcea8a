import TensorKernels
import Testing

@Suite("Kernels at every feature level", .serialized)
struct LevelTests {
  static let lengths = [0, 1, 2, 3, 17, 31, 257, 600]

  static func numbers(_ count: Int, seed: UInt64 = 3) -> [Float] {
    var random = RandomSource(seed: seed)
    return (0..<count).map { _ in Float(random.normal()) }
  }

  @Test("Folds agree with sums in double precision", arguments: FeatureLevel.available)
  func folds(_ level: FeatureLevel) {
    for (count, rows) in lengthPairs {
      for isAlongRows in [true, false] {
        let x = Self.numbers(count * rows + 1)
        let (step, stride) = isAlongRows ? (count, 1) : (1, rows)
        let loops = StridedLoops(sizes: [rows], strides: [[step], [1]])
        for function in [FoldFunction.sum, .mean, .max] {
          let kernel = FoldKernel(function, loops: loops, count: count, stride: stride)
          let results = [Workers(1, level: level), Workers(3, leastWork: 1, level: level)].map {
            workers in
            var y = [Float](repeating: -7, count: rows)
            // The numbers start at an address that isn't a multiple of eight.
            x.withUnsafeBufferPointer { buffer in
              guard let start = buffer.baseAddress else { return }
              kernel.run(start + 1, &y, workers: workers)
            }
            return y
          }
          #expect("\(results[0])" == "\(results[1])")
          for row in 0..<rows {
            let entries = (0..<count).map { Double(x[1 + row * step + $0 * stride]) }
            let expected = Self.fold(function, entries)
            let found = Double(results[0][row])
            let isClose = abs(found - expected) <= 1e-5 * Double(max(1, count)).squareRoot()
            #expect(isClose || "\(found)" == "\(expected)", "\(function) of \(count)")
          }
        }
      }
    }
  }

  var lengthPairs: [(Int, Int)] { Self.lengths.flatMap { count in [(count, 1), (count, 19)] } }

  static func fold(_ function: FoldFunction, _ entries: [Double]) -> Double {
    switch function {
    case .sum: entries.reduce(0, +)
    case .mean: entries.reduce(0, +) / Double(entries.count)
    case .max: entries.max() ?? -.infinity
    }
  }

  @Test("The largest of numbers with NaN is NaN", arguments: FeatureLevel.available)
  func largestIsNaN(_ level: FeatureLevel) {
    for place in [0, 5, 20, 36] {
      var x = Self.numbers(37)
      x[place] = .nan
      var y: Float = 0
      let loops = StridedLoops(sizes: [], strides: [[], []])
      FoldKernel(.max, loops: loops, count: 37, stride: 1)
        .run(x, &y, workers: Workers(1, level: level))
      #expect(y.isNaN)
    }
  }

  /// `select(a < b, exp(a) · b, a)`, with a along rows, columns or neither.
  @Test("Elementwise programs give what their functions give", arguments: FeatureLevel.available)
  func programs(_ level: FeatureLevel) {
    for (height, width) in [(1, 1), (3, 2), (17, 31), (2, 257), (31, 3), (0, 5), (5, 600)] {
      for steps in [[width, 1], [1, height], [0, 1], [1, 0], [0, 0]] {
        let (a, b) = (Self.numbers(height * width + 1), Self.numbers(height * width, seed: 4))
        let program = ElementwiseProgram(
          loops: StridedLoops(
            sizes: [height, width], strides: [steps, [width, 1], [width, 1]]),
          loadCount: 2,
          instructions: [
            .init(.binary(.less), [0, 1]), .init(.unary(.exp), [0]), .init(.binary(.mul), [3, 1]),
            .init(.select, [2, 4, 0]),
          ], stores: [5])
        let one = Self.run(program, a, b, Workers(1, level: level))
        #expect(one == Self.run(program, a, b, Workers(3, leastWork: 1, level: level)))
        for row in 0..<height {
          for column in 0..<width {
            let x = a[row * steps[0] + column * steps[1]]
            let place = row * width + column
            let expected = x < b[place] ? UnaryFunction.exp(x) * b[place] : x
            #expect(abs(one[place] - expected) <= 1e-6 * max(1, abs(expected)))
          }
        }
      }
    }
  }

  static func run(
    _ program: ElementwiseProgram, _ a: [Float], _ b: [Float], _ workers: Workers,
    at first: Int = 0
  ) -> [Float] {
    var (a, b) = (a, b + [0])
    var y = [Float](repeating: 0, count: b.count)
    var scratch = [Float](repeating: 0, count: program.scratchCount * workers.count)
    a.withUnsafeMutableBufferPointer { a in
      b.withUnsafeMutableBufferPointer { b in
        y.withUnsafeMutableBufferPointer { y in
          guard let p = a.baseAddress, let q = b.baseAddress, let r = y.baseAddress else { return }
          var arrays = [p + first, q, r]
          arrays.withUnsafeMutableBufferPointer {
            program.run($0, scratch: &scratch, workers: workers)
          }
        }
      }
    }
    return y.dropLast()
  }

  @Test("The loop that gives the limit counts its operations", arguments: FeatureLevel.available)
  func peak(_ level: FeatureLevel) {
    let one = level.runPeakLoop(steps: 1)
    #expect(one >= 96)
    #expect(level.runPeakLoop(steps: 10) == 10 * one)
    #expect(level.runPeakLoop(steps: -1) == 0)
  }
}
