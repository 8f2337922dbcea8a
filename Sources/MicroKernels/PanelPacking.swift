/// How lanes of a matrix are copied into panels: the rows of a left factor, or the columns of a right one.
///
/// A panel holds some lanes side by side, place by place of the depth. Lanes may lie anywhere; the depth moves by
/// one step.
@frozen
public struct PanelPacking {
  /// Where offsets are counted from.
  public var source: UnsafePointer<Float>
  /// Where each lane starts.
  public var offsets: UnsafePointer<Int>
  /// How many lanes there are; missing ones of the last panel become zero.
  public var lanes: Int
  /// How many places of the depth are copied.
  public var depth: Int
  /// How far apart they are.
  public var step: Int
  /// The first panel.
  public var target: UnsafeMutablePointer<Float>
  /// How far apart panels are.
  public var panelStep: Int

  /// A packing of lanes.
  @inlinable
  public init(
    source: UnsafePointer<Float>, offsets: UnsafePointer<Int>, lanes: Int, depth: Int, step: Int,
    target: UnsafeMutablePointer<Float>, panelStep: Int
  ) {
    self.source = source
    self.offsets = offsets
    self.lanes = lanes
    self.depth = depth
    self.step = step
    self.target = target
    self.panelStep = panelStep
  }
}

extension InstructionSet {
  /// Packs the rows of a left factor.
  @inlinable @inline(__always)
  public static func packRows(_ packing: PanelPacking) { pack(packing, width: Tile.count) }

  /// Packs the columns of a right factor.
  @inlinable @inline(__always)
  public static func packColumns(_ packing: PanelPacking) { pack(packing, width: tileColumns) }

  @inlinable @inline(__always)
  static func pack(_ packing: PanelPacking, width: Int) {
    var lane = 0
    var target = packing.target
    while lane < packing.lanes {
      let offsets = packing.offsets + lane
      // Four panels at a time read whole lines of the cache.
      if width % 16 == 0 && lane + 4 * width <= packing.lanes
        && areConsecutive(offsets, 4 * width)
      {
        copyFourPanels(packing, packing.source + offsets.pointee, target, width)
        target += 4 * packing.panelStep
        lane += 4 * width
        continue
      }
      let lanes = Swift.min(width, packing.lanes - lane)
      if lanes < width { clear(target, packing.depth * width) }
      if areConsecutive(offsets, lanes) {
        let source = packing.source + offsets.pointee
        // With a constant number of lanes, the copying is unrolled.
        if lanes == width {
          copyPanel(packing, source, width, target, width)
        } else {
          copyPanel(packing, source, lanes, target, width)
        }
      } else if packing.step == 1 {
        if lanes == width {
          transposePanel(packing, offsets, width, target, width)
        } else {
          transposePanel(packing, offsets, lanes, target, width)
        }
      } else {
        gatherLanes(packing, offsets, 0, lanes, 0, target, width)
      }
      target += packing.panelStep
      lane += width
    }
  }

  @inlinable @inline(__always)
  static func clear(_ target: UnsafeMutablePointer<Float>, _ count: Int) {
    var place = 0
    while place < count {
      Lanes(repeating: 0).store(target, place, count)
      place += 16
    }
  }

  /// Four panels whose lanes follow one another.
  @inlinable @inline(__always)
  static func copyFourPanels(
    _ packing: PanelPacking, _ source: UnsafePointer<Float>,
    _ target: UnsafeMutablePointer<Float>, _ width: Int
  ) {
    var (from, to) = (source, target)
    var left = packing.depth
    while left > 0 {
      var (lane, panel) = (0, to)
      while lane < 4 * width {
        var place = 0
        while place < width {
          let numbers: SIMD16<Float> = Memory.load(from + lane + place)
          Memory.store(numbers, panel + place)
          place += 16
        }
        panel += packing.panelStep
        lane += width
      }
      from += packing.step
      to += width
      left -= 1
    }
  }

