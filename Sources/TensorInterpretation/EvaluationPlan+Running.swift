import DiagramIR
import TensorKernels

extension EvaluationPlan {
  /// The values of a region's codomain wires.
  ///
  /// - Parameters:
  ///   - inputs: the values of its domain wires.
  ///   - lanes: which lane of each SIMD and scan box around the region this is, outermost first.
  ///   - tally: what running it adds to.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func run(
    _ region: RegionID, _ inputs: [Value<Scalar>], lanes: [Int], _ tally: inout EvaluationTally
  ) throws(InterpretationError) -> [Value<Scalar>] {
    let wires = diagram.wires(in: region)
    let start = wires.first?.index ?? 0
    var values: [Value<Scalar>?] = Array(repeating: nil, count: wires.count)
    for (wire, input) in zip(diagram.domain(of: region), inputs) {
      values[wire.index - start] = input
    }
    for (box, released) in schedule.steps(of: region) {
      let arguments = diagram.inputs(of: box).compactMap { values[$0.index - start] }
      tally.hold(resultShapes(of: box).reduce(0) { $0 + $1.elementCount })
      let results = try run(box, arguments, lanes, &tally)
      for (wire, result) in zip(diagram.outputs(of: box), results) {
        let expected = layout.shapes[diagram.typeID(of: wire).index]
        guard result.shape == expected else {
          throw .resultShape(
            box: function.describe(box), expected: expected, found: result.shape)
        }
        values[wire.index - start] = result
      }
      for wire in released {
        tally.release(values[wire.index - start]?.shape.elementCount ?? 0)
        values[wire.index - start] = nil
      }
    }
    releaseResults(of: region, values, start, &tally)
    return diagram.codomain(of: region).compactMap { values[$0.index - start] }
  }

  /// The results of a body become parts of arrays that are held outside.
  private func releaseResults(
    of region: RegionID, _ values: [Value<Scalar>?], _ start: Int, _ tally: inout EvaluationTally
  ) {
    guard region != diagram.root else { return }
    let inputs = Set(diagram.domain(of: region))
    for wire in Set(diagram.codomain(of: region)) where !inputs.contains(wire) {
      tally.release(values[wire.index - start]?.shape.elementCount ?? 0)
    }
  }

  /// The values of a box's outputs.
  private func run(
    _ box: BoxID, _ inputs: [Value<Scalar>], _ lanes: [Int], _ tally: inout EvaluationTally
  ) throws(InterpretationError) -> [Value<Scalar>] {
    switch steps[box.index] {
    case .simd(let count, let mapped, let body):
      return try simd(box, inputs, lanes, count: count, mapped: mapped, body, &tally)
    case .scan(let count, let states, let mapped, let body):
      return try scan(
        box, inputs, lanes, count: count, states: states, mapped: mapped, body, &tally)
    default: break
    }
    do throws(TensorError) {
      switch steps[box.index] {
      case .kernel(let name, let kernel):
        let result = resultShapes(of: box).first ?? .scalar
        tally.operations.add(name, reading: inputs.first?.shape.elementCount ?? 0)
        return [try kernel(BoxCall(name: name, inputs: inputs, result: result))]
      case .linear(let weights):
        return try linear(box, inputs, slices(weights, lanes), &tally.operations)
      case .state(let weights): return try slices(weights, lanes).map { .real($0) }
      case .perceptron(let weights):
        return try perceptron(box, inputs, slices(weights, lanes), &tally.operations)
      case .constant(let value): return [value]
      case .simd, .scan: return []
      }
    } catch {
      throw .kernel(box: function.describe(box), error)
    }
  }

  private func resultShapes(of box: BoxID) -> [Shape] {
    diagram.outputs(of: box).map { layout.shapes[diagram.typeID(of: $0).index] }
  }
}

// MARK: - Lanes

extension EvaluationPlan {
  /// The body in each lane: mapped inputs are sliced, shared ones are the same everywhere, results are stacked.
  private func simd(
    _ box: BoxID, _ inputs: [Value<Scalar>], _ lanes: [Int], count: Int, mapped: Int,
    _ body: RegionID, _ tally: inout EvaluationTally
  ) throws(InterpretationError) -> [Value<Scalar>] {
    var results: [[Value<Scalar>]] = []
    for lane in 0..<count {
      let sliced = try slice(inputs.prefix(mapped), lane, box)
      results.append(
        try run(body, sliced + inputs.dropFirst(mapped), lanes: lanes + [lane], &tally))
    }
    return try stack(results, diagram.codomain(of: body), box)
  }

