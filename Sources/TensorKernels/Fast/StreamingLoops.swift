/// The loops of streaming kernels over lines of a multiple of sixteen numbers, and the product that they need.
enum StreamingLoops {
  typealias Vector = SIMD16<Float>
  /// The columns of a product's panel.
  static let width = 8
  /// The rows that are multiplied at once.
  static let height = 4

  @inline(__always)
  static func load(_ pointer: UnsafePointer<Float>, _ place: Int) -> Vector {
    UnsafeRawPointer(pointer + place).loadUnaligned(as: Vector.self)
  }

  @inline(__always)
  static func store(_ vector: Vector, _ pointer: UnsafeMutablePointer<Float>, _ place: Int) {
    UnsafeMutableRawPointer(pointer + place).storeBytes(of: vector, as: Vector.self)
  }

  /// Of lines, the sums at each place.
  static func sums(
    _ tile: UnsafePointer<Float>, step: Int, lines: Int, _ result: UnsafeMutablePointer<Float>,
    _ count: Int
  ) {
    for place in stride(from: 0, to: count, by: 16) {
      var total = Vector(repeating: 0)
      for line in 0..<lines { total += load(tile + line * step, place) }
      store(total, result, place)
    }
  }

  /// Of lines and what the result holds, the largest at each place; NaN where one is.
  static func largest(
    _ tile: UnsafePointer<Float>, step: Int, lines: Int, _ result: UnsafeMutablePointer<Float>,
    _ count: Int
  ) {
    for place in stride(from: 0, to: count, by: 16) {
      var top = load(result, place)
      for line in 0..<lines {
        top = VectorLoops.maximum(top, load(tile + line * step, place))
      }
      store(top, result, place)
    }
  }

  /// `exp(x - shift)` of lines; the result may be where they are.
  static func exponentials(
    _ tile: UnsafePointer<Float>, step: Int, lines: Int, shift: UnsafePointer<Float>,
    _ result: UnsafeMutablePointer<Float>, resultStep: Int, _ count: Int
  ) {
    for place in stride(from: 0, to: count, by: 16) {
      let least = load(shift, place)
      for line in 0..<lines {
        let value = VectorFunctions.exp(load(tile + line * step, place) - least)
        store(value, result + line * resultStep, place)
      }
    }
  }

  /// What sums relative to a shift are multiplied by when the largest entry grows from `old` to `new`; whether
  /// any is not 1. Shifts are the largest entries where those are finite, else 0; a sum that is still empty, or
  /// whose shift is no longer used, keeps what it is.
  static func rescale(
    old: UnsafePointer<Float>, new: UnsafePointer<Float>, shift: UnsafeMutablePointer<Float>,
    factor: UnsafeMutablePointer<Float>, _ count: Int
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
    UnaryFunction.exp.apply(factor, factor, count)
    return true
  }
}

/// `c[i, j] = Σ a[i, p] · b[p, j]`, or that added to c, where c and b have whole panels of eight columns and a
/// may have any strides.
struct StreamingProduct {
  let rows: Int
  let columns: Int
  let depth: Int
  let a: MatrixProduct.Steps
  /// What b moves by from row to row, and from panel to panel.
  let b: MatrixProduct.Steps
  /// What c moves by from row to row.
  let c: Int

  func run(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>,
    adding: Bool
  ) {
    for column in stride(from: 0, to: columns, by: StreamingLoops.width) {
      let panel = b + column / StreamingLoops.width * self.b.column
      for row in stride(from: 0, to: rows, by: StreamingLoops.height) {
        let height = min(StreamingLoops.height, rows - row)
        let tile = BroadcastTile(
          a + row * self.a.row, step: self.a.row, height: height, along: self.a.column, panel,
          step: self.b.row, depth: depth)
        tile.write(height, c + row * self.c + column, step: self.c, adding)
      }
    }
  }
}

/// Four rows of a product, eight columns wide, in registers.
struct BroadcastTile {
  typealias Vector = SIMD8<Float>
  private var row0 = Vector(repeating: 0)
  private var row1 = Vector(repeating: 0)
  private var row2 = Vector(repeating: 0)
  private var row3 = Vector(repeating: 0)

  /// Rows beyond the height are the last one again.
  @inline(__always)
  init(
    _ left: UnsafePointer<Float>, step: Int, height: Int, along: Int,
    _ right: UnsafePointer<Float>, step rightStep: Int, depth: Int
  ) {
    let (left0, left1) = (left, left + min(1, height - 1) * step)
    let (left2, left3) = (left + min(2, height - 1) * step, left + (height - 1) * step)
    var (place, panel) = (0, right)
    for _ in 0..<depth {
      let vector = UnsafeRawPointer(panel).loadUnaligned(as: Vector.self)
      row0 += vector * left0[place]
      row1 += vector * left1[place]
      row2 += vector * left2[place]
      row3 += vector * left3[place]
      place += along
      panel += rightStep
    }
  }

  @inline(__always)
  func write(_ height: Int, _ target: UnsafeMutablePointer<Float>, step: Int, _ adding: Bool) {
    put(row0, target, adding)
    if height > 1 { put(row1, target + step, adding) }
    if height > 2 { put(row2, target + 2 * step, adding) }
    if height > 3 { put(row3, target + 3 * step, adding) }
  }

  @inline(__always)
  private func put(_ row: Vector, _ target: UnsafeMutablePointer<Float>, _ adding: Bool) {
    let place = UnsafeMutableRawPointer(target)
    let value = adding ? place.loadUnaligned(as: Vector.self) + row : row
    place.storeBytes(of: value, as: Vector.self)
  }
}
