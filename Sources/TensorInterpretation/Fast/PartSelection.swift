import DiagramIR

extension PlannedPart {
  /// The part that an optimised program is.
  ///
  /// - Parameters:
  ///   - given: the buffers that the part is given, each with how many elements are before the part's first one.
  ///   - parameters: of the buffers that are parameters of its own, the box and what the key has behind its label.
  ///   - boxes: the part's boxes.
  ///   - prototypes: how many steps are the same in several places already.
  init(
    _ program: FlatProgram, given: [(buffer: Int, before: Int)],
    parameters: [Int: (box: BoxID, suffix: Substring)], boxes: [BoxID], prototypes: Int
  ) {
    var selection = PartSelection(program, boxes: boxes, prototypes: prototypes)
    selection.run()
    var roles = selection.program.buffers.map { buffer -> Role in
      switch buffer.source {
      case .number, .counting: .constant
      case .input, .parameter, .steps: .own
      }
    }
    for (place, (buffer, before)) in given.enumerated() {
      if let own = selection.places[buffer] { roles[own] = .given(place, before: before) }
    }
    var own: [Parameter] = []
    for (buffer, parameter) in parameters.sorted(by: { $0.key < $1.key }) {
      guard let place = selection.places[buffer], let box = selection.numbers[parameter.box] else {
        continue
      }
      roles[place] = .given(given.count + own.count, before: 0)
      own.append(
        Parameter(
          box: box.index, suffix: parameter.suffix,
          count: selection.program.buffers[place].count))
    }
    var results: [Int] = []
    for view in selection.program.results where !results.contains(view.buffer) {
      guard selection.program.buffers[view.buffer].source == .steps else { continue }
      roles[view.buffer] = .result(results.count)
      results.append(view.buffer)
    }
    self.init(
      program: selection.program, roles: roles, parameters: own, resultBuffers: results,
      computesWithConstants: selection.program.computesWithConstants,
      work: selection.program.workOfRun)
  }
}

/// Takes the steps and buffers of a program that are used, numbered in the order in which they are.
private struct PartSelection {
  private let source: FlatProgram
  /// The number of each box in the part.
  let numbers: [BoxID: BoxID]
  private var nextPrototype: Int
  private(set) var program = FlatProgram()
  /// Of each buffer of the program, its place in the part.
  private(set) var places: [Int: Int] = [:]

  init(_ source: FlatProgram, boxes: [BoxID], prototypes: Int) {
    self.source = source
    nextPrototype = prototypes
    numbers = Dictionary(
      boxes.enumerated().map { ($1, BoxID($0)) }, uniquingKeysWith: { first, _ in first })
  }

  mutating func run() {
    select(FlatProgram.prologue, as: FlatProgram.prologue)
    select(0, as: 0)
    for view in source.results {
      var view = view
      view.buffer = place(of: view.buffer)
      program.results.append(view)
    }
    for choice in source.allChoices {
      program.choices.append(
        choice.moved(buffer: { place(of: $0) }, box: { numbers[$0] ?? $0 }))
    }
  }

  private mutating func select(_ frame: Int, as own: Int) {
    for node in source.frames[frame] {
      switch node {
      case .step(let number):
        program.steps.append(selected(source.steps[number]))
        program.frames[own].append(.step(program.steps.count - 1))
      case .loop(let count, let body):
        program.frames.append([])
        let inner = program.frames.count - 1
        program.frames[own].append(.loop(count: count, frame: inner))
        select(body, as: inner)
      }
    }
  }

  private mutating func selected(_ step: FlatStep) -> FlatStep {
    var own = step
    for place in own.inputs.indices {
      own.inputs[place].buffer = self.place(of: own.inputs[place].buffer)
    }
    for place in own.outputs.indices {
      own.outputs[place].buffer = self.place(of: own.outputs[place].buffer)
    }
    own.boxes = step.boxes.map { numbers[$0] ?? $0 }
    if case .gather(let count, let stride, let box) = own.operation {
      own.operation = .gather(rowCount: count, rowStride: stride, box: numbers[box] ?? box)
    }
    if own.prototype < 0 {
      own.prototype = nextPrototype
      nextPrototype += 1
    }
    return own
  }

  private mutating func place(of buffer: Int) -> Int {
    if let place = places[buffer] { return place }
    program.buffers.append(source.buffers[buffer])
    places[buffer] = program.buffers.count - 1
    return program.buffers.count - 1
  }
}

extension FlatProgram {
  fileprivate var computesWithConstants: Bool {
    steps.contains { step in
      step.inputs.allSatisfy { input in
        switch buffers[input.buffer].source {
        case .number, .counting: true
        case .input, .parameter, .steps: false
        }
      }
    }
  }

  /// What its steps take in a run.
  fileprivate var workOfRun: KernelWork { workOfRun(0) }

  private func workOfRun(_ frame: Int) -> KernelWork {
    frames[frame].reduce(KernelWork()) { sum, node in
      switch node {
      case .step(let number): sum + steps[number].work(in: self)
      case .loop(let count, let body): sum + workOfRun(body).repeated(count)
      }
    }
  }
}
