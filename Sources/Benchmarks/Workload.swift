/// What is measured: a name, sizes, and what is done at a size.
public struct Workload: Sendable {
  /// Its name; filters compare it from the front.
  public let name: String
  /// The sizes it is measured at, ascending.
  public let sizes: [Int]
  /// Prepares the input of a size, which isn't timed, and returns the work, which gives its count.
  public let prepare: @Sendable (Int) -> () -> Int

  package init(_ name: String, _ sizes: [Int], _ prepare: @escaping @Sendable (Int) -> () -> Int) {
    self.name = name
    self.sizes = sizes
    self.prepare = prepare
  }

  /// Measures sizes one by one, its own unless others are given, until one is expected to take longer than allowed.
  ///
  /// What a size will take is extrapolated from the two before it, by a power law; after one size alone, by a square.
  ///
  /// - Parameters:
  ///   - seconds: how long one run may be expected to take.
  ///   - report: called with each measurement.
  /// - Returns: the size at which it stopped, and what that was expected to take in seconds; `nil` when all were
  ///   measured.
  public func measure(
    _ sizes: [Int]? = nil, secondsAllowed seconds: Double, _ report: (Measurement) -> Void
  ) -> (size: Int, seconds: Double)? {
    var done: [Measurement] = []
    for size in sizes ?? self.sizes {
      if let expected = Self.expectation(done, size), expected > seconds { return (size, expected) }
      let measurement = Measurement.measuring(name, size, prepare(size))
      done.append(measurement)
      report(measurement)
    }
    return nil
  }

  /// What a size is expected to take, in seconds.
  package static func expectation(_ done: [Measurement], _ size: Int) -> Double? {
    guard let last = done.last else { return nil }
    let ratio = Double(size) / Double(last.size)
    guard done.count > 1 else { return last.minimum * ratio * ratio }
    let earlier = done[done.count - 2]
    // Geometric sizes are the rule, so the growth of the last step is raised to the ratio of the steps.
    let growth = max(last.minimum / max(earlier.minimum, 1e-9), 1)
    let step = Double(last.size) / Double(earlier.size)
    var (expected, left) = (last.minimum, ratio)
    while left > 1.000_001 {
      let part = min(left, step)
      expected *= 1 + (growth - 1) * (part - 1) / max(step - 1, 1e-9)
      left /= part
    }
    return expected
  }
}
