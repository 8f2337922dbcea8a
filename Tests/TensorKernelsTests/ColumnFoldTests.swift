import TensorKernels
import Testing

@Suite("Folds of columns")
struct ColumnFoldTests {
  /// A fold of the middle axis of `[outer, count, width]`, whose rows are `step` apart, to a result that is transposed
  /// or not.
  private struct Trial {
    let width: Int
    let count: Int
    let step: Int
    let isTransposed: Bool
    let outer = 3

    private var span: Int { max(0, count - 1) * abs(step) + width }
    private var start: Int { step < 0 ? max(0, count - 1) * -step : 0 }

    var numbers: [Float] { LevelTests.numbers(outer * span) }

    /// The results, with the numbers at an address that isn't a multiple of eight.
    func folded(_ function: FoldFunction, _ x: [Float], _ workers: Workers) -> [Float] {
      let loops = StridedLoops(
        sizes: [outer, width],
        strides: [[span, 1], isTransposed ? [1, outer] : [width, 1]])
      let kernel = FoldKernel(function, loops: loops, count: count, stride: step)
      var y = [Float](repeating: -7, count: outer * width)
      ([0] + x).withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        kernel.run(base + 1 + start, &y, workers: workers)
      }
      return y
    }

    func expected(_ function: FoldFunction, _ x: [Float], _ row: Int, _ column: Int) -> Double {
      LevelTests.fold(
        function, (0..<count).map { Double(x[row * span + start + $0 * step + column]) })
    }

    func place(_ row: Int, _ column: Int) -> Int {
      isTransposed ? column * outer + row : row * width + column
    }
  }

  private static var trials: [Trial] {
    var trials: [Trial] = []
    for width in [1, 2, 3, 7, 8, 15, 16, 17, 31, 64, 131] {
      for count in [0, 1, 2, 5, 40, 1030] {
        for step in [width, width + 3, -width, 0] where step != 1 {
          for isTransposed in [false, true] {
            trials.append(
              Trial(width: width, count: count, step: step, isTransposed: isTransposed))
          }
        }
      }
    }
    return trials
  }

  @Test(
    "Few columns and many, near and far, forwards and backwards, agree with double precision",
    arguments: FeatureLevel.available)
  func values(_ level: FeatureLevel) {
    var count = 0
    for trial in Self.trials {
      let x = trial.numbers
      for function in [FoldFunction.sum, .mean, .max] {
        let found = trial.folded(function, x, Workers(1, level: level))
        #expect(
          "\(found)" == "\(trial.folded(function, x, Workers(3, leastWork: 1, level: level)))")
        for row in 0..<trial.outer {
          for column in 0..<trial.width {
            let expected = trial.expected(function, x, row, column)
            let value = Double(found[trial.place(row, column)])
            let bound = (trial.step == 0 ? 4e-5 : 1e-5) * Double(max(1, trial.count))
            let isClose = abs(value - expected) <= bound || "\(value)" == "\(expected)"
            if !isClose { Issue.record("\(trial), \(function): \(value), not \(expected)") }
            count += 1
          }
        }
      }
    }
    #expect(count > 50_000)
  }

  @Test("NaN and infinities stay in their columns", arguments: FeatureLevel.available)
  func specialValues(_ level: FeatureLevel) {
    for width in [2, 8, 15, 40] {
      let trial = Trial(width: width, count: 9, step: width, isTransposed: false)
      var x = trial.numbers
      x[3 * width] = .nan
      x[4 * width + 1] = -.infinity
      for function in [FoldFunction.sum, .mean, .max] {
        let found = trial.folded(function, x, Workers(1, level: level))
        #expect(found[0].isNaN)
        #expect(function == .max ? found[1].isFinite : found[1] == -.infinity)
        #expect(found.dropFirst(2).allSatisfy { $0.isFinite })
      }
    }
  }

  /// `a + b`, with b one row or one number for each row.
  @Test("Narrow rows are read as wide ones are", arguments: FeatureLevel.available)
  func rows(_ level: FeatureLevel) {
    for (height, width) in [(1, 3), (40, 1), (40, 3), (300, 8), (7, 15), (90, 12), (2, 1)] {
      for steps in [[0, 1], [1, 0], [width + 2, 1], [0, 0], [1, height], [-width, 1]] {
        let rest = height * (width + 2)
        let (a, b) = (LevelTests.numbers(2 * rest), LevelTests.numbers(height * width, seed: 4))
        let start = steps[0] < 0 ? rest : 0
        let program = ElementwiseProgram(
          loops: StridedLoops(sizes: [height, width], strides: [steps, [width, 1], [width, 1]]),
          loadCount: 2, instructions: [.init(.binary(.add), [0, 1])], stores: [2])
        let found = LevelTests.run(program, a, b, Workers(1, level: level), at: start)
        for row in 0..<height {
          for column in 0..<width {
            let place = row * width + column
            #expect(found[place] == a[start + row * steps[0] + column * steps[1]] + b[place])
          }
        }
      }
    }
  }
}
