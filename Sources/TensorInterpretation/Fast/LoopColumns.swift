import TensorKernels

/// The axes along which nothing in a loop's body meets: each number depends on numbers of the states at the same place
/// along them only.
///
/// Axes of steps and of the arrays that the loop makes are the same axis where an operand moves along both. Such a
/// class is a column where every array and every step has it once, all of it, and no sum goes along it.
struct LoopColumns {
  /// An array that the loop makes: its axes of more than one element, outermost first.
  struct Local {
    let strides: [Int]
    let sizes: [Int]
    /// Of each axis, its class among the columns; `nil` for rows.
    fileprivate(set) var columns: [Int?] = []
  }

  /// The steps of the body.
  let numbers: [Int]
  let count: Int
  /// How many loops are around the loop.
  let level: Int
  /// By buffer.
  private(set) var locals: [Int: Local] = [:]
  /// The buffers of `locals`, in order.
  private(set) var buffers: [Int] = []
  /// The sizes of the columns' classes, the one that arrays are densest along last.
  private(set) var sizes: [Int] = []
  /// For each step, which of its axes is of each class.
  private(set) var axes: [[Int]] = []

  /// - Returns: `nil` where the body isn't of operations on lines of columns, or its arrays lie in other ways.
  init?(_ program: FlatProgram, body: [FlatNode], count: Int, level: Int) {
    numbers = body.compactMap { if case .step(let number) = $0 { number } else { nil } }
    (self.count, self.level) = (count, level)
    guard numbers.count == body.count, count > 1,
      numbers.allSatisfy({ Self.isOnLines(program.steps[$0], program) })
    else { return nil }
    guard findLocals(program), findAxes(program) else { return nil }
  }

  private static func isOnLines(_ step: FlatStep, _ program: FlatProgram) -> Bool {
    guard !step.sizes.contains(0), step.outputs.count == 1,
      step.operands.allSatisfy({ !program.buffers[$0.buffer].isIndex })
    else { return false }
    switch step.operation {
    case .elementwise(let instructions, _): return instructions.count == 1
    case .contraction, .copy, .fold(.sum), .fold(.max): return true
    default: return false
    }
  }

  /// How many of a step's axes, the last ones, are summed.
  static func summedAxes(_ step: FlatStep) -> Int {
    switch step.operation {
    case .contraction(let summed): summed
    case .fold: 1
    default: 0
    }
  }

  // MARK: - Arrays

  private mutating func findLocals(_ program: FlatProgram) -> Bool {
    var strides: [Int: Set<Int>] = [:]
    var stacked: Set<Int> = []
    for number in numbers {
      for output in program.steps[number].outputs {
        if output.step(of: level) != 0 {
          stacked.insert(output.buffer)
        } else {
          strides[output.buffer] = []
        }
      }
    }
    for number in numbers {
      let step = program.steps[number]
      for (place, operand) in step.operands.enumerated() {
        if stacked.contains(operand.buffer) {
          guard place >= step.inputs.count, strides[operand.buffer] == nil else { return false }
        }
        guard strides[operand.buffer] != nil else { continue }
        guard operand.loops.allSatisfy({ $0 == 0 }) else { return false }
        for (size, stride) in zip(step.sizes, operand.strides) where size > 1 && stride != 0 {
          strides[operand.buffer]?.insert(stride)
        }
      }
    }
    for (buffer, strides) in strides {
      guard let local = Local(strides, count: program.buffers[buffer].count) else { return false }
      locals[buffer] = local
    }
    buffers = locals.keys.sorted()
    return true
  }

  // MARK: - Classes of axes

  private mutating func findAxes(_ program: FlatProgram) -> Bool {
    var classes = AxisClasses(self, program)
    for (place, number) in numbers.enumerated() {
      let step = program.steps[number]
      for operand in step.operands where locals[operand.buffer] != nil {
        guard classes.join(step, place, operand, locals) else { return false }
      }
    }
    let columns = classes.columns(self, program)
    sizes = columns.map(\.size)
    axes = numbers.indices.map { place in columns.map { $0.axes[place] } }
    for buffer in buffers {
      guard let strides = locals[buffer]?.strides else { continue }
      locals[buffer]?.columns = strides.indices.map { axis in
        columns.firstIndex { $0.localAxes[buffer] == axis }
      }
    }
    return true
  }
}

