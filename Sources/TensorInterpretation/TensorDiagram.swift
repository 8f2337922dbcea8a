import DiagramIR
import TensorKernels

/// A diagram that is a function of arrays, with nothing left to unfold.
///
/// Guaranteed: it is cartesian and well formed, its boxes are built-in boxes of the tensor theory in their
/// built-in types, learned boxes, constants, and SIMD and scan boxes; its wires carry arrays; what one label
/// names is one function.
///
/// ```
/// let function = try TensorDiagram(definition.diagram, in: environment)
/// let sizes = try function.sizes(given: ["k": 64], inputs: [x.shape])
/// let weights = try Parameters<Float>(
///   random: function.parameterList(hiddenUnits: 64), sizes: sizes, seed: 1)
/// ```
public struct TensorDiagram: Sendable {
  /// The diagram without uses of others.
  public let diagram: Diagram
  /// The larger uses of others that were unfolded, outside of SIMD and scan boxes.
  let uses: [PlacedUse]

  /// Unfolds a diagram and checks that it is a function of arrays.
  ///
  /// - Throws: `InterpretationError`, of the cases about diagrams.
  /// - Complexity: linear in the unfolded diagram.
  public init(_ diagram: Diagram, in environment: Environment) throws(InterpretationError) {
    guard diagram.doctrine == .cartesian else { throw .doctrine(diagram.doctrine) }
    try Self.checkNesting(diagram)
    do { try environment.verify(diagram) } catch { throw .malformed(error) }
    let unfolded: UnfoldedDiagram
    do { unfolded = try environment.unfoldingWithUses(diagram) } catch { throw .unfolding(error) }
    try self.init(unfolded: unfolded.diagram, uses: PlacedUse.largeOnes(of: unfolded))
  }

  init(unfolded: Diagram, uses: [PlacedUse] = []) throws(InterpretationError) {
    diagram = unfolded
    self.uses = uses
    try Self.checkNesting(unfolded)
    try checkBoxes()
    for wire in (0..<unfolded.wireCount).map({ WireID($0) }) {
      if case .sort = unfolded.type(of: wire) {
        throw .sort(wire: describe(wire), type: unfolded.type(of: wire))
      }
    }
    try checkLabels()
  }

  private static func checkNesting(_ diagram: Diagram) throws(InterpretationError) {
    let (nesting, limit) = (diagram.nesting, DiagramBuilder.maximumNesting)
    guard nesting <= limit else { throw .tooDeep(nesting: nesting, limit: limit) }
  }

  private func checkBoxes() throws(InterpretationError) {
    let entries = BoxTable<Double>().entries
    var checked: Set<[Int32]> = []
    for box in (0..<diagram.boxCount).map({ BoxID($0) }) {
      switch diagram.operation(of: box) {
      case .box(let symbol):
        guard symbol.module == TensorTheory.module, let entry = entries[symbol.name] else {
          throw .noMeaning(symbol)
        }
        guard checked.insert(signature(of: box)).inserted else { continue }
        let (ports, scheme) = (diagram.portTypes(of: box), entry.scheme)
        guard scheme.matches(ports.domain, ports.codomain) else {
          throw .boxType(symbol, domain: scheme.domain, codomain: scheme.codomain)
        }
      case .learned(let learned):
        if diagram.portTypes(of: box).codomain.contains(where: \.isIndex) {
          throw .learnedIndices(label: learned.label)
        }
      case .use(let use): throw .unfolding(.undeclared(use.definition))
      default: continue
      }
    }
  }

  /// Equal for boxes with the same operation and types.
  private func signature(of box: BoxID) -> [Int32] {
    let wires = diagram.inputs(of: box) + diagram.outputs(of: box)
    return [diagram.operationID(of: box).rawValue, Int32(diagram.inputs(of: box).count)]
      + wires.map { diagram.typeID(of: $0).rawValue }
  }

  /// The diagram with shape variables replaced by axes of these sizes; the others stay.
  ///
  /// - Throws: `InterpretationError.sizeOverflow` or `negativeSize`.
  public func instantiating(
    _ shapes: [ShapeVariable: [Int]]
  ) throws(InterpretationError) -> TensorDiagram {
    guard !diagram.shapeVariables.isEmpty, !shapes.isEmpty else { return self }
    for (variable, sizes) in shapes.sorted(by: { $0.key < $1.key }) {
      for size in sizes where size < 0 {
        throw .negativeSize(name: "in ..\(variable.name)", value: size)
      }
    }
    let substitution = TypeSubstitution(
      shapes: shapes.mapValues { sizes in sizes.map { Dimension.size(Size($0)) } })
    return try transformed(by: DiagramTransform(substitution: substitution))
  }

