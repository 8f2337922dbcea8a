/// Nested loops over several arrays, each of which moves by a stride of its own in each loop.
///
/// Loops of one step are left out, and neighbours that are one loop for every array are merged, so that the
/// innermost loop is as long as it can be.
///
/// ```
/// let loops = StridedLoops(sizes: [2, 3], strides: [[3, 1], [1, 2]])
/// loops.count            // 6
/// loops.offset(1, at: 4) // 3: row 1, column 1
/// ```
public struct StridedLoops: Hashable, Sendable {
  /// How many steps each loop makes, outermost first.
  public private(set) var sizes: [Int] = []
  /// For each array, what it moves by in each loop.
  public private(set) var strides: [[Int]]
  /// How often the innermost body runs.
  public let count: Int

  /// Merges loops where that changes nothing.
  ///
  /// - Parameters:
  ///   - sizes: zero or more; their product, zeros left out, fits 64 bits.
  ///   - strides: for each array, one for each loop.
  public init(sizes: [Int], strides: [[Int]]) {
    count = sizes.reduce(1, *)
    guard count > 0 else {
      self.sizes = [0]
      self.strides = strides.map { _ in [0] }
      return
    }
    // Each stride below stands for the last of those merged: the axes where a loop ends.
    var ends: [Int] = []
    for (axis, size) in sizes.enumerated() where size != 1 {
      if let last = ends.last, strides.allSatisfy({ $0[last] == $0[axis] * size }) {
        ends[ends.count - 1] = axis
        self.sizes[ends.count - 1] *= size
      } else {
        ends.append(axis)
        self.sizes.append(size)
      }
    }
    self.strides = strides.map { steps in ends.map { steps[$0] } }
  }

  /// Where an array is at a step, counted from the array's first element.
  ///
  /// - Complexity: linear in the loops.
  @inline(__always)
  public func offset(_ array: Int, at step: Int) -> Int {
    var (rest, offset) = (step, 0)
    var axis = sizes.count - 1
    while axis > 0 {
      let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: sizes[axis])
      offset += remainder * strides[array][axis]
      rest = quotient
      axis -= 1
    }
    return axis == 0 ? offset + rest * strides[array][0] : offset
  }

  /// What an array moves by in the innermost loop; zero when there is none.
  @inline(__always)
  func innermostStride(_ array: Int) -> Int { strides[array].last ?? 0 }

  /// Goes through consecutive steps by runs of the innermost loop.
  ///
  /// - Parameter body: given the first step of a run and how many there are.
  @inline(__always)
  func forRuns(in steps: Range<Int>, _ body: (Int, Int) -> Void) {
    let length = sizes.last ?? 1
    var step = steps.lowerBound
    while step < steps.upperBound {
      let count = min(steps.upperBound - step, length - step % length)
      body(step, count)
      step += count
    }
  }

  /// Writes where an array is at consecutive steps.
  func copyOffsets(_ array: Int, _ steps: Range<Int>, to target: UnsafeMutablePointer<Int>) {
    let stride = innermostStride(array)
    forRuns(in: steps) { step, count in
      let (start, place) = (offset(array, at: step), step - steps.lowerBound)
      for number in 0..<count { target[place + number] = start + number * stride }
    }
  }

  /// The size and the strides of the innermost loop; one step of zero when there is none.
  public var innermost: (size: Int, strides: [Int]) {
    guard let size = sizes.last else { return (1, strides.map { _ in 0 }) }
    return (size, strides.map { $0.last ?? 0 })
  }

  /// The loops in another order, so that an array moves by one in the innermost; `nil` where it doesn't in any.
  ///
  /// The innermost loop stays where others move by one too.
  func turned(soThatMovesByOne array: Int) -> StridedLoops? {
    guard let axis = sizes.indices.last(where: { strides[array][$0] == 1 }) else { return nil }
    func turned(_ list: [Int]) -> [Int] {
      Array(list[..<axis]) + Array(list[(axis + 1)...]) + [list[axis]]
    }
    return StridedLoops(sizes: turned(sizes), strides: strides.map(turned))
  }

  /// The loops without the innermost one.
  public var outer: StridedLoops {
    StridedLoops(
      sizes: Array(sizes.dropLast()), strides: strides.map { Array($0.dropLast()) })
  }
}
