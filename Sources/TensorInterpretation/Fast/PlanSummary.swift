import DiagramIR
import TensorKernels

/// What a plan does, as data: its kernels in the order in which they run, and its memory.
///
/// ```
/// let summary = try FastPlan(function, sizes: sizes).summary
/// summary.work.flops   // of a whole run
/// ```
public struct PlanSummary: Hashable, Sendable {
  /// What kind of kernel runs.
  public enum KernelKind: String, Hashable, Sendable, CaseIterable {
    /// Sums of products of two arrays.
    case product
    /// A sum, mean or largest entry along an axis.
    case fold
    /// Functions of the numbers at the same place of some arrays, in one pass.
    case elementwise
    /// Folds of numbers that are computed place by place of a matrix and never stored.
    case streaming
    /// Functions and folds of the numbers of a row, one row after the other.
    case rows
    /// A loop over columns that never meet, tile by tile of columns.
    case recurrence
    /// Sums over the entries of vectors that are smaller than numbers, by sorting them.
    case ranking
    /// A copy.
    case copy
    /// Indices as real numbers.
    case position
    /// Rows of an array that indices name.
    case gather
    /// Positions of a vector's entries, sorted.
    case order
  }

  /// One kernel.
  public struct Kernel: Hashable, Sendable {
    /// What kind it is.
    public let kind: KernelKind
    /// The functions that it applies, by the names of their boxes.
    public let functions: [String]
    /// The sizes of the axes that its result has, those of size 1 left out.
    public let shape: [Int]
    /// The sizes of the axes along which it sums or folds, those of size 1 left out.
    public let folded: [Int]
    /// How many steps each loop around it makes, outermost first.
    public let loops: [Int]
    /// The boxes that it computes, in words, each once.
    public let boxes: [String]
    /// The buffers that it reads, by position.
    public let reads: [Int]
    /// The buffers that it writes, by position.
    public let writes: [Int]
    /// Whether it runs once, when an evaluator is made, and not in runs.
    public let runsOnce: Bool
    /// What it takes in a run, or where it runs once: all steps of the loops around it together.
    public let work: KernelWork
  }

  /// Where the numbers of a buffer come from.
  public enum Source: Hashable, Sendable {
    /// An input of the diagram.
    case input(String)
    /// The array of a learned box.
    case parameter(String)
    /// A constant.
    case constant
    /// Kernels.
    case kernels
  }

  /// A flat array.
  public struct Buffer: Hashable, Sendable {
    /// Where its numbers come from.
    public let source: Source
    /// Its size in bytes.
    public let size: Int
    /// Where it lies, in bytes from the start of the memory for numbers, or of that for indices; `nil` for an input,
    /// which is read where it is, and for a result that is written where it is returned.
    public let place: Int?
    /// Whether it holds indices.
    public let isIndex: Bool
    /// The first and the last kernel that need it, by position; a loop that uses what was made before it needs that
    /// to its end, and what kernels in runs read of those that run once is needed to the end of all. `nil` where no
    /// kernel does.
    public let lifetime: ClosedRange<Int>?
  }

  /// The kernels, those in loops once.
  public let kernels: [Kernel]
  /// The buffers that are used.
  public let buffers: [Buffer]
  /// For each result, which buffer it is a view of.
  public let results: [Int]
  /// Where exact laws made the plan cheaper.
  public let choices: [PlanChoice]
  /// What a run takes.
  public let work: KernelWork
  /// What the kernels that run once take.
  public let workOnce: KernelWork
  /// The memory that a run needs besides its inputs and results, in bytes: parameters, and what is held between
  /// runs, included.
  public let memorySize: Int
}

extension FastPlan {
  /// What the plan does, for people and programs to read.
  ///
  /// - Complexity: linear in the plan and the nesting of boxes.
  public var summary: PlanSummary { PlanReader(self).summary }
}

/// Goes through a plan in the order in which it runs.
private struct PlanReader {
  private struct Entry {
    let step: Int
    let loops: [Int]
    let runsOnce: Bool
  }

  private let plan: FastPlan
  private var entries: [Entry] = []
  private var lifetimes: [ClosedRange<Int>?]
  private let names: BoxNames
  private let inPlace: Set<Int>

  init(_ plan: FastPlan) {
    self.plan = plan
    names = BoxNames(plan.function)
    inPlace = Set(plan.program.resultsInPlace.compactMap { $0 })
    lifetimes = Array(repeating: nil, count: plan.buffers.count)
    walk(FlatProgram.prologue, loops: [], runsOnce: true)
    let once = entries.count
    walk(0, loops: [], runsOnce: false)
    for case let (buffer, lifetime?) in zip(plan.buffers.indices, lifetimes)
    where lifetime.lowerBound < once && lifetime.upperBound >= once {
      use(buffer, lifetime.lowerBound...entries.count - 1)
    }
  }