  /// The body in lane after lane, each seeing the states that the one before it returned.
  private func scan(
    _ box: BoxID, _ inputs: [Value<Scalar>], _ lanes: [Int], count: Int, states: Int,
    mapped: Int, _ body: RegionID, _ tally: inout EvaluationTally
  ) throws(InterpretationError) -> [Value<Scalar>] {
    var current = Array(inputs.prefix(states))
    let peeled = inputs.dropFirst(states).prefix(mapped)
    let shared = inputs.dropFirst(states + mapped)
    var results: [[Value<Scalar>]] = []
    for lane in 0..<count {
      let sliced = try slice(peeled, lane, box)
      let returned = try run(body, current + sliced + shared, lanes: lanes + [lane], &tally)
      current = Array(returned.prefix(states))
      results.append(Array(returned.dropFirst(states)))
    }
    return current + (try stack(results, diagram.codomain(of: body).dropFirst(states), box))
  }

  private func slice(
    _ values: ArraySlice<Value<Scalar>>, _ lane: Int, _ box: BoxID
  ) throws(InterpretationError) -> [Value<Scalar>] {
    do throws(TensorError) {
      var slices: [Value<Scalar>] = []
      for value in values { slices.append(try value.lane(lane)) }
      return slices
    } catch {
      throw .kernel(box: function.describe(box), error)
    }
  }

  /// One value for each of the body's codomain wires; their types say its shape where there is no lane.
  private func stack(
    _ lanes: [[Value<Scalar>]], _ wires: ArraySlice<WireID>, _ box: BoxID
  ) throws(InterpretationError) -> [Value<Scalar>] {
    do throws(TensorError) {
      var stacked: [Value<Scalar>] = []
      for (position, wire) in wires.enumerated() {
        stacked.append(
          try Value.stack(
            lanes.map { $0[position] },
            laneShape: layout.shapes[diagram.typeID(of: wire).index],
            isIndex: diagram.type(of: wire).isIndex))
      }
      return stacked
    } catch {
      throw .kernel(box: function.describe(box), error)
    }
  }
}

// MARK: - Learned boxes

extension EvaluationPlan {
  /// The part of each weight that the lanes around the box choose.
  private func slices(
    _ weights: [Weight], _ lanes: [Int]
  ) throws(TensorError) -> [Tensor<Scalar>] {
    var slices: [Tensor<Scalar>] = []
    for weight in weights {
      var array = weight.array
      for depth in weight.depths { array = try array.lane(lanes[depth]) }
      slices.append(array)
    }
    return slices
  }

  /// Output j is the sum over the inputs i of xᵢ · Wᵢⱼ.
  private func linear(
    _ box: BoxID, _ inputs: [Value<Scalar>], _ weights: [Tensor<Scalar>],
    _ count: inout OperationCount<Int>
  ) throws(TensorError) -> [Value<Scalar>] {
    let shapes = resultShapes(of: box)
    count.multiplyAdds += weights.reduce(0) { $0 + $1.shape.elementCount }
    var results: [Value<Scalar>] = []
    for (j, shape) in shapes.enumerated() {
      let column = inputs.indices.map { weights[$0 * shapes.count + j] }
      results.append(
        .real(
          try ReferenceKernels.linear(inputs.map(\.asReal), weights: column, result: shape)))
    }
    return results
  }

  private func perceptron(
    _ box: BoxID, _ inputs: [Value<Scalar>], _ weights: [Tensor<Scalar>],
    _ count: inout OperationCount<Int>
  ) throws(TensorError) -> [Value<Scalar>] {
    let (hidden, results) = (weights[1].shape.elementCount, weights[3].shape.elementCount)
    count.multiplyAdds += weights[0].shape.elementCount + weights[2].shape.elementCount
    count.functions += 2 * hidden + results
    let network = ReferenceKernels.Perceptron(
      weight0: weights[0], bias0: weights[1], weight1: weights[2], bias1: weights[3])
    return try ReferenceKernels.perceptron(
      inputs.map(\.asReal), network, results: resultShapes(of: box)
    ).map { .real($0) }
  }
}
