/// How the values of a wire lie in a buffer, for all lanes and all steps of the loops around it.
///
/// ```
/// x: [n d], dense          sizes [n d], strides [d 1]
/// in simd n, x mapped      lanes [d], sizes [d], strides [1]
/// in simd n, x shared      lanes [0], sizes [n d], strides [d 1]
/// ```
///
/// An axis of size 1 has the stride 0, so that a stride other than 0 says that the values depend on the lane.
struct FlatView {
  /// Which buffer.
  var buffer: Int
  /// Where the first element is.
  var offset = 0
  /// How many loops are around the place where the values are computed; they change with these loops' steps.
  var level = 0
  /// What the first element moves by with each step of the loops, outermost first; zeros may be left out.
  var loops: [Int] = []
  /// What it moves by with each of the lanes around, outermost first.
  var lanes: [Int] = []
  /// The sizes of the wire's own axes.
  var sizes: [Int]
  /// The strides of the wire's own axes.
  var strides: [Int]

  /// How many elements a buffer has before each axis moves on: what a dense array's strides are.
  static func denseStrides(_ sizes: [Int]) -> [Int] {
    var (strides, step) = (sizes, 1)
    for axis in sizes.indices.reversed() {
      strides[axis] = sizes[axis] == 1 ? 0 : step
      step *= max(1, sizes[axis])
    }
    return strides
  }

  /// The view in lanes along its leading axis.
  func mapped() -> FlatView {
    var view = self
    view.lanes.append(view.strides.removeFirst())
    view.sizes.removeFirst()
    return view
  }

  /// The view in lanes that all see the same.
  func shared() -> FlatView {
    var view = self
    view.lanes.append(0)
    return view
  }

  /// The view with its innermost lanes as leading axis.
  func stacked(_ count: Int) -> FlatView {
    var view = self
    view.sizes.insert(count, at: 0)
    view.strides.insert(view.lanes.removeLast(), at: 0)
    return view
  }

  /// The view of the slice along the leading axis that the loop of this level is at.
  func peeled(level: Int) -> FlatView {
    var view = self
    let step = view.strides.removeFirst()
    view.sizes.removeFirst()
    guard step != 0 else { return view }
    view.loops += Array(repeating: 0, count: max(0, level - view.loops.count))
    view.loops[level - 1] += step
    view.level = max(view.level, level)
    return view
  }
}

// MARK: - Axes

extension FlatView {
  /// The two leading axes exchanged.
  func transposed() -> FlatView {
    var view = self
    view.sizes.swapAt(0, 1)
    view.strides.swapAt(0, 1)
    return view
  }

  /// A new leading axis along which everything is the same.
  func repeated(_ count: Int) -> FlatView {
    var view = self
    view.sizes.insert(count, at: 0)
    view.strides.insert(0, at: 0)
    return view
  }

  /// The leading axis from its end to its start.
  func reversed() -> FlatView {
    var view = self
    view.offset += max(0, sizes[0] - 1) * strides[0]
    view.strides[0] = -strides[0]
    return view
  }

  /// So many positions of the leading axis, from one on.
  func slice(from first: Int, count: Int) -> FlatView {
    var view = self
    if count > 0 { view.offset += first * strides[0] }
    view.sizes[0] = count
    if count == 1 { view.strides[0] = 0 }
    return view
  }

  /// Two axes in the place of the leading one.
  func split(_ outer: Int, _ inner: Int) -> FlatView {
    var view = self
    view.sizes.replaceSubrange(0..<1, with: [outer, inner])
    let step = strides[0]
    let strides = [outer == 1 ? 0 : step * max(1, inner), inner == 1 ? 0 : step]
    view.strides.replaceSubrange(0..<1, with: strides)
    return view
  }

  /// One axis in the place of the two leading ones; `nil` where no stride goes through both.
  func merged() -> FlatView? {
    let (n, m) = (sizes[0], sizes[1])
    let step: Int
    if n == 1 || n * m == 0 {
      step = n * m == 0 ? 1 : strides[1]
    } else if m == 1 {
      step = strides[0]
    } else if strides[0] == m * strides[1] {
      step = strides[1]
    } else {
      return nil
    }
    var view = self
    view.sizes.replaceSubrange(0..<2, with: [n * m])
    view.strides.replaceSubrange(0..<2, with: [n * m == 1 ? 0 : step])
    return view
  }
}