  private mutating func walk(_ frame: Int, loops: [Int], runsOnce: Bool) {
    for node in plan.frames[frame] {
      switch node {
      case .command(let command):
        entries.append(Entry(step: command.step, loops: loops, runsOnce: runsOnce))
        for access in command.arrays { use(access.buffer, entries.count - 1...entries.count - 1) }
      case .loop(let count, _, let body):
        let first = entries.count
        walk(body, loops: loops + [count], runsOnce: runsOnce)
        guard entries.count > first else { continue }
        for entry in entries[first...] {
          for operand in plan.program.steps[entry.step].operands
          where plan.program.buffers[operand.buffer].level <= loops.count {
            use(operand.buffer, first...entries.count - 1)
          }
        }
      }
    }
  }

  private mutating func use(_ buffer: Int, _ kernels: ClosedRange<Int>) {
    let known = lifetimes[buffer] ?? kernels
    lifetimes[buffer] =
      min(known.lowerBound, kernels.lowerBound)...max(known.upperBound, kernels.upperBound)
  }

  var summary: PlanSummary {
    let results = Set(plan.results.map(\.access.buffer))
    let used = plan.buffers.indices.filter { lifetimes[$0] != nil || results.contains($0) }
    var positions = plan.buffers.map { _ in 0 }
    for (position, buffer) in used.enumerated() { positions[buffer] = position }
    let kernels = entries.map { kernel($0, positions) }
    return PlanSummary(
      kernels: kernels, buffers: used.map(buffer),
      results: plan.results.map { positions[$0.access.buffer] },
      choices: plan.program.allChoices.map(choice) + hoisted,
      work: work(kernels, runsOnce: false), workOnce: work(kernels, runsOnce: true),
      memorySize: plan.memorySize)
  }

  private func work(_ kernels: [PlanSummary.Kernel], runsOnce: Bool) -> KernelWork {
    kernels.reduce(KernelWork()) { $1.runsOnce == runsOnce ? $0 + $1.work : $0 }
  }

  private func kernel(_ entry: Entry, _ positions: [Int]) -> PlanSummary.Kernel {
    let step = plan.program.steps[entry.step]
    let nature = StepNature(step.operation)
    func buffers(_ operands: [FlatOperand]) -> [Int] {
      var seen: [Int] = []
      for place in operands.map({ positions[$0.buffer] }) where !seen.contains(place) {
        seen.append(place)
      }
      return seen
    }
    return PlanSummary.Kernel(
      kind: nature.kind, functions: nature.functions,
      shape: step.sizes.dropLast(nature.foldedAxes).filter { $0 != 1 },
      folded: step.sizes.suffix(nature.foldedAxes).filter { $0 != 1 }, loops: entry.loops,
      boxes: names.words(step.boxes), reads: buffers(step.inputs), writes: buffers(step.outputs),
      runsOnce: entry.runsOnce,
      work: step.work(in: plan.program).repeated(Int.productSaturating(entry.loops)))
  }

  /// Whether a buffer is an array that the caller has, or gets.
  private func isOutside(_ number: Int) -> Bool {
    if case .input = plan.program.buffers[number].source { return true }
    return inPlace.contains(number)
  }

  private func buffer(_ number: Int) -> PlanSummary.Buffer {
    let buffer = plan.program.buffers[number]
    let source: PlanSummary.Source
    switch buffer.source {
    case .input(let place): source = .input(plan.function.inputNames[place])
    case .parameter(let key): source = .parameter(key)
    case .number, .counting: source = .constant
    case .steps: source = .kernels
    }
    return PlanSummary.Buffer(
      source: source, size: buffer.count.multipliedSaturating(by: buffer.elementSize),
      place: isOutside(number) ? nil : plan.layout.offsets[number] * buffer.elementSize,
      isIndex: buffer.isIndex, lifetime: lifetimes[number])
  }
}

// MARK: - Choices

extension PlanReader {
  private func choice(_ choice: FlatChoice) -> PlanChoice {
    PlanChoice(
      laws: choice.laws, boxes: names.words(choice.boxes),
      orders: choice.orders.map { "\(names.wire($0.boxes)) = \(words($0.order))" },
      before: choice.before, after: choice.after)
  }

  /// The kernels that lanes around them would run again and again.
  private var hoisted: [PlanChoice] {
    entries.compactMap { entry in
      let step = plan.program.steps[entry.step]
      guard step.sparedLanes > 1 else { return nil }
      let work = step.work(in: plan.program).repeated(Int.productSaturating(entry.loops))
      return PlanChoice(
        laws: [.hoisting], boxes: names.words(step.boxes), orders: [],
        before: work.repeated(step.sparedLanes), after: work)
    }
  }

  private func words(_ order: ProductOrder) -> String {
    func part(_ order: ProductOrder) -> String {
      if case .factor = order { words(order) } else { "(\(words(order)))" }
    }
    switch order {
    case .factor(let buffer, let boxes): return name(buffer, boxes)
    case .product(let a, let b): return "\(part(a)) · \(part(b))"
    case .quotient(let a, let b): return "\(part(a)) / \(part(b))"
    case .sum(let term): return "sum \(part(term))"
    }
  }

  private func name(_ buffer: Int, _ boxes: [BoxID]) -> String {
    switch plan.program.buffers[buffer].source {
    case .input(let place): plan.function.inputNames[place]
    case .parameter(let key): key
    case .number(let value): "\(value)"
    case .counting: "iota"
    case .steps: names.wire(boxes)
    }
  }
}
