import TensorKernels
import Testing

@Suite("Reference kernels: folds, structure and indices")
struct ReferenceKernelTests {
  typealias Kernels = ReferenceKernels

  @Test("folds run along the leading axis")
  func folds() throws {
    let x = try Tensor([3, 2], [1.0, -2, 3, 4, 8, -5])
    #expect(try Kernels.sum(x) == vector(12, -3))
    #expect(try Kernels.mean(x) == vector(4, -1))
    #expect(try Kernels.max(x) == vector(8, 4))
  }

  @Test("folds of no lanes are 0, NaN and minus infinity; of empty lanes, empty")
  func emptyFolds() throws {
    let none = try ramp(0, 2)
    #expect(try Kernels.sum(none) == vector(0, 0))
    #expect(try Kernels.mean(none).elements.allSatisfy { $0.isNaN })
    #expect(try Kernels.mean(none).shape.sizes == [2])
    #expect(try Kernels.max(none) == vector(-.infinity, -.infinity))
    #expect(try Kernels.sum(ramp(3, 0)).shape.sizes == [0])
    #expect(try Kernels.max(ramp(1 << 20, 0)).elements.isEmpty)
    #expect(throws: TensorError.self) { try Kernels.sum(Tensor(scalar: 1.0)) }
  }

  @Test("max keeps NaN wherever it comes, and infinities are ordinary")
  func specialFolds() throws {
    let x = try Tensor([3, 3], [Double.nan, 1, -.infinity, 2, .nan, 5, 3, 1, .infinity])
    let largest = try Kernels.max(x).elements
    #expect(largest[0].isNaN && largest[1].isNaN && largest[2] == .infinity)
    #expect(try Kernels.sum(vector(.infinity, -.infinity)).elements[0].isNaN)
  }

  @Test("sums of floats accumulate in double precision")
  func accumulation() throws {
    let ones = Tensor<Float>(repeating: 1, shape: try Shape([1000]))
    let x = try Kernels.concat(try Tensor<Float>([1], [16_777_216]), ones)
    #expect(try Kernels.sum(x).onlyElement == 16_778_216)
    // Adding one by one in single precision would never leave 2²⁴.
    #expect(x.elements.reduce(0, +) == 16_777_216)
  }

  @Test("transpose swaps the two leading axes, and twice is nothing")
  func transposition() throws {
    let x = try ramp(2, 3, 2)
    let y = try Kernels.transpose(x)
    #expect(y.shape.sizes == [3, 2, 2])
    #expect(y.elements == [0, 1, 6, 7, 2, 3, 8, 9, 4, 5, 10, 11])
    #expect(try Kernels.transpose(y) == x)
    #expect(try Kernels.transpose(ramp(0, 3)).shape.sizes == [3, 0])
    expectError(.missingAxes(operation: "transpose", needed: 2, found: try Shape([3]))) {
      () throws(TensorError) in
      try Kernels.transpose(Tensor([3], [1, 2, 3]))
    }
  }

  @Test("merge and split are inverse")
  func merging() throws {
    let x = try ramp(2, 3, 2)
    let merged = try Kernels.merge(x)
    #expect(merged.shape.sizes == [6, 2])
    #expect(try Kernels.split(merged, outer: 2) == x)
    #expect(try Kernels.split(merged, outer: 2, inner: 3) == x)
    let empty = try ramp(0, 5)
    #expect(try Kernels.split(Kernels.merge(empty), outer: 0, inner: 5) == empty)
    #expect(try Kernels.split(ramp(0), outer: 4).shape.sizes == [4, 0])
  }

  @Test(
    "split refuses sizes that do not multiply to the axis",
    arguments: [(4, nil), (0, nil), (-2, nil), (2, 4), (-2, -3), (Int.max, 2)] as [(Int, Int?)])
  func refusedSplits(_ outer: Int, _ inner: Int?) throws {
    let x = try ramp(6)
    expectError(.cannotSplit(size: 6, outer: outer, inner: inner)) { () throws(TensorError) in
      try Kernels.split(x, outer: outer, inner: inner)
    }
  }

  @Test("concat joins along the leading axis, and lanes must agree")
  func concatenation() throws {
    let (x, y) = (try ramp(1, 2), try Tensor([2, 2], [5.0, 6, 7, 8]))
    #expect(try Kernels.concat(x, y) == Tensor([3, 2], [0, 1, 5, 6, 7, 8]))
    #expect(try Kernels.concat(ramp(0, 2), y) == y)
    #expect(throws: TensorError.self) { try Kernels.concat(x, ramp(2)) }
    #expect(throws: TensorError.self) { try Kernels.concat(Tensor(scalar: 1.0), x) }
  }

