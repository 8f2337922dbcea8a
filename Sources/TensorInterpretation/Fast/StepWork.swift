import TensorKernels

/// What a kernel does to numbers and to memory: the model that costs are counted by.
///
/// A flop is an addition, a multiplication, a comparison or any other function of numbers, so that a product with
/// the addition that takes it up is two. Of an array, each element that a kernel uses is read or written once,
/// whatever a cache holds.
public struct KernelWork: Hashable, Sendable {
  /// Functions of numbers.
  public var flops = 0
  /// Bytes that are read.
  public var bytesRead = 0
  /// Bytes that are written.
  public var bytesWritten = 0

  /// No work.
  public init() {}

  init(flops: Int, bytesRead: Int, bytesWritten: Int) {
    self.flops = flops
    self.bytesRead = bytesRead
    self.bytesWritten = bytesWritten
  }

  /// Bytes that are read or written.
  public var bytesMoved: Int { bytesRead.addedSaturating(bytesWritten) }

  /// What the planner compares: a byte that is moved counts as two flops.
  ///
  /// Products reach about 20 flops, and copies about 8 bytes, in the time of one nanosecond on one core.
  public var cost: Int { flops.addedSaturating(bytesMoved.multipliedSaturating(by: 2)) }

  /// Both, one after the other.
  public static func + (a: KernelWork, b: KernelWork) -> KernelWork {
    KernelWork(
      flops: a.flops.addedSaturating(b.flops),
      bytesRead: a.bytesRead.addedSaturating(b.bytesRead),
      bytesWritten: a.bytesWritten.addedSaturating(b.bytesWritten))
  }

  /// The same so many times.
  public func repeated(_ count: Int) -> KernelWork {
    KernelWork(
      flops: flops.multipliedSaturating(by: count),
      bytesRead: bytesRead.multipliedSaturating(by: count),
      bytesWritten: bytesWritten.multipliedSaturating(by: count))
  }
}

/// What a step is called, and how much it computes.
struct StepNature {
  /// What kind of kernel runs it.
  let kind: PlanSummary.KernelKind
  /// The functions that it applies, by name.
  var functions: [String] = []
  /// How many of the axes, the last ones, the result doesn't have.
  var foldedAxes = 0
  /// Flops for each place of the domain.
  var flopsPerPlace = 0
  /// Flops for each matrix of places of these two sizes, where they don't go with the places.
  var flopsOfMatrix: ((Int, Int) -> Int)?
  /// Elements of each array at a place of the domain.
  var width = 1
  /// The same for each array, where they differ.
  var widths: [Int] = []
  /// Whether the first input is read at each place, whatever its strides say.
  var choosesRows = false

  /// The one place that tells the kinds of steps apart for plans and costs.
  init(_ operation: FlatOperation) {
    switch operation {
    case .elementwise(let instructions, _):
      kind = .elementwise
      functions = instructions.map(\.operation.name)
      flopsPerPlace = instructions.count
    case .fold(let function):
      (kind, functions, foldedAxes, flopsPerPlace) = (.fold, ["\(function)"], 1, 1)
    case .contraction(let summed):
      (kind, foldedAxes, flopsPerPlace) = (.product, summed, summed == 0 ? 1 : 2)
      functions = summed == 0 ? ["mul"] : ["mul", "sum"]
    case .streamed(let program):
      (kind, functions, foldedAxes) = (.streaming, program.functions, 1)
      (flopsPerPlace, widths) = (program.flopsPerPlace, program.elementsPerLine)
    case .rows(let program):
      (kind, functions, flopsPerPlace) = (.rows, program.functions, program.functionsPerEntry)
    case .recurrence(let program):
      (kind, functions) = (.recurrence, program.functions)
      (flopsPerPlace, widths) = (program.flopsPerPlace, program.rowsOfArrays)
    case .ranking(let program):
      (kind, functions, foldedAxes) = (.ranking, ["less", "sum"], 1)
      flopsOfMatrix = { program.flops(numbers: $0, entries: $1) }
    // A part stands for its steps; none is left when kernels are made.
    case .copy, .copyIndices, .part: kind = .copy
    case .position: kind = .position
    case .gather: (kind, choosesRows) = (.gather, true)
    case .order(let count, _, _): (kind, width) = (.order, count)
    }
  }
}

extension FlatStep {
  /// What running the step once takes.
  func work(in program: FlatProgram) -> KernelWork {
    if case .part(let part) = operation { return program.parts[part].work }
    return work { program.buffers[$0].elementSize }
  }

  /// What running the step once takes, where buffers have elements of these sizes.
  func work(elementSize: (Int) -> Int) -> KernelWork {
    let nature = StepNature(operation)
    let places = Int.productSaturating(sizes)
    var work = KernelWork()
    guard places > 0, nature.width > 0 else { return work }
    if let flops = nature.flopsOfMatrix {
      work.flops = Int.productSaturating(sizes.dropLast(2))
        .multipliedSaturating(by: flops(sizes[sizes.count - 2], sizes[sizes.count - 1]))
    } else {
      work.flops = places.multipliedSaturating(by: nature.flopsPerPlace)
    }
    for (place, operand) in inputs.enumerated() where !inputs.prefix(place).contains(operand) {
      let isEverywhere = place == 0 && nature.choosesRows
      work.bytesRead = work.bytesRead.addedSaturating(
        bytes(operand, place, nature, elementSize, isEverywhere: isEverywhere))
    }
    for (place, operand) in outputs.enumerated() {
      work.bytesWritten = work.bytesWritten.addedSaturating(
        bytes(operand, inputs.count + place, nature, elementSize))
    }
    return work
  }

  /// The bytes of the elements that an operand goes through.
  private func bytes(
    _ operand: FlatOperand, _ place: Int, _ nature: StepNature, _ elementSize: (Int) -> Int,
    isEverywhere: Bool = false
  ) -> Int {
    var count = place < nature.widths.count ? nature.widths[place] : nature.width
    for (size, stride) in zip(sizes, operand.strides) where stride != 0 || isEverywhere {
      count = count.multipliedSaturating(by: size)
    }
    return count.multipliedSaturating(by: elementSize(operand.buffer))
  }
}

extension RowProgram {
  /// The functions and folds that it applies, in order.
  fileprivate var functions: [String] {
    instructions.map { instruction in
      switch instruction {
      case .apply(let operation, _): operation.name
      case .fold(let function, _): "\(function)"
      }
    }
  }
}

extension FlatBuffer {
  /// Bytes of an element.
  var elementSize: Int { isIndex ? MemoryLayout<Int>.stride : MemoryLayout<Float>.stride }
}

extension ScalarOperation {
  /// The function that a box of this name computes; `nil` for others.
  init?(named name: String) {
    if let function = UnaryFunction(rawValue: name) {
      self = .unary(function)
    } else if let function = BinaryFunction(rawValue: name) {
      self = .binary(function)
    } else if name == "where" {
      self = .select
    } else {
      return nil
    }
  }

  /// The name of the box that computes it.
  var name: String {
    switch self {
    case .unary(let function): function.rawValue
    case .binary(let function): function.rawValue
    case .select: "where"
    }
  }
}

extension Int {
  /// The sum; the largest integer where that is too large. For numbers that aren't negative.
  func addedSaturating(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }

  /// The product; the largest integer where that is too large. For numbers that aren't negative.
  func multipliedSaturating(by other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }

  /// The product of numbers that aren't negative; 0 when one is.
  static func productSaturating(_ sizes: some Sequence<Int>) -> Int {
    sizes.contains(0) ? 0 : sizes.reduce(1) { $0.multipliedSaturating(by: $1) }
  }
}
