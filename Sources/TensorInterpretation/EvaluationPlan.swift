import DiagramIR
import TensorKernels

/// What every box of a diagram does at given sizes and with given parameters.
struct EvaluationPlan<Scalar: RealScalar> {
  /// A parameter and, for each of its leading axes, how deep the lanes are that choose the slice.
  struct Weight {
    let array: Tensor<Scalar>
    let depths: [Int]
  }

  /// What one box does.
  enum Step {
    case constant(Value<Scalar>)
    case kernel(name: String, BoxTable<Scalar>.Kernel)
    /// Weights from each input to each output, outputs innermost.
    case linear([Weight])
    case state([Weight])
    /// weight0, bias0, weight1, bias1.
    case perceptron([Weight])
    case simd(lanes: Int, mapped: Int, body: RegionID)
    case scan(lanes: Int, states: Int, mapped: Int, body: RegionID)
  }

  let function: TensorDiagram
  let layout: ArrayLayout
  let schedule: Schedule
  /// By box.
  private(set) var steps: [Step] = []

  var diagram: Diagram { function.diagram }

  /// - Throws: `InterpretationError`; after it, only the values of indices can be wrong.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  init(
    _ function: TensorDiagram, sizes: [SizeVariable: Int], parameters: Parameters<Scalar>,
    hiddenUnits: Int, elementLimit: Int
  ) throws(InterpretationError) {
    self.function = function
    layout = try function.layout(
      sizes: sizes, hiddenUnits: hiddenUnits, elementLimit: elementLimit, laneLimit: elementLimit)
    schedule = try Schedule(function.diagram)
    let table = BoxTable<Scalar>()
    let empty = Step.constant(.real(Tensor(scalar: 0)))
    steps = Array(repeating: empty, count: function.diagram.boxCount)
    try function.forEachBox { box, axes throws(InterpretationError) in
      switch function.diagram.operation(of: box) {
      case .learned(let learned):
        let weights = try weights(box, learned, axes, parameters, hiddenUnits)
        steps[box.index] = Self.step(learned.kind, weights)
      case .simd, .scan: steps[box.index] = try laneStep(box)
      default: steps[box.index] = try step(box, table, sizes)
      }
    }
  }

  /// What a box does that has no body and isn't learned.
  private func step(
    _ box: BoxID, _ table: BoxTable<Scalar>, _ sizes: [SizeVariable: Int]
  ) throws(InterpretationError) -> Step {
    let operation = diagram.operation(of: box)
    switch operation {
    case .box(let symbol):
      guard let entry = table.entries[symbol.name] else { throw .noMeaning(symbol) }
      return .kernel(name: symbol.name, entry.kernel)
    case .number(let bits):
      return .constant(.real(Tensor(scalar: Scalar(Double(bitPattern: bits)))))
    case .size(let size):
      let value = try sizes.value(size, what: operation.words)
      return .constant(.real(Tensor(scalar: Scalar(value))))
    case .use(let use): throw .unfolding(.undeclared(use.definition))
    case .learned, .simd, .scan: throw .malformed(.body(box))
    }
  }

  private func laneStep(_ box: BoxID) throws(InterpretationError) -> Step {
    let operation = diagram.operation(of: box)
    guard let body = diagram.body(of: box) else { throw .malformed(.body(box)) }
    let (lanes, mapped) = (
      layout.axes[diagram.operationID(of: box)] ?? 0, operation.mappedCount
    )
    if case .simd = operation { return .simd(lanes: lanes, mapped: mapped, body: body) }
    return .scan(lanes: lanes, states: operation.stateCount, mapped: mapped, body: body)
  }

  private static func step(_ kind: LearnedKind, _ weights: [Weight]) -> Step {
    switch kind {
    case .linear: .linear(weights)
    case .state: .state(weights)
    case .learn: .perceptron(weights)
    }
  }

  /// The arrays of a learned box. An axis that it is per is the innermost one around it of that size, as it is
  /// written: two axes that are different sizes in the diagram stay different when both are 4.
  private func weights(
    _ box: BoxID, _ learned: LearnedBox, _ axes: [Size], _ parameters: Parameters<Scalar>,
    _ hiddenUnits: Int
  ) throws(InterpretationError) -> [Weight] {
    var depths: [Int] = []
    for axis in learned.per {
      guard let depth = axes.lastIndex(of: axis) else {
        throw .noLane(label: learned.label, axis: axis)
      }
      depths.append(depth)
    }
    var weights: [Weight] = []
    for declaration in try function.parameters(of: box, hiddenUnits: hiddenUnits) {
      guard let array = parameters[declaration.key] else {
        throw .missingParameters([declaration])
      }
      weights.append(Weight(array: array, depths: depths))
    }
    return weights
  }
}
