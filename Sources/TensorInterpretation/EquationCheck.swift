import DiagramIR
import TensorKernels

/// How far two arrays differ.
public struct Difference: Hashable, Sendable {
  /// The largest |a - b|; infinite where one of the two is not a finite number and the other differs.
  public private(set) var absolute = 0.0
  /// The largest |a - b| / max(1, |a|, |b|).
  public private(set) var relative = 0.0

  /// No difference.
  public init() {}

  /// Takes another pair of numbers into account. NaN and infinities equal themselves.
  public mutating func include(_ a: Double, _ b: Double) {
    if a == b || (a.isNaN && b.isNaN) { return }
    guard a.isFinite && b.isFinite else {
      (absolute, relative) = (.infinity, .infinity)
      return
    }
    let difference = abs(a - b)
    absolute = max(absolute, difference)
    relative = max(relative, difference / max(1, abs(a), abs(b)))
  }

  /// Takes another pair of values into account; different kinds, shapes or indices differ infinitely.
  public mutating func include<Scalar>(_ a: Value<Scalar>, _ b: Value<Scalar>) {
    switch (a, b) {
    case (.real(let a), .real(let b)) where a.shape == b.shape:
      for (x, y) in zip(a.elements, b.elements) { include(Double(x), Double(y)) }
    case (.index(let a), .index(let b)) where a == b: return
    default: include(0, .infinity)
    }
  }

  /// Takes what another comparison found into account.
  public mutating func include(_ other: Difference) {
    absolute = max(absolute, other.absolute)
    relative = max(relative, other.relative)
  }
}

/// Compares two diagrams of one interface numerically: the same random inputs and parameters, several sizes.
///
/// Passing is evidence, not proof; failing is proof, up to rounding.
public struct EquationCheck: Sendable {
  /// What one evaluation of both sides found.
  public struct Trial: Sendable {
    /// The sizes.
    public let sizes: [SizeVariable: Int]
    /// The shapes.
    public let shapes: [ShapeVariable: [Int]]
    /// How far the results differ.
    public let difference: Difference
  }

  /// The declarations that both diagrams refer to.
  public var environment: Environment
  /// What the sizes and numbers are drawn from.
  public var seed: UInt64
  /// How many times both sides are evaluated.
  public var trials: Int
  /// The width of the hidden layer of `learn` boxes.
  public var hiddenUnits: Int

  /// A check with these declarations.
  public init(environment: Environment, seed: UInt64 = 1, trials: Int = 5, hiddenUnits: Int = 5) {
    self.environment = environment
    self.seed = seed
    self.trials = trials
    self.hiddenUnits = hiddenUnits
  }

  /// Evaluates both diagrams `trials` times in double precision.
  ///
  /// Size variables are different small numbers, the same on both sides; in every other trial one of them is 1,
  /// another one each time, else they are 2 or more. Shape variables have up to two axes.
  ///
  /// - Throws: `InterpretationError`, when a side can't be evaluated or a label is two functions.
  public func compare(
    _ left: Diagram, _ right: Diagram
  ) throws(InterpretationError) -> [Trial] {
    let sides = (
      try TensorDiagram(left, in: environment).withoutSingleAxes(),
      try TensorDiagram(right, in: environment).withoutSingleAxes()
    )
    var random = RandomSource(seed: seed, stream: "sizes")
    var trials: [Trial] = []
    for number in 0..<self.trials {
      let shapes = shapes(of: sides.0, sides.1, number, &random)
      let sizes = sizes(of: sides.0, sides.1, number, &random)
      let difference = try difference(
        sides.0.instantiating(shapes), sides.1.instantiating(shapes), sizes,
        seed: random.next())
      trials.append(Trial(sizes: sizes, shapes: shapes, difference: difference))
    }
    return trials
  }

  /// The largest difference of all trials.
  ///
  /// - Throws: as `compare`.
  public func difference(
    _ left: Diagram, _ right: Diagram
  ) throws(InterpretationError) -> Difference {
    try compare(left, right).reduce(into: Difference()) { $0.include($1.difference) }
  }

  /// The largest difference of a rule's sides.
  ///
  /// - Throws: as `compare`.
  public func difference(_ rule: Rule) throws(InterpretationError) -> Difference {
    try difference(rule.left, rule.right)
  }

  func difference(
    _ left: TensorDiagram, _ right: TensorDiagram, _ sizes: [SizeVariable: Int], seed: UInt64
  ) throws(InterpretationError) -> Difference {
    let parameters = try parameters(left, right, sizes, seed: seed)
    let interpreter = Interpreter<Double>(
      environment: environment, sizes: sizes, parameters: parameters, hiddenUnits: hiddenUnits)
    let inputs: [Value<Double>] = try left.randomInputs(sizes: sizes, seed: seed)
    let results = (
      try interpreter.run(left, inputs: inputs), try interpreter.run(right, inputs: inputs)
    )
    var difference = Difference()
    if results.0.count != results.1.count { difference.include(0, .infinity) }
    for (a, b) in zip(results.0, results.1) { difference.include(a, b) }
    return difference
  }

  /// The parameters of both sides; what both have is the same function.
  private func parameters(
    _ left: TensorDiagram, _ right: TensorDiagram, _ sizes: [SizeVariable: Int], seed: UInt64
  ) throws(InterpretationError) -> Parameters<Double> {
    var list = try left.parameterList(hiddenUnits: hiddenUnits)
    let known = Dictionary(uniqueKeysWithValues: list.map { ($0.key, $0) })
    for declaration in try right.parameterList(hiddenUnits: hiddenUnits) {
      guard let first = known[declaration.key] else {
        list.append(declaration)
        continue
      }
      guard first.shape == declaration.shape else {
        throw .label(
          declaration.key, first: "\(first.type)", second: "\(declaration.type)")
      }
    }
    return try Parameters(random: list, sizes: sizes, seed: seed)
  }

  /// Different numbers for all size variables of both sides; in every other trial, one of them is 1.
  private func sizes(
    of left: TensorDiagram, _ right: TensorDiagram, _ number: Int, _ random: inout RandomSource
  ) -> [SizeVariable: Int] {
    let variables = Set(left.sizeVariables + right.sizeVariables).sorted()
    guard !variables.isEmpty else { return [:] }
    var numbers = Array(2...max(6, variables.count + 1)).shuffled(using: &random)
    if number % 2 == 1 { numbers[number / 2 % variables.count] = 1 }
    return Dictionary(uniqueKeysWithValues: zip(variables, numbers))
  }

  /// Trial after trial, a shape variable has no axis, one, and two.
  private func shapes(
    of left: TensorDiagram, _ right: TensorDiagram, _ number: Int, _ random: inout RandomSource
  ) -> [ShapeVariable: [Int]] {
    var shapes: [ShapeVariable: [Int]] = [:]
    let variables = Set(left.diagram.shapeVariables + right.diagram.shapeVariables).sorted()
    for (position, variable) in variables.enumerated() {
      let rank = (number + position) % 3
      shapes[variable] = (0..<rank).map { _ in Int.random(in: 1...3, using: &random) }
    }
    return shapes
  }
}
