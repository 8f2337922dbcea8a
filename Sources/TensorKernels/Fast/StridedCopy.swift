/// Copies an array from one set of strides to another.
public struct StridedCopy: Hashable, Sendable {
  let loops: StridedLoops
  let outer: StridedLoops
  let width: Int
  let steps: [Int]

  /// Over the array that is read and the one that is written.
  public init(_ loops: StridedLoops) {
    self.loops = loops
    outer = loops.outer
    (width, steps) = loops.innermost
  }

  /// Copies the array at `x` to `y`.
  public func run<Element: BitwiseCopyable>(
    _ x: UnsafePointer<Element>, _ y: UnsafeMutablePointer<Element>, workers: Workers
  ) {
    run(x, y, workers: workers) { $0 }
  }

  /// Copies the array at `x` to `y`, each entry converted.
  @inline(__always)
  public func run<Element, Result>(
    _ x: UnsafePointer<Element>, _ y: UnsafeMutablePointer<Result>, workers: Workers,
    _ convert: (Element) -> Result
  ) {
    guard loops.count > 0 else { return }
    workers.run(items: outer.count, work: loops.count) { _, rows in
      for row in rows {
        let (from, to) = (x + outer.offset(0, at: row), y + outer.offset(1, at: row))
        for column in 0..<width { to[column * steps[1]] = convert(from[column * steps[0]]) }
      }
    }
  }
}
