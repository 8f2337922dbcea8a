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
  /// The columns that are folded side by side, few enough that their sums fit the stack.
  static let tileLength = 128

  let function: FoldFunction
  let loops: StridedLoops
  let count: Int
  let stride: Int
  /// The innermost loop, where its entries follow one another and are folded side by side; one otherwise.
  let width: Int
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
    let (size, steps) = loops.innermost
    let isSideBySide = steps == [1, 1] && stride != 1 && size > 0
    width = isSideBySide ? size : 1
    outer = isSideBySide ? loops.outer : loops
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
          foldColumns(from + column, to + column, min(Self.tileLength, width - column), kernels)
        }
      }
    }
  }

  private func foldColumns(
    _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ width: Int,
    _ kernels: KernelTable
  ) {
    guard function != .max else {
      y.update(repeating: -.infinity, count: width)
      for row in 0..<count { kernels.applyToPairs(.maximum, y, x + row * stride, y, width) }
      return
    }
    withUnsafeTemporaryAllocation(of: Double.self, capacity: width) { totals in
      totals.initialize(repeating: 0)
      for first in Swift.stride(from: 0, to: count, by: Self.blockLength) {
        y.update(repeating: 0, count: width)
        for row in first..<min(count, first + Self.blockLength) {
          kernels.applyToPairs(.add, y, x + row * stride, y, width)
        }
        for column in 0..<width { totals[column] += Double(y[column]) }
      }
      let divisor = function == .mean ? Double(count) : 1
      for column in 0..<width { y[column] = Float(totals[column] / divisor) }
    }
  }

  private func folded(_ x: UnsafePointer<Float>, _ kernels: KernelTable) -> Float {
    switch function {
    case .sum: Float(sum(x, kernels))
    case .mean: Float(sum(x, kernels) / Double(count))
    case .max: largest(x, kernels)
    }
  }

  private func sum(_ x: UnsafePointer<Float>, _ kernels: KernelTable) -> Double {
    var total = 0.0
    guard stride != 1 else {
      for first in Swift.stride(from: 0, to: count, by: Self.blockLength) {
        total += Double(kernels.sum(x + first, min(Self.blockLength, count - first)))
      }
      return total
    }
    for place in 0..<count { total += Double(x[place * stride]) }
    return total
  }

  private func largest(_ x: UnsafePointer<Float>, _ kernels: KernelTable) -> Float {
    guard stride != 1 else { return kernels.maximum(x, count) }
    var largest = -Float.infinity
    for place in 0..<count { largest = BinaryFunction.maximum(largest, x[place * stride]) }
    return largest
  }
}
