import DiagramIR
import TensorInterpretation
import TensorKernels
import Testing

@Suite("Special values in streamed folds")
struct StreamingSpecialValueTests {
  /// What the keys' first components are from one part of the places to another; others are small.
  private struct Keys {
    let value: Float
    /// In eighths.
    let from: Int
    let to: Int

    func holds(_ place: Int, of count: Int) -> Bool {
      from * count / 8 <= place && place < max(to * count / 8, from * count / 8 + 1)
    }
  }

  private static let keys = [
    Keys(value: 1e4, from: 7, to: 8), Keys(value: 1e4, from: 0, to: 0),
    Keys(value: 1e4, from: 0, to: 8), Keys(value: .infinity, from: 7, to: 8),
    Keys(value: -.infinity, from: 0, to: 4), Keys(value: -.infinity, from: 0, to: 8),
    Keys(value: .nan, from: 4, to: 4),
  ]

  /// The queries' first components: scores are what the keys have, its negative, half of it, and so on.
  private static let queries: [Float] = [1, -1, 0.5, 2, 1, 0, 1, .nan]

  /// Numbers of few digits, so that products and sums of them are exact.
  private static func tensor(_ shape: Shape, _ first: (Int) -> Float) throws -> Value<Float> {
    let depth = shape.sizes.last ?? 1
    let elements = (0..<shape.elementCount).map { place in
      place % depth == 0 ? first(place / depth) : Float((place * 5) % 9 - 4) / 8
    }
    return .real(try Tensor(shape.sizes, elements))
  }

  /// The arrays over a size of 4, of which the last are keys, and a mask that hides all of its second row.
  private static func inputs(
    _ form: StreamingTests.Form, _ sizes: [SizeVariable: Int], _ text: String,
    _ keys: Keys
  ) throws -> [Value<Float>] {
    var inputs: [Value<Float>] = try form.function.randomInputs(sizes: sizes, seed: 3)
    let shapes = inputs.map { $0.real?.shape }
    let deep = shapes.indices.filter { shapes[$0]?.sizes.last == 4 }
    for input in deep {
      guard let shape = shapes[input] else { continue }
      let count = shape.sizes.dropLast().last ?? 1
      inputs[input] = try tensor(shape) { row in
        if input != deep.last { return queries[row % queries.count] }
        return keys.holds(row % count, of: count) ? keys.value : Float(row % 5) / 4
      }
    }
    if text.contains("mask: [n m]"), let shape = shapes.last ?? nil, let width = shape.sizes.last {
      let elements = (0..<shape.elementCount).map { (place: Int) -> Float in
        let (row, column) = (place / width, place % width)
        return row == 1 || column % 3 == 0 || column == width - 1 ? 0 : 1
      }
      inputs[inputs.count - 1] = .real(try Tensor(shape.sizes, elements))
    }
    return inputs
  }

  @Test("Every form passes large scores, infinities and NaN as it is drawn", arguments: 0..<27)
  func forms(_ place: Int) throws {
    let (name, text) = StreamingForms.all[place]
    let form = try StreamingTests.Form(text)
    let isSquare = !form.function.sizeVariables.contains { "\($0)" == "m" }
    let sizes = form.sizes([isSquare ? 17 : 9, 17, 4, 3, 2])
    let interpreter = try form.interpreter(sizes, seed: 1)
    let plan = try FastPlan(
      form.function, sizes: sizes, isChosenByCost: false, leastStreamed: 0)
    #expect(plan.streamingCount == 1)
    for keys in Self.keys {
      let inputs = try Self.inputs(form, sizes, text, keys)
      let expected = try Interpreter<Float>(
        environment: form.source.environment, sizes: sizes, parameters: interpreter.parameters
      ).run(form.function, inputs: inputs)
      let found = try FastEvaluator(plan, parameters: interpreter.parameters).run(inputs)
      var difference = Difference()
      for (a, b) in zip(found, expected) { difference.include(a, b) }
      #expect(difference.relative <= 2e-5, "\(name): \(keys)")
    }
  }
}
