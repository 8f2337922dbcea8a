import DiagramIR
import TensorKernels

/// The views of some wires of the root region.
private struct RootViews {
  private let first: Int
  private var made: [FlatView?]
  private var others: [WireID: FlatView] = [:]

  /// - Parameter wires: those of which most get a view.
  init(_ wires: Range<Int>) {
    first = wires.lowerBound
    made = Array(repeating: nil, count: wires.count)
  }

  subscript(wire: WireID) -> FlatView? {
    get {
      let place = wire.index - first
      return made.indices.contains(place) ? made[place] : others[wire]
    }
    set {
      let place = wire.index - first
      if made.indices.contains(place) { made[place] = newValue } else { others[wire] = newValue }
    }
  }
}

extension Lowering {
  /// The views of some wires that consecutive boxes of the root region make, or are given.
  ///
  /// - Parameters:
  ///   - places: the boxes, by position.
  ///   - given: what others make.
  mutating func lower(
    _ places: Range<Int>, _ given: [(wire: WireID, view: FlatView)], results: [WireID]
  ) throws(InterpretationError) -> [FlatView] {
    var views = RootViews(wires(of: places))
    for (wire, view) in given { views[wire] = view }
    let (around, first) = (Surroundings(), diagram.boxes(in: diagram.root).first?.index ?? 0)
    let parts = repeated.parts(in: places)
    var (next, place) = (0, places.lowerBound)
    while place < places.upperBound {
      if next < parts.count, parts[next].places.lowerBound == place {
        next += 1
        let part = parts[next - 1]
        if let made = try lower(part, part.inputs.compactMap { views[$0] }) {
          for (wire, view) in zip(part.results, made) { views[wire] = view }
          place = part.places.upperBound
          continue
        }
      }
      let box = BoxID(first + place)
      let made = try lower(box, diagram.inputs(of: box).compactMap { views[$0] }, around)
      for (wire, view) in zip(diagram.outputs(of: box), made) { views[wire] = view }
      place += 1
    }
    return results.compactMap { views[$0] }
  }

  /// The wires that boxes of the root region make, and few others.
  private func wires(of places: Range<Int>) -> Range<Int> {
    let boxes = diagram.boxes(in: diagram.root)
    var (low, high) = (Int.max, 0)
    for place in places {
      for wire in diagram.outputs(of: boxes[place]) {
        (low, high) = (min(low, wire.index), max(high, wire.index + 1))
      }
    }
    return low < high ? low..<high : 0..<0
  }

  /// The views of a part's results, which one step makes; `nil` where it can't be planned apart.
  private mutating func lower(
    _ part: RepeatedPart, _ views: [FlatView]
  ) throws(InterpretationError) -> [FlatView]? {
    guard views.count == part.inputs.count,
      views.allSatisfy({ $0.level == 0 && $0.loops.isEmpty && $0.lanes.isEmpty })
    else { return nil }
    let inputs = partInputs(views)
    let key = PlannedParts.Key(form: part.form, inputs: inputs)
    if let known = parts.place(of: key) { return try emit(known, for: part, views, inputs) }
    let planned = try plan(part, views, inputs)
    return try emit(parts.add(planned, key), for: part, views, inputs)
  }

  /// What views are to a part.
  private func partInputs(_ views: [FlatView]) -> [PartInput] {
    views.enumerated().map { place, view in
      let buffer = program.buffers[view.buffer]
      let source: PartInput.Source
      switch buffer.source {
      case .input, .steps: source = .varying
      case .parameter: source = .parameter
      case .number(let value): source = .number(value.bitPattern)
      case .counting: source = .counting(count: buffer.count, isIndex: buffer.isIndex)
      }
      let isConstant = source != .varying && source != .parameter
      let same = views.firstIndex {
        $0.buffer == view.buffer && $0.offset == view.offset
          && $0.elementsBefore == view.elementsBefore
      }
      return PartInput(
        source: source, offset: isConstant ? view.offset : 0, strides: view.strides,
        same: same ?? place)
    }
  }
}

// MARK: - Planning

extension Lowering {
  /// Plans a part that is given this for all the places where it stands.
  private mutating func plan(
    _ part: RepeatedPart, _ views: [FlatView], _ inputs: [PartInput]
  ) throws(InterpretationError) -> PlannedPart {
    let areIndices = views.map { program.buffers[$0.buffer].isIndex }
    return try withProgram { own throws(InterpretationError) in
      var (given, inner): ([(buffer: Int, before: Int)], [FlatView]) = ([], [])
      for (place, (input, view)) in zip(inputs, views).enumerated() {
        inner.append(own.given(input, view, isIndex: areIndices[place], place, &given, inner))
      }
      own.program.results = try own.lower(
        part.places, Array(zip(part.inputs, inner)), results: part.results)
      own.program.parts = own.parts.all
      return PlannedPart(
        own.program.optimized(own.options, isPart: true), given: given,
        parameters: own.parameterBoxes, boxes: part.boxes, prototypes: own.parts.prototypeCount)
    }
  }

