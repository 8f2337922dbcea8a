import DiagramIR

/// What a parameter is for, which says how it is drawn at random.
public enum ParameterRole: Hashable, Sendable {
  /// A matrix; each output is a sum over so many inputs.
  case weight(fanIn: Size)
  /// Added to the results of a layer.
  case bias
  /// A learned constant.
  case constant
}

/// An array that a learned box needs.
public struct ParameterDeclaration: Hashable, Sendable {
  /// The name of the array: the label, with `.0`, `.weight0`, … behind it where the box has several.
  public let key: String
  /// Its symbolic shape: `per` axes, then input axes, then output axes.
  public let shape: [Size]
  /// The kind of the learned box.
  public let kind: LearnedKind
  /// What it is for.
  public let role: ParameterRole

  /// The type of the array, as the language writes it: `[h d k]`.
  public var type: WireType { .array(.real, shape.map(Dimension.size)) }
}

extension TensorDiagram {
  /// The parameters of all learned boxes in order of first occurrence, each key once.
  ///
  /// - Parameter hiddenUnits: the width of the hidden layer of `learn` boxes.
  /// - Throws: `openShapes` when a learned box has a shape variable; `hiddenUnits`, `sizeOverflow`, `label`.
  /// - Complexity: linear in the boxes.
  public func parameterList(
    hiddenUnits: Int = 64
  ) throws(InterpretationError) -> [ParameterDeclaration] {
    try parametersByForm(hiddenUnits: hiddenUnits).map(\.declaration)
  }

  /// The parameters of all learned boxes, and for each a number that is equal for those of equal shape only.
  func parametersByForm(
    hiddenUnits: Int
  ) throws(InterpretationError) -> [(declaration: ParameterDeclaration, form: Int)] {
    guard hiddenUnits >= 0 else { throw .hiddenUnits(hiddenUnits) }
    var list: [(declaration: ParameterDeclaration, form: Int)] = []
    var positions: [String: Int] = [:]
    var forms = LearnedForms()
    // What has the same label is the same function.
    var isListed = Array(repeating: false, count: diagram.operations.count)
    try forEachLearnedBox { box, learned throws(InterpretationError) in
      let operation = diagram.operationID(of: box).index
      guard !isListed[operation] else { return }
      isListed[operation] = true
      for (own, form) in try forms.parameters(of: box, learned, self, hiddenUnits) {
        guard let position = positions[own.key] else {
          positions[own.key] = list.count
          list.append((own, form))
          continue
        }
        let first = list[position].declaration
        guard first == own else { throw .label(own.key, first: first.words, second: own.words) }
      }
    }
    return list
  }

  /// The parameters of one box, in the order in which it uses them; none unless it is learned.
  func parameters(
    of box: BoxID, hiddenUnits: Int
  ) throws(InterpretationError) -> [ParameterDeclaration] {
    guard case .learned(let learned) = diagram.operation(of: box) else { return [] }
    let (domain, codomain) = diagram.portTypes(of: box)
    let variables = (domain + codomain).flatMap(\.shapeVariables)
    guard variables.isEmpty else { throw .openShapes(variables.map(\.name)) }
    let parts = LearnedParts(
      box: learned, inputs: domain.map(\.sizes), outputs: codomain.map(\.sizes))
    do {
      switch learned.kind {
      case .linear: return try parts.linear()
      case .state: return parts.state()
      case .learn: return try parts.perceptron(hidden: Size(hiddenUnits))
      }
    } catch {
      throw .sizeOverflow("a parameter of '\(learned.label)'")
    }
  }