extension LoopColumns.Local {
  /// The dense array that has these strides; `nil` where there is none.
  fileprivate init?(_ strides: Set<Int>, count: Int) {
    let strides = strides.sorted(by: >)
    guard (strides.last ?? 1) == 1, count > 0, strides.isEmpty == (count == 1) else { return nil }
    var (rest, sizes) = (count, [Int]())
    for stride in strides {
      guard rest % stride == 0, rest / stride > 1 else { return nil }
      sizes.append(rest / stride)
      rest = stride
    }
    (self.strides, self.sizes) = (strides, sizes)
  }

  /// Where an operand starts along each axis; `nil` where it leaves the array's axes.
  func position(of offset: Int) -> [Int]? {
    var (rest, position) = (offset, [Int]())
    for stride in strides {
      position.append(rest / stride)
      rest %= stride
    }
    guard rest == 0, zip(position, sizes).allSatisfy({ 0 <= $0 && $0 < $1 }) else { return nil }
    return position
  }
}

/// Axes of a loop's steps and arrays, those that are one together.
private struct AxisClasses {
  struct Column {
    let size: Int
    /// The axis of each step.
    let axes: [Int]
    /// The axis of each array.
    let localAxes: [Int: Int]
  }

  private var sets: DisjointSets
  /// Axes that are no columns: summed, or read in parts.
  private var isMet: [Bool]
  private var stepStarts: [Int] = []
  private var localStarts: [Int: Int] = [:]

  init(_ loop: LoopColumns, _ program: FlatProgram) {
    var end = 0
    for number in loop.numbers {
      stepStarts.append(end)
      end += program.steps[number].sizes.count
    }
    for buffer in loop.buffers {
      localStarts[buffer] = end
      end += loop.locals[buffer]?.strides.count ?? 0
    }
    sets = DisjointSets(end)
    isMet = Array(repeating: false, count: end)
    for (place, number) in loop.numbers.enumerated() {
      let step = program.steps[number]
      for axis in step.sizes.indices.suffix(LoopColumns.summedAxes(step)) {
        isMet[stepStarts[place] + axis] = true
      }
    }
  }

  /// Takes in how a step moves along an array's axes; whether it does.
  mutating func join(
    _ step: FlatStep, _ place: Int, _ operand: FlatOperand, _ locals: [Int: LoopColumns.Local]
  ) -> Bool {
    guard let local = locals[operand.buffer], let start = localStarts[operand.buffer],
      let position = local.position(of: operand.offset)
    else { return false }
    var isMoved = local.strides.map { _ in false }
    for (axis, stride) in operand.strides.enumerated() where step.sizes[axis] > 1 && stride != 0 {
      guard let own = local.strides.firstIndex(of: stride), !isMoved[own],
        position[own] + step.sizes[axis] <= local.sizes[own]
      else { return false }
      isMoved[own] = true
      if step.sizes[axis] < local.sizes[own] { isMet[start + own] = true }
      sets.join(start + own, stepStarts[place] + axis)
    }
    for own in isMoved.indices where !isMoved[own] { isMet[start + own] = true }
    return true
  }

  /// The classes that every step and every array has once; that of the densest axes last.
  func columns(_ loop: LoopColumns, _ program: FlatProgram) -> [Column] {
    let met = Set(isMet.indices.filter { isMet[$0] }.map { sets.representative(of: $0) })
    guard let first = loop.buffers.first, let local = loop.locals[first],
      let start = localStarts[first]
    else { return [] }
    return local.strides.indices.compactMap { own -> Column? in
      let root = sets.representative(of: start + own)
      guard !met.contains(root) else { return nil }
      var (axes, localAxes) = ([Int](), [Int: Int]())
      for (place, number) in loop.numbers.enumerated() {
        let found = program.steps[number].sizes.indices.filter {
          sets.representative(of: stepStarts[place] + $0) == root
        }
        guard found.count == 1 else { return nil }
        axes.append(found[0])
      }
      for buffer in loop.buffers {
        let found = (loop.locals[buffer]?.strides ?? []).indices.filter {
          sets.representative(of: (localStarts[buffer] ?? 0) + $0) == root
        }
        guard found.count == 1 else { return nil }
        localAxes[buffer] = found[0]
      }
      return Column(size: local.sizes[own], axes: axes, localAxes: localAxes)
    }
  }
}
