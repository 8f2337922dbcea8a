import Testing

@testable import TensorKernels

@Suite("Tiles that a mask hides")
struct HiddenTileTests {
  /// How a mask enters.
  enum Mask: CaseIterable {
    /// Scores are replaced, added to, or weights multiplied.
    case replaced, added, multiplied
  }

  /// Causal attention of matrices with rows of four numbers, or its weights without an exponential.
  private static func program(_ mask: Mask, isStored: Bool) -> StreamingProgram {
    var program = StreamingProgram()
    program.arrays = [
      .init(row: 4, column: 0, depth: 1), .init(row: 0, column: 4, depth: 1),
      .init(row: 1, column: 0), .init(row: 0, column: 1), .init(row: 0, column: 4),
      .init(row: size, column: 1), .init(row: 4, column: 0),
    ]
    let later: StreamingProgram.TileValue =
      isStored
      ? .apply(.binary(.add), [.array(5), .number(0)])
      : .apply(.binary(.less), [.array(2), .array(3)])
    program.tiles = [.product(rows: 0, columns: 1, depth: 4), later]
    switch mask {
    case .replaced:
      program.tiles.append(.apply(.select, [.tile(1), .number(-.infinity), .tile(0)]))
    case .added:
      program.tiles += [
        .apply(.select, [.tile(1), .number(-.infinity), .number(0)]),
        .apply(.binary(.add), [.tile(0), .tile(2)]),
      ]
    case .multiplied:
      program.tiles += [
        .apply(.binary(.sub), [.number(1), .tile(1)]),
        .apply(.binary(.mul), [.tile(0), .tile(2)]),
      ]
    }
    let scores = program.tiles.count - 1
    let tiles = program.tiles.indices.map { StreamingProgram.Action.tile($0) }
    if mask == .multiplied {
      program.rows = [.sum(.tile(scores), peak: nil)]
      program.passes = [.init(actions: tiles + [.row(0), .product(0)])]
    } else {
      program.tiles.append(.exponential(.tile(scores), peak: 0))
      program.rows = [.peak(.tile(scores)), .sum(.tile(scores + 1), peak: 0)]
      program.passes = [
        .init(actions: tiles + [.row(0), .tile(scores + 1), .row(1), .product(0)])
      ]
    }
    program.products = [
      .init(
        weights: .tile(program.tiles.count - 1), values: 4, peak: mask == .multiplied ? nil : 0,
        entries: StridedLoops(sizes: [4], strides: [[1], [1]]))
    ]
    let total = StreamingProgram.Source.row(program.rows.count - 1)
    program.outputs = [
      .matrix([.init(product: 0, numerator: nil, denominator: total, isNegative: false)])
    ]
    return program
  }

  private static let size = 256

  /// Four blocks of four tiles.
  private struct Run {
    var result: [Float]
    var computed: Int
  }

  /// - Parameters:
  ///   - isStored: whether the mask is an array of its own, of which nothing is known.
  ///   - key: the number at the start of the last key.
  ///   - value: the number at the start of the last row of values.
  private static func run(
    _ mask: Mask, isStored: Bool = false, key: Float = 1, value: Float = 1,
    level: FeatureLevel = .best, threads: Int = 1
  ) -> Run {
    let n = size
    func numbers(_ step: Int) -> [Float] {
      (0..<(n * 4)).map { Float(($0 * step) % 13 + 1) / 8 }
    }
    var (keys, values) = (numbers(5), numbers(3))
    keys[n * 4 - 4] = key
    values[n * 4 - 4] = value
    let counting = (0..<n).map { Float($0) }
    let stored = (0..<(n * n)).map { Float($0 / n < $0 % n ? 1 : 0) }
    let arrays = [numbers(7), keys, counting, counting, values, stored, numbers(1)]
    let kernel = StreamingKernel(
      program(mask, isStored: isStored), rows: n, columns: n,
      batches: StridedLoops(sizes: [], strides: arrays.map { _ in [] }))
    let workers = Workers(threads, leastWork: 1, level: level)
    var memory = arrays.flatMap { $0 }
    var scratch = [Float](repeating: .nan, count: kernel.scratchCount * workers.count)
    var computed = Array(repeating: 0, count: workers.count)
    memory.withUnsafeMutableBufferPointer { memory in
      guard var place = memory.baseAddress else { return }
      var starts = arrays.map { array in
        defer { place += array.count }
        return place
      }
      starts.withUnsafeMutableBufferPointer { starts in
        scratch.withUnsafeMutableBufferPointer { scratch in
          computed.withUnsafeMutableBufferPointer { computed in
            guard let scratch = scratch.baseAddress, let computed = computed.baseAddress else {
              return
            }
            kernel.run(starts, scratch: scratch, workers: workers, computed: computed)
          }
        }
      }
    }
    return Run(result: Array(memory.suffix(n * 4)), computed: computed.reduce(0, +))
  }

  private static func bits(_ numbers: [Float]) -> [UInt32] {
    numbers.map { $0.isNaN ? Float.nan.bitPattern : $0.bitPattern }
  }

  @Test("Nothing is computed of them, and the result has the same bits", arguments: Mask.allCases)
  func counts(_ mask: Mask) {
    let (found, expected) = (Self.run(mask), Self.run(mask, isStored: true))
    #expect(Self.bits(found.result) == Self.bits(expected.result))
    #expect(!found.result.contains { $0.isNaN })
    // Of a stored mask each tile computes all that there is.
    let all = [Mask.replaced: 4, .added: 5, .multiplied: 4][mask] ?? 0
    #expect(expected.computed == 16 * all)
    // Below the diagonal the mask is one number, on it all is computed, above it nothing.
    let masks = mask == .replaced ? 1 : 2
    #expect(found.computed == 4 * all + 6 * (all - masks))
  }

  @Test("Threads and levels compute the same", arguments: Mask.allCases)
  func levels(_ mask: Mask) {
    for level in FeatureLevel.available {
      let one = Self.run(mask, level: level)
      let three = Self.run(mask, level: level, threads: 3)
      #expect(Self.bits(one.result) == Self.bits(three.result))
      #expect(one.computed == three.computed)
      let stored = Self.run(mask, isStored: true, level: level)
      #expect(Self.bits(one.result) == Self.bits(stored.result))
    }
  }

  @Test("Numbers that aren't finite, or may not stay so, pass as if nothing were hidden")
  func special() {
    for special in [Float.infinity, -.infinity, .nan, 3e38, -3e38] {
      for mask in Mask.allCases {
        let (key, value) = (Self.run(mask, key: special), Self.run(mask, value: special))
        let storedKey = Self.run(mask, isStored: true, key: special)
        #expect(Self.bits(key.result) == Self.bits(storedKey.result))
        let storedValue = Self.run(mask, isStored: true, value: special)
        #expect(Self.bits(value.result) == Self.bits(storedValue.result))
        // What is replaced is hidden whatever it is; the sum of infinity and its opposite isn't.
        #expect((key.computed > Self.run(mask).computed) == (mask != .replaced))
        #expect(value.result[0].isNaN == !special.isFinite)
      }
      #expect(Self.run(.replaced, key: special).result[0].isFinite)
    }
    #expect(Self.run(.added, key: .infinity).result[0].isNaN)
    #expect(Self.run(.multiplied, key: .infinity).result[0].isNaN)
  }
}
