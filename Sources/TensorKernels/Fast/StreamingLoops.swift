import MicroKernels

/// What streaming kernels do to the values of rows.
enum StreamingLoops {
  /// What lines and the columns of products are rounded up to: a strip of every level.
  static let width = 32

  /// A count rounded up to whole strips.
  static func rounded(_ count: Int) -> Int { (count + width - 1) / width * width }

  /// What sums relative to a shift are multiplied by when the largest entry grows from `old` to `new`; whether
  /// any is not 1. Shifts are the largest entries where those are finite, else 0; a sum that is still empty, or
  /// whose shift is no longer used, keeps what it is.
  static func rescale(
    old: UnsafePointer<Float>, new: UnsafePointer<Float>, shift: UnsafeMutablePointer<Float>,
    factor: UnsafeMutablePointer<Float>, _ count: Int, _ kernels: KernelTable
  ) -> Bool {
    var isChanged = false
    for place in 0..<count {
      let next = new[place].isFinite ? new[place] : 0
      let isKept = old[place] == -.infinity || !new[place].isFinite
      factor[place] = isKept ? 0 : shift[place] - next
      isChanged = isChanged || factor[place] != 0
      shift[place] = next
    }
    guard isChanged else {
      factor.update(repeating: 1, count: count)
      return false
    }
    kernels.apply(.exp, factor, factor, count)
    return true
  }
}