  /// What a part that is planned sees of an input.
  ///
  /// - Parameter given: what the steps that stand for the part are to read.
  private mutating func given(
    _ input: PartInput, _ view: FlatView, isIndex: Bool, _ place: Int,
    _ given: inout [(buffer: Int, before: Int)], _ earlier: [FlatView]
  ) -> FlatView {
    var view = view
    switch input.source {
    case .number(let bits): view.buffer = numberBuffer(Float(bitPattern: bits))
    case .counting(let count, let isIndex):
      view.buffer = countingBuffer(count, isIndex: isIndex)
    case .varying, .parameter:
      view.offset = view.elementsBefore
      let count = view.offset + view.elementsBehind + 1
      if input.same < place {
        view.buffer = earlier[input.same].buffer
        program.buffers[view.buffer].count = max(program.buffers[view.buffer].count, count)
      } else {
        let source =
          input.source == .varying ? FlatSource.input(given.count) : .parameter("")
        view.buffer = addBuffer(count, isIndex: isIndex, source: source)
        given.append((view.buffer, view.offset))
      }
    }
    return view
  }
}

// MARK: - Standing for a part

extension Lowering {
  /// Adds the step that stands for a part; returns the views of its results.
  private mutating func emit(
    _ number: Int, for part: RepeatedPart, _ views: [FlatView], _ inputs: [PartInput]
  ) throws(InterpretationError) -> [FlatView] {
    let planned = parts.all[number]
    var operands: [FlatOperand] = []
    for (place, (input, view)) in zip(inputs, views).enumerated() where input.same == place {
      guard input.source == .varying || input.source == .parameter else { continue }
      operands.append(operand(view, [], view.strides))
    }
    operands += parameters(of: planned, part)
    var outputs: [FlatOperand] = []
    for buffer in planned.resultBuffers {
      let inner = planned.program.buffers[buffer]
      outputs.append(
        FlatOperand(
          buffer: addBuffer(inner.count, isIndex: inner.isIndex, source: .steps), offset: 0,
          loops: [], strides: []))
    }
    program.steps.append(
      FlatStep(
        operation: .part(number), sizes: [], inputs: operands, outputs: outputs,
        boxes: part.boxes))
    program.frames[0].append(.step(program.steps.count - 1))
    return planned.program.results.map { outside($0, planned, operands, outputs) }
  }

  /// The parameters of a part where it stands.
  private mutating func parameters(
    of planned: PlannedPart, _ part: RepeatedPart
  ) -> [FlatOperand] {
    planned.parameters.map { parameter in
      let box = part.boxes[parameter.box]
      let label = diagram.operation(of: box).label ?? ""
      let buffer = parameterBuffer(
        label + parameter.suffix, count: parameter.count, box: box, suffix: parameter.suffix)
      return FlatOperand(buffer: buffer, offset: 0, loops: [], strides: [])
    }
  }

  /// A view of a planned part where the part stands.
  private mutating func outside(
    _ view: FlatView, _ planned: PlannedPart, _ inputs: [FlatOperand], _ outputs: [FlatOperand]
  ) -> FlatView {
    var outside = view
    switch planned.roles[view.buffer] {
    case .given(let place, let before):
      outside.buffer = inputs[place].buffer
      outside.offset += inputs[place].offset - before
    case .result(let place): outside.buffer = outputs[place].buffer
    case .constant, .own:
      let buffer = planned.program.buffers[view.buffer]
      if case .number(let value) = buffer.source {
        outside.buffer = numberBuffer(value)
      } else {
        outside.buffer = countingBuffer(buffer.count, isIndex: buffer.isIndex)
      }
    }
    return outside
  }
}

extension FlatView {
  /// How many elements the first one is behind the one that comes first in memory.
  fileprivate var elementsBefore: Int {
    zip(sizes, strides).reduce(0) { $1.1 < 0 ? $0 - max(0, $1.0 - 1) * $1.1 : $0 }
  }

  /// How many elements the one that comes last in memory is behind the first one.
  fileprivate var elementsBehind: Int {
    zip(sizes, strides).reduce(0) { $1.1 > 0 ? $0 + max(0, $1.0 - 1) * $1.1 : $0 }
  }
}