  /// The diagram whose learned boxes are `per` no axis of size 1, of which there is one copy.
  func withoutSingleAxes() throws(InterpretationError) -> TensorDiagram {
    let hasSingleAxis = diagram.operations.contains { operation in
      if case .learned(let box) = operation { box.per.contains(.one) } else { false }
    }
    guard hasSingleAxis else { return self }
    let transform = DiagramTransform { operation in
      guard case .learned(var box) = operation else { return operation }
      box.per.removeAll { $0 == .one }
      return .learned(box)
    }
    return try transformed(by: transform)
  }

  private func transformed(
    by transform: DiagramTransform
  ) throws(InterpretationError) -> TensorDiagram {
    var builder = DiagramBuilder(doctrine: diagram.doctrine)
    do {
      let inputs = try diagram.domain.map { wire throws(SizeError) in
        builder.addDomainWire(
          try transform.substitution(diagram.type(of: wire)), name: diagram.name(of: wire))
      }
      let outputs = try builder.append(diagram, inputs: inputs, transform: transform)
      return try TensorDiagram(unfolded: builder.finish(codomain: outputs), uses: uses)
    } catch let error as InterpretationError {
      throw error
    } catch {
      throw .sizeOverflow("the diagram")
    }
  }

  /// The size variables that an evaluation needs, in order of first occurrence in the tables.
  public var sizeVariables: [SizeVariable] { diagram.sizeVariables }

  /// The names of the inputs; an input without a name is called by its number, counted from one.
  public var inputNames: [String] {
    diagram.domain.enumerated().map { position, wire in
      let name = diagram.name(of: wire)
      return name.isEmpty ? "\(position + 1)" : name
    }
  }
}

// MARK: - Going through the boxes

extension TensorDiagram {
  /// All boxes in order, each before those of its body, with the axes around them, outermost first.
  func forEachBox<Failure: Error>(
    _ visit: (BoxID, [Size]) throws(Failure) -> Void
  ) throws(Failure) {
    var axes: [Size] = []
    var pending: [(boxes: IdentifierRange<BoxTag>, next: Int)] = [
      (diagram.boxes(in: diagram.root), 0)
    ]
    while let (boxes, next) = pending.last {
      guard next < boxes.count else {
        pending.removeLast()
        if !pending.isEmpty { axes.removeLast() }
        continue
      }
      pending[pending.count - 1].next += 1
      try visit(boxes[next], axes)
      if let body = diagram.body(of: boxes[next]) {
        axes.append(diagram.operation(of: boxes[next]).axis ?? .zero)
        pending.append((diagram.boxes(in: body), 0))
      }
    }
  }

  /// The learned boxes in order, each before those of bodies that come after it.
  func forEachLearnedBox<Failure: Error>(
    _ visit: (BoxID, LearnedBox) throws(Failure) -> Void
  ) throws(Failure) {
    var pending: [(boxes: IdentifierRange<BoxTag>, next: Int)] = [
      (diagram.boxes(in: diagram.root), 0)
    ]
    while let (boxes, next) = pending.last {
      guard next < boxes.count else {
        pending.removeLast()
        continue
      }
      pending[pending.count - 1].next += 1
      if let body = diagram.body(of: boxes[next]) {
        pending.append((diagram.boxes(in: body), 0))
      } else if case .learned(let learned) = diagram.operation(of: boxes[next]) {
        try visit(boxes[next], learned)
      }
    }
  }

  /// A box in words.
  func describe(_ box: BoxID) -> String {
    let result = diagram.outputs(of: box).first.map { diagram.name(of: $0) } ?? ""
    return diagram.operation(of: box).words + (result.isEmpty ? "" : " that makes '\(result)'")
  }

  /// A wire in words: its name, or that of the box that makes it.
  func describe(_ wire: WireID) -> String {
    let name = diagram.name(of: wire)
    if !name.isEmpty { return "wire '\(name)'" }
    for box in (0..<diagram.boxCount).map({ BoxID($0) })
    where diagram.outputs(of: box).contains(wire) {
      return "the result of \(diagram.operation(of: box).words)"
    }
    if let place = diagram.domain.firstIndex(of: wire) { return "input \(place + 1)" }
    return "a wire inside a box"
  }
}

extension Operation {
  /// What the box is, in words.
  var words: String {
    switch self {
    case .box(let symbol): "box '\(symbol.name)'"
    case .use(let use): "diagram '\(use.definition.name)'"
    case .learned(let box): "\(box.kind) '\(box.label)'"
    case .number(let bits): "the number \(Double(bitPattern: bits))"
    case .size(let size): "'size \(size)'"
    case .simd(let axis, _): "simd \(axis)"
    case .scan(let axis, _, _): "scan \(axis)"
    }
  }
}
