import MicroKernels

/// What a fold makes of the entries along an axis.
public enum FoldFunction: Hashable, Sendable {
  /// Their sum; 0 for none.
  case sum
  /// Their mean; NaN for none.
  case mean
  /// The largest; −∞ for none, NaN where one is NaN.
  case max
}

/// A fold along one axis of an array that is read through strides.
public struct FoldKernel: Hashable, Sendable {
  /// The entries that are summed in single precision, before their sum is added in double precision: otherwise
  /// small numbers would be lost in sums of millions.
  static let blockLength = 1024
  /// The entries of a strided row that are copied at a time, few enough for the stack.
  static let gatheredLength = 256
  /// The columns that are folded side by side, few enough that their sums fit the stack.
  static let tileLength = 128

  let function: FoldFunction
  let loops: StridedLoops
  let count: Int
  let stride: Int
  /// The size of a loop along which entries follow one another and are folded side by side; one where none does.
  let width: Int
  /// What the array that is written moves by along that loop.
  let resultStep: Int
  let outer: StridedLoops

  /// Prepares a fold.
  ///
  /// - Parameters:
  ///   - loops: over the array that is read and the one that is written.
  ///   - count: the size of the axis.
  ///   - stride: what the array that is read moves by along it.
  public init(_ function: FoldFunction, loops: StridedLoops, count: Int, stride: Int) {
    self.function = function
    self.loops = loops
    self.count = count
    self.stride = stride
    if stride != 1, loops.count > 0, let turned = loops.turned(soThatMovesByOne: 0) {
      let (size, steps) = turned.innermost
      (width, resultStep, outer) = (size, steps[1], turned.outer)
    } else {
      (width, resultStep, outer) = (1, 0, loops)
    }
  }

  private var tileCount: Int { (width + Self.tileLength - 1) / Self.tileLength }

  /// Folds the array at `x` into the one at `y`.
  public func run(
    _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, workers: Workers
  ) {
    guard loops.count > 0 else { return }
    let kernels = workers.level.kernels
    workers.run(items: outer.count * tileCount, work: loops.count * max(1, count)) { _, items in
      for item in items {
        let (step, tile) = item.quotientAndRemainder(dividingBy: tileCount)
        let (from, to) = (x + outer.offset(0, at: step), y + outer.offset(1, at: step))
        let column = tile * Self.tileLength
        if width == 1 {
          to.pointee = folded(from, kernels)
        } else {
          let columns = NumberRows(
            start: from + column, step: stride, count: count,
            width: min(Self.tileLength, width - column))
          foldColumns(columns, to + column * resultStep, kernels)
        }
      }
    }
  }

  /// Folds columns to places that follow one another, or by way of such places.
  private func foldColumns(
    _ rows: NumberRows, _ y: UnsafeMutablePointer<Float>, _ kernels: KernelTable
  ) {
    guard resultStep != 1 else { return fold(rows, y, kernels) }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: Self.tileLength) { folds in
      guard let start = folds.baseAddress else { return }
      fold(rows, start, kernels)
      for column in 0..<rows.width { y[column * resultStep] = start[column] }
    }
  }

  private func fold(
    _ rows: NumberRows, _ y: UnsafeMutablePointer<Float>, _ kernels: KernelTable
  ) {
    guard function != .max else { return kernels.maximumRows(rows, y) }
    let divisor = function == .mean ? Double(count) : 1
    guard count > Self.blockLength else {
      kernels.sumRows(rows, y)
      guard function == .mean else { return }
      for column in 0..<rows.width { y[column] = Float(Double(y[column]) / divisor) }
      return
    }
    withUnsafeTemporaryAllocation(of: Double.self, capacity: rows.width) { totals in
      totals.initialize(repeating: 0)
      for first in Swift.stride(from: 0, to: count, by: Self.blockLength) {
        var block = rows
        block.start += first * stride
        block.count = min(count - first, Self.blockLength)
        kernels.sumRows(block, y)
        for column in 0..<rows.width { totals[column] += Double(y[column]) }
      }
      for column in 0..<rows.width { y[column] = Float(totals[column] / divisor) }
    }
  }

  /// Folds consecutive numbers.
  static func fold(
    _ function: FoldFunction, _ x: UnsafePointer<Float>, _ count: Int, _ kernels: KernelTable
  ) -> Float {
    switch function {
    case .sum: Float(sum(x, count, kernels))
    case .mean: Float(sum(x, count, kernels) / Double(count))
    case .max: kernels.maximum(x, count)
    }
  }

  private static func sum(
    _ x: UnsafePointer<Float>, _ count: Int, _ kernels: KernelTable
  ) -> Double {
    var total = 0.0
    for first in Swift.stride(from: 0, to: count, by: blockLength) {
      total += Double(kernels.sum(x + first, min(blockLength, count - first)))
    }
    return total
  }

  private func folded(_ x: UnsafePointer<Float>, _ kernels: KernelTable) -> Float {
    guard stride != 1 else { return Self.fold(function, x, count, kernels) }
    switch function {
    case .sum: return Float(gatheredSum(x, kernels))
    case .mean: return Float(gatheredSum(x, kernels) / Double(count))
    case .max: return gatheredMaximum(x, kernels)
    }
  }

  private func gatheredSum(_ x: UnsafePointer<Float>, _ kernels: KernelTable) -> Double {
    var total = 0.0
    forGathered(x, kernels) { total += Double(kernels.sum($0, $1)) }
    return total
  }

  private func gatheredMaximum(_ x: UnsafePointer<Float>, _ kernels: KernelTable) -> Float {
    var largest = -Float.infinity
    forGathered(x, kernels) {
      largest = BinaryFunction.maximum(largest, kernels.maximum($0, $1))
    }
    return largest
  }

  /// Gives the entries of a strided row, some at a time, at places that follow one another.
  private func forGathered(
    _ x: UnsafePointer<Float>, _ kernels: KernelTable,
    _ body: (UnsafePointer<Float>, Int) -> Void
  ) {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: Self.gatheredLength) { numbers in
      guard let start = numbers.baseAddress else { return }
      for first in Swift.stride(from: 0, to: count, by: Self.gatheredLength) {
        let length = min(Self.gatheredLength, count - first)
        kernels.gather(x + first * stride, stride, start, length)
        body(start, length)
      }
    }
  }
}