  /// A panel whose lanes follow one another.
  @inlinable @inline(__always)
  static func copyPanel(
    _ packing: PanelPacking, _ source: UnsafePointer<Float>, _ lanes: Int,
    _ target: UnsafeMutablePointer<Float>, _ width: Int
  ) {
    var (from, to) = (source, target)
    var left = packing.depth
    while left > 0 {
      var lane = 0
      while width % 16 == 0 && lane + 16 <= lanes {
        let numbers: SIMD16<Float> = Memory.load(from + lane)
        Memory.store(numbers, to + lane)
        lane += 16
      }
      while lane + 4 <= lanes {
        let numbers: SIMD4<Float> = Memory.load(from + lane)
        Memory.store(numbers, to + lane)
        lane += 4
      }
      while lane < lanes {
        to[lane] = from[lane]
        lane += 1
      }
      from += packing.step
      to += width
      left -= 1
    }
  }

  /// A panel whose lanes are consecutive in depth: four places at a time, of four lanes or of two.
  @inlinable @inline(__always)
  static func transposePanel(
    _ packing: PanelPacking, _ offsets: UnsafePointer<Int>, _ lanes: Int,
    _ target: UnsafeMutablePointer<Float>, _ width: Int
  ) {
    let deep = packing.depth & ~3
    var place = 0
    while place < deep {
      let (source, to) = (packing.source + place, target + place * width)
      var lane = 0
      while lane + 4 <= lanes {
        let (a, b) = (source + offsets[lane], source + offsets[lane + 1])
        let (c, d) = (source + offsets[lane + 2], source + offsets[lane + 3])
        transpose(a, b, c, d, to + lane, width)
        lane += 4
      }
      if lane + 2 <= lanes {
        transpose(source + offsets[lane], source + offsets[lane + 1], to + lane, width)
      }
      place += 4
    }
    gatherLanes(packing, offsets, lanes & ~1, lanes, 0, target, width)
    gatherLanes(packing, offsets, 0, lanes & ~1, deep, target, width)
  }

  /// Four numbers of each of two lanes, as four places of two numbers.
  @inlinable @inline(__always)
  static func transpose(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>,
    _ width: Int
  ) {
    let (x, y): (SIMD4<Float>, SIMD4<Float>) = (Memory.load(a), Memory.load(b))
    Memory.store(SIMD2<Float>(x[0], y[0]), target)
    Memory.store(SIMD2<Float>(x[1], y[1]), target + width)
    Memory.store(SIMD2<Float>(x[2], y[2]), target + 2 * width)
    Memory.store(SIMD2<Float>(x[3], y[3]), target + 3 * width)
  }

  /// Four numbers of each of four lanes, as four places of four numbers.
  @inlinable @inline(__always)
  static func transpose(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafePointer<Float>,
    _ d: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>, _ width: Int
  ) {
    let (x, y): (SIMD4<Float>, SIMD4<Float>) = (Memory.load(a), Memory.load(b))
    let (z, w): (SIMD4<Float>, SIMD4<Float>) = (Memory.load(c), Memory.load(d))
    let lowLeft = SIMD4<Float>(x[0], y[0], x[1], y[1])
    let lowRight = SIMD4<Float>(z[0], w[0], z[1], w[1])
    let highLeft = SIMD4<Float>(x[2], y[2], x[3], y[3])
    let highRight = SIMD4<Float>(z[2], w[2], z[3], w[3])
    Memory.store(SIMD4<Float>(lowLeft[0], lowLeft[1], lowRight[0], lowRight[1]), target)
    Memory.store(SIMD4<Float>(lowLeft[2], lowLeft[3], lowRight[2], lowRight[3]), target + width)
    Memory.store(
      SIMD4<Float>(highLeft[0], highLeft[1], highRight[0], highRight[1]), target + 2 * width)
    Memory.store(
      SIMD4<Float>(highLeft[2], highLeft[3], highRight[2], highRight[3]), target + 3 * width)
  }

  /// Some lanes from a place on, number by number.
  @inlinable @inline(__always)
  static func gatherLanes(
    _ packing: PanelPacking, _ offsets: UnsafePointer<Int>, _ first: Int, _ last: Int,
    _ place: Int, _ target: UnsafeMutablePointer<Float>, _ width: Int
  ) {
    var lane = first
    while lane < last {
      let source = packing.source + offsets[lane]
      var place = place
      while place < packing.depth {
        target[place * width + lane] = source[place * packing.step]
        place += 1
      }
      lane += 1
    }
  }
}