  @Test("repeat, reverse, take and drop move whole lanes")
  func lanesMoved() throws {
    let x = try ramp(3, 2)
    #expect(try Kernels.repeat(vector(1, 2), count: 2) == Tensor([2, 2], [1, 2, 1, 2]))
    #expect(try Kernels.repeat(x, count: 0).shape.sizes == [0, 3, 2])
    #expect(try Kernels.reverse(x) == Tensor([3, 2], [4, 5, 2, 3, 0, 1]))
    #expect(try Kernels.take(x, count: 2) == ramp(2, 2))
    #expect(try Kernels.drop(x, count: 2) == Tensor([1, 2], [4, 5]))
    #expect(try Kernels.concat(Kernels.take(x, count: 1), Kernels.drop(x, count: 1)) == x)
    #expect(try Kernels.take(x, count: 0).shape.sizes == [0, 2])
    #expect(try Kernels.drop(x, count: 3).shape.sizes == [0, 2])
  }

  @Test("take and drop of more lanes than there are say so")
  func refusedCounts() throws {
    let x = try ramp(3, 2)
    expectError(.countOutOfRange(operation: "take", count: 4, size: 3)) {
      () throws(TensorError) in try Kernels.take(x, count: 4)
    }
    expectError(.countOutOfRange(operation: "drop", count: -1, size: 3)) {
      () throws(TensorError) in try Kernels.drop(x, count: -1)
    }
    #expect(throws: TensorError.self) { try Kernels.repeat(x, count: -1) }
  }

  @Test("a size of 10¹² is an error and no allocation")
  func hugeSizes() throws {
    let size = 1_000_000_000_000
    let one = Tensor(scalar: 1.0)
    expectError(.tooManyElements(sizes: [size])) { () throws(TensorError) in
      try Kernels.repeat(one, count: size)
    }
    expectError(.tooManyElements(sizes: [size])) { () throws(TensorError) in
      try Kernels.iota(size, as: Float.self)
    }
    #expect(try Kernels.repeat(ramp(0), count: 1 << 31).elements.isEmpty)
  }

  @Test("iota and indices count from zero")
  func counting() throws {
    #expect(try Kernels.indices(3) == Tensor([3], [0, 1, 2]))
    #expect(try Kernels.iota(3, as: Double.self) == ramp(3))
    #expect(try Kernels.iota(0, as: Double.self) == ramp(0))
    #expect(throws: TensorError.self) { try Kernels.indices(-1) }
  }

  @Test("gather picks lanes of a table by an index of any shape")
  func gathering() throws {
    let table = try ramp(3, 2)
    #expect(try Kernels.gather(table, Tensor(scalar: 2)) == vector(4, 5))
    let index = try Tensor([2, 2], [0, 2, 2, 1])
    let picked = try Kernels.gather(table, index)
    #expect(picked.shape.sizes == [2, 2, 2])
    #expect(picked.elements == [0, 1, 4, 5, 4, 5, 2, 3])
    #expect(try Kernels.gather(ramp(0, 2), Tensor<Int>([0], [])).shape.sizes == [0, 2])
  }

  @Test("reindex by a permutation permutes, by zeros repeats")
  func reindexing() throws {
    let x = try ramp(3, 2)
    let reversed = try Kernels.reindex(x, Tensor([3], [2, 1, 0]))
    #expect(try reversed == Kernels.reverse(x))
    let repeated = try Kernels.reindex(ramp(1, 2), Tensor([4], [0, 0, 0, 0]))
    #expect(try repeated == Kernels.repeat(vector(0, 1), count: 4))
    #expect(throws: TensorError.self) { try Kernels.reindex(x, Tensor([1, 1], [0])) }
    #expect(throws: TensorError.self) { try Kernels.reindex(x, Tensor(scalar: 0)) }
  }

  @Test("an index outside the axis is named, with its place and the size", arguments: [3, -1])
  func refusedIndices(_ bad: Int) throws {
    let x = try ramp(3, 2)
    let index = try Tensor([3], [0, bad, 9])
    expectError(.indexOutOfRange(operation: "gather", position: 1, index: bad, size: 3)) {
      () throws(TensorError) in try Kernels.gather(x, index)
    }
    expectError(.indexOutOfRange(operation: "reindex", position: 1, index: bad, size: 3)) {
      () throws(TensorError) in try Kernels.reindex(x, index)
    }
  }
}
