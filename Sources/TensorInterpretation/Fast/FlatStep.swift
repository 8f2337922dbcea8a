import DiagramIR
import TensorKernels

/// What one array of a step moves by along each axis of the step's domain.
struct FlatOperand: Hashable {
  /// Which buffer.
  var buffer: Int
  /// Where its first element is.
  var offset: Int
  /// What that moves by with each step of the loops around, outermost first; zeros may be left out.
  var loops: [Int]
  /// What it moves by along each axis of the domain.
  var strides: [Int]

  /// By buffer and place: operands that differ in strides alone are rare.
  func hash(into hasher: inout Hasher) {
    hasher.combine(buffer)
    hasher.combine(offset)
  }
}

/// What a step of a flat program computes at each place of its domain.
enum FlatOperation: Hashable {
  /// Functions of the numbers at the same place, in one pass.
  case elementwise([ElementwiseProgram.Instruction], results: [Int])
  /// A fold along the last axis of the domain, along which the result doesn't move.
  case fold(FoldFunction)
  /// Sums of products along the last axes of the domain.
  case contraction(summed: Int)
  /// A computation over a matrix of places of which only folds are kept; the last two axes are its rows and
  /// columns.
  case streamed(StreamingProgram)
  /// Functions and folds along the last axis of the domain, row by row.
  case rows(RowProgram)
  /// A loop over columns that never meet; the last two axes are its steps and its columns.
  case recurrence(RecurrenceProgram)
  /// Sums over what is smaller than numbers; the last two axes are the numbers and the entries of vectors.
  case ranking(RankingProgram)
  /// A copy of real numbers.
  case copy
  /// A copy of indices.
  case copyIndices
  /// Indices as real numbers.
  case position
  /// Rows of the first input that the second one names.
  case gather(rowCount: Int, rowStride: Int, box: BoxID)
  /// The positions of vectors' entries, sorted.
  case order(count: Int, stride: Int, resultStride: Int)
  /// A part of the diagram that is planned once, by position; its steps take this one's place in the end.
  case part(Int)
}

/// One operation over all the lanes on which it depends.
struct FlatStep {
  var operation: FlatOperation
  /// The sizes of the axes that it loops over.
  var sizes: [Int]
  var inputs: [FlatOperand]
  var outputs: [FlatOperand]
  /// The boxes that it computes, in the order in which they come.
  var boxes: [BoxID] = []
  /// How many times over lanes around it would have computed the same.
  var sparedLanes = 1
  /// Equal for steps that differ in where their arrays are only; -1 where that isn't known.
  var prototype = -1

  /// The boxes that say which step it is: of a part, the last one.
  var namingBoxes: [BoxID] {
    if case .part = operation { boxes.suffix(1) } else { boxes }
  }
  var operands: [FlatOperand] { inputs + outputs }
  var isCopy: Bool { if case .copy = operation { true } else { false } }
  var isElementwise: Bool { if case .elementwise = operation { true } else { false } }
  var isSum: Bool {
    switch operation {
    case .contraction, .fold(.sum): true
    default: false
    }
  }
  var loops: StridedLoops { StridedLoops(sizes: sizes, strides: operands.map(\.strides)) }
}

/// What a flat program does at one place: a step, or a loop over a frame of its own.
enum FlatNode {
  case step(Int)
  case loop(count: Int, frame: Int)
}

/// Where the elements of a buffer come from.
enum FlatSource: Hashable {
  /// An input of the diagram, by position.
  case input(Int)
  /// A parameter, by key.
  case parameter(String)
  /// One number.
  case number(Float)
  /// 0, 1, …
  case counting
  /// Steps.
  case steps
}

/// A flat array of real numbers or of indices.
struct FlatBuffer {
  var count: Int
  var isIndex: Bool
  var source: FlatSource
  /// How many loops are around the frame that holds it.
  var level = 0
}
