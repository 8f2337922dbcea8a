extension ReferenceKernels {
  /// Swaps the two leading axes: `[n m ..s] -> [m n ..s]`.
  ///
  /// - Throws: `missingAxes` for fewer than two axes.
  public static func transpose<Element>(
    _ x: Tensor<Element>
  ) throws(TensorError) -> Tensor<Element> {
    let (n, m, rest) = try twoAxes(x, of: "transpose")
    let width = rest.elementCount
    var elements: [Element] = []
    elements.reserveCapacity(x.elements.count)
    for column in 0..<(x.elements.isEmpty ? 0 : m) {
      for row in 0..<n {
        let start = (row * m + column) * width
        elements += x.elements[start..<start + width]
      }
    }
    return Tensor(filling: try Shape([m, n] + rest.sizes), with: elements)
  }

  /// Makes one axis of the two leading ones: `[n m ..s] -> [n*m ..s]`.
  ///
  /// - Throws: `missingAxes` for fewer than two axes.
  public static func merge<Element>(
    _ x: Tensor<Element>
  ) throws(TensorError) -> Tensor<Element> {
    let (n, m, rest) = try twoAxes(x, of: "merge")
    let (size, overflow) = n.multipliedReportingOverflow(by: m)
    guard !overflow else { throw .tooManyElements(sizes: x.shape.sizes) }
    return Tensor(filling: try rest.prepending(size), with: x.elements)
  }

  /// Makes two axes of the leading one: `[n*m ..s] -> [n m ..s]`; the inverse of `merge`.
  ///
  /// - Parameters:
  ///   - outer: n.
  ///   - inner: m; the quotient when it is not given.
  /// - Throws: `missingAxes` for a scalar; `cannotSplit` unless n · m is the size of the axis
  ///   (when m is not given: unless n > 0 divides it).
  public static func split<Element>(
    _ x: Tensor<Element>, outer: Int, inner: Int? = nil
  ) throws(TensorError) -> Tensor<Element> {
    let (size, lane) = try x.leadingAxis(of: "split")
    let fault = TensorError.cannotSplit(size: size, outer: outer, inner: inner)
    guard outer >= 0, outer > 0 || inner != nil else { throw fault }
    let columns = inner ?? size / outer
    let (product, overflow) = outer.multipliedReportingOverflow(by: columns)
    guard columns >= 0, !overflow, product == size else { throw fault }
    return Tensor(filling: try Shape([outer, columns] + lane.sizes), with: x.elements)
  }

  /// Joins two tensors along the leading axis: `[n ..s], [m ..s] -> [n+m ..s]`.
  ///
  /// - Throws: `missingAxes` for a scalar; `shapeMismatch` unless the lanes agree.
  public static func concat<Element>(
    _ x: Tensor<Element>, _ y: Tensor<Element>
  ) throws(TensorError) -> Tensor<Element> {
    let (n, lane) = try x.leadingAxis(of: "concat")
    let (m, other) = try y.leadingAxis(of: "concat")
    guard lane == other else {
      throw .shapeMismatch(
        operation: "concat", argument: 1, expected: try lane.prepending(m), found: y.shape)
    }
    let (size, overflow) = n.addingReportingOverflow(m)
    guard !overflow else { throw .tooManyElements(sizes: x.shape.sizes) }
    return Tensor(filling: try lane.prepending(size), with: x.elements + y.elements)
  }

  /// Repeats a tensor along a new leading axis: `[..s] -> [n ..s]`.
  ///
  /// - Throws: `negativeSize` or `tooManyElements`.
  public static func `repeat`<Element>(
    _ x: Tensor<Element>, count: Int
  ) throws(TensorError) -> Tensor<Element> {
    let shape = try x.shape.prepending(count)
    var elements: [Element] = []
    elements.reserveCapacity(shape.elementCount)
    for _ in 0..<(shape.elementCount == 0 ? 0 : count) { elements += x.elements }
    return Tensor(filling: shape, with: elements)
  }

  /// Reverses the order of the lanes: `[n ..s] -> [n ..s]`.
  ///
  /// - Throws: `missingAxes` for a scalar.
  public static func reverse<Element>(
    _ x: Tensor<Element>
  ) throws(TensorError) -> Tensor<Element> {
    let (size, lane) = try x.leadingAxis(of: "reverse")
    let width = lane.elementCount
    var elements: [Element] = []
    elements.reserveCapacity(x.elements.count)
    for row in (0..<(width == 0 ? 0 : size)).reversed() {
      elements += x.elements[row * width..<(row + 1) * width]
    }
    return Tensor(filling: x.shape, with: elements)
  }

  /// The first `count` lanes: `[n+m ..s] -> [n ..s]`.
  ///
  /// - Throws: `missingAxes` for a scalar; `countOutOfRange`.
  public static func take<Element>(
    _ x: Tensor<Element>, count: Int
  ) throws(TensorError) -> Tensor<Element> {
    let lane = try laneForCount(x, count, of: "take")
    let kept = Array(x.elements.prefix(count * lane.elementCount))
    return Tensor(filling: try lane.prepending(count), with: kept)
  }

  /// All lanes but the first `count`: `[n+m ..s] -> [m ..s]`.
  ///
  /// - Throws: `missingAxes` for a scalar; `countOutOfRange`.
  public static func drop<Element>(
    _ x: Tensor<Element>, count: Int
  ) throws(TensorError) -> Tensor<Element> {
    let lane = try laneForCount(x, count, of: "drop")
    let kept = Array(x.elements.dropFirst(count * lane.elementCount))
    return Tensor(filling: try lane.prepending((x.shape.leading ?? 0) - count), with: kept)
  }

  private static func laneForCount<Element>(
    _ x: Tensor<Element>, _ count: Int, of operation: String
  ) throws(TensorError) -> Shape {
    let (size, lane) = try x.leadingAxis(of: operation)
    guard count >= 0, count <= size else {
      throw .countOutOfRange(operation: operation, count: count, size: size)
    }
    return lane
  }

  private static func twoAxes<Element>(
    _ x: Tensor<Element>, of operation: String
  ) throws(TensorError) -> (n: Int, m: Int, rest: Shape) {
    guard let n = x.shape.leading, let lane = x.shape.lane,
      let m = lane.leading, let rest = lane.lane
    else { throw .missingAxes(operation: operation, needed: 2, found: x.shape) }
    return (n, m, rest)
  }
}
