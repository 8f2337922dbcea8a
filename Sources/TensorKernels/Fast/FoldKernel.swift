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
  /// The columns that are folded side by side.
  static let tileLength = 256

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
    workers.run(items: outer.count * tileCount, work: loops.count * max(1, count)) { _, items in
      for item in items {
        let (step, tile) = item.quotientAndRemainder(dividingBy: tileCount)
        let (from, to) = (x + outer.offset(0, at: step), y + outer.offset(1, at: step))
        let column = tile * Self.tileLength
        if width == 1 {
          to.pointee = folded(from)
        } else {
          foldColumns(from + column, to + column, min(Self.tileLength, width - column))
        }
      }
    }
  }

  private func foldColumns(
    _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ width: Int
  ) {
    y.update(repeating: function == .max ? -.infinity : 0, count: width)
    for row in 0..<count {
      let entries = x + row * stride
      if function == .max {
        VectorLoops.map(y, entries, y, width, VectorLoops.maximum)
      } else {
        VectorLoops.map(y, entries, y, width) { $0 + $1 }
      }
    }
    guard function == .mean else { return }
    for column in 0..<width { y[column] /= Float(count) }
  }

  private func folded(_ x: UnsafePointer<Float>) -> Float {
    switch function {
    case .sum: sum(x)
    case .mean: sum(x) / Float(count)
    case .max: largest(x)
    }
  }

  /// Sixteen partial sums where entries follow one another; in double precision where they don't.
  private func sum(_ x: UnsafePointer<Float>) -> Float {
    guard stride == 1 else {
      var total = 0.0
      for place in 0..<count { total += Double(x[place * stride]) }
      return Float(total)
    }
    var totals = VectorLoops.Vector(repeating: 0)
    var place = 0
    while place < count {
      totals += VectorLoops.load(x, place, count)
      place += VectorLoops.width
    }
    return totals.sum()
  }

  private func largest(_ x: UnsafePointer<Float>) -> Float {
    var (largest, place) = (-Float.infinity, 0)
    if stride == 1 {
      var lanes = VectorLoops.Vector(repeating: largest)
      while place + VectorLoops.width <= count {
        lanes = VectorLoops.maximum(lanes, VectorLoops.load(x, place, count))
        place += VectorLoops.width
      }
      for lane in 0..<VectorLoops.width { largest = BinaryFunction.maximum(largest, lanes[lane]) }
    }
    while place < count {
      largest = BinaryFunction.maximum(largest, x[place * stride])
      place += 1
    }
    return largest
  }
}