  /// One label is one function: one kind, one type, one set of `per` axes.
  func checkLabels() throws(InterpretationError) {
    struct Function: Equatable {
      let box: LearnedBox
      let domain: [WireType]
      let codomain: [WireType]

      var words: String {
        let types = [domain, codomain].map { $0.map(\.description).joined(separator: ", ") }
        let per =
          box.per.isEmpty ? "" : " per [\(box.per.map(\.description).joined(separator: " "))]"
        return "\(box.kind): \(types.joined(separator: " -> "))\(per)"
      }
    }
    var functions: [String: Function] = [:]
    try forEachBox { box, axes throws(InterpretationError) in
      guard case .learned(let learned) = diagram.operation(of: box) else { return }
      for axis in learned.per where !axes.contains(axis) {
        throw .noLane(label: learned.label, axis: axis)
      }
      let (domain, codomain) = diagram.portTypes(of: box)
      let function = Function(box: learned, domain: domain, codomain: codomain)
      let first = functions[learned.label] ?? function
      guard first == function else {
        throw .label(learned.label, first: first.words, second: function.words)
      }
      functions[learned.label] = first
    }
  }
}

extension ParameterDeclaration {
  fileprivate var words: String { "\(kind) of shape \(type)" }
}

/// The parameters of learned boxes that differ in their labels only, worked out once.
private struct LearnedForms {
  private struct Key: Hashable {
    let kind: LearnedKind
    let per: [Size]
    let inputCount: Int
    let types: [TypeID]
  }

  private var known: [Key: (first: Int, declarations: [ParameterDeclaration], label: Int)] = [:]
  private var count = 0

  /// The parameters of a box, each with the number of its form.
  mutating func parameters(
    of box: BoxID, _ learned: LearnedBox, _ function: TensorDiagram, _ hiddenUnits: Int
  ) throws(InterpretationError) -> [(ParameterDeclaration, form: Int)] {
    let (inputs, outputs) = (function.diagram.inputs(of: box), function.diagram.outputs(of: box))
    let key = Key(
      kind: learned.kind, per: learned.per, inputCount: inputs.count,
      types: (inputs + outputs).map { function.diagram.typeID(of: $0) })
    if let (first, declarations, label) = known[key] {
      return declarations.enumerated().map { place, form in
        let own = ParameterDeclaration(
          key: learned.label + form.key.dropFirst(label), shape: form.shape, kind: form.kind,
          role: form.role)
        return (own, first + place)
      }
    }
    let declarations = try function.parameters(of: box, hiddenUnits: hiddenUnits)
    known[key] = (count, declarations, learned.label.count)
    count += declarations.count
    return declarations.enumerated().map { ($1, count - declarations.count + $0) }
  }
}

/// The arrays of one learned box.
private struct LearnedParts {
  let box: LearnedBox
  let inputs: [[Size]]
  let outputs: [[Size]]

  /// An array from each input to each output.
  func linear() throws(SizeError) -> [ParameterDeclaration] {
    let fanIn = try total(inputs)
    var list: [ParameterDeclaration] = []
    for (i, input) in inputs.enumerated() {
      for (j, output) in outputs.enumerated() {
        let several = outputs.count > 1 ? ".\(i).\(j)" : inputs.count > 1 ? ".\(i)" : ""
        list.append(declaration(several, input + output, .weight(fanIn: fanIn)))
      }
    }
    return list
  }

  /// An array for each output.
  func state() -> [ParameterDeclaration] {
    outputs.enumerated().map { j, output in
      declaration(outputs.count > 1 ? ".\(j)" : "", output, .constant)
    }
  }

  /// Two layers from all inputs, flattened, to all outputs, flattened.
  func perceptron(hidden: Size) throws(SizeError) -> [ParameterDeclaration] {
    let (width, height) = (try total(inputs), try total(outputs))
    return [
      declaration(".weight0", [width, hidden], .weight(fanIn: width)),
      declaration(".bias0", [hidden], .bias),
      declaration(".weight1", [hidden, height], .weight(fanIn: hidden)),
      declaration(".bias1", [height], .bias),
    ]
  }

  private func declaration(
    _ suffix: String, _ shape: [Size], _ role: ParameterRole
  ) -> ParameterDeclaration {
    ParameterDeclaration(
      key: box.label + suffix, shape: box.per + shape, kind: box.kind, role: role)
  }

  private func total(_ shapes: [[Size]]) throws(SizeError) -> Size {
    var sum = Size.zero
    for shape in shapes {
      var product = Size.one
      for size in shape { product = try product * size }
      sum = try sum + product
    }
    return sum
  }
}
