import TensorKernels
import Testing

@Suite("Shapes and tensors")
struct TensorTests {
  @Test("a shape counts its elements; without axes there is one, with a zero there are none")
  func counts() throws {
    #expect(try Shape([3, 4]).elementCount == 12)
    #expect(Shape.scalar.elementCount == 1)
    #expect(try Shape([1 << 20, 0, 1 << 11]).elementCount == 0)
    #expect(try Shape([3, 4]).lane == Shape([4]))
    #expect(Shape.scalar.lane == nil)
    #expect(try Shape([3, 4]).description == "[3 4]")
  }

  @Test("negative sizes and too many elements are errors, also behind a zero")
  func refusedShapes() {
    expectError(.negativeSize(axis: 1, size: -1)) { () throws(TensorError) in try Shape([2, -1]) }
    let huge = [1_000_000, 1_000_000]
    expectError(.tooManyElements(sizes: huge)) { () throws(TensorError) in try Shape(huge) }
    let overflowing = [0, .max, .max]
    expectError(.tooManyElements(sizes: overflowing)) { () throws(TensorError) in
      try Shape(overflowing)
    }
  }

  @Test("elements must fill the shape exactly")
  func elementCount() throws {
    let shape = try Shape([2, 2])
    expectError(.elementCount(shape: shape, found: 3)) { () throws(TensorError) in
      try Tensor(shape: shape, elements: [1, 2, 3])
    }
    #expect(try Tensor([2, 2], [1, 2, 3, 4]).elements.count == 4)
  }

  @Test("lanes are slices along the leading axis, and stack back")
  func lanes() throws {
    let x = try ramp(3, 2)
    #expect(try x.lane(1) == vector(2, 3))
    #expect(try Tensor.stack(x.lanes(), laneShape: Shape([2])) == x)
    expectError(.laneOutOfRange(lane: 3, size: 3)) { () throws(TensorError) in try x.lane(3) }
    expectError(.laneOutOfRange(lane: -1, size: 3)) { () throws(TensorError) in try x.lane(-1) }
    let scalar = Tensor(scalar: 1.0)
    #expect(throws: TensorError.self) { try scalar.lane(0) }
  }

  @Test("no lanes stack to an array that still knows the shape of a lane")
  func noLanes() throws {
    let empty = try Tensor<Double>.stack([], laneShape: Shape([4, 5]))
    #expect(empty.shape.sizes == [0, 4, 5])
    #expect(try empty.lanes().isEmpty)
    let thin = try ramp(3, 0)
    #expect(try thin.lanes().count == 3)
    #expect(try Tensor.stack(thin.lanes(), laneShape: Shape([0])) == thin)
  }

  @Test("stacking lanes of two shapes names the lane")
  func unevenLanes() throws {
    let (a, b) = (try vector(1, 2), try vector(1))
    let lane = try Shape([2])
    expectError(
      .shapeMismatch(operation: "stack", argument: 1, expected: lane, found: b.shape)
    ) { () throws(TensorError) in try Tensor.stack([a, b], laneShape: lane) }
  }

  @Test("map and zip keep the shape; zip refuses another shape")
  func mapAndZip() throws {
    let x = try ramp(2, 2)
    #expect(x.map { $0 * 2 }.elements == [0, 2, 4, 6])
    #expect(try x.zip(x) { $0 + $1 }.elements == [0, 2, 4, 6])
    #expect(throws: TensorError.self) { try x.zip(ramp(4)) { $0 + $1 } }
    #expect(try x.reshaped(to: Shape([4])).elements == x.elements)
    #expect(throws: TensorError.self) { try x.reshaped(to: Shape([3])) }
  }
}
