import DiagramIR

/// A part of a diagram that stands there several times, lowered and optimised once.
///
/// Its steps are put in the place of each step that stands for it, over other buffers and for other boxes.
struct PlannedPart: Sendable {
  /// What a buffer of the part is in the program around it.
  enum Role: Sendable {
    /// One that the step reads, by position among its inputs, and how many elements before the part's first one it
    /// begins there.
    case given(Int, before: Int)
    /// One that the step writes, by position among its outputs.
    case result(Int)
    /// A number, or numbers that count.
    case constant
    /// A new one.
    case own
  }

  /// An array of a learned box.
  struct Parameter: Sendable {
    /// The box, by position among the part's boxes.
    let box: Int
    /// What its key has behind the box's label.
    let suffix: Substring
    /// How many elements it has.
    let count: Int
  }

  /// Its steps, without any that don't run; boxes are numbered by their positions among the part's boxes.
  let program: FlatProgram
  /// Of each buffer.
  let roles: [Role]
  /// The parameters that it reads: a step's inputs after those that the part is given.
  let parameters: [Parameter]
  /// The buffers that a step writes.
  let resultBuffers: [Int]
  /// Whether some of its steps read constants only.
  let computesWithConstants: Bool
  /// What running it once takes.
  let work: KernelWork
}

/// What a part that is planned once is given: parts of one form that are given the same in this sense are planned
/// together.
struct PartInput: Hashable {
  enum Source: Hashable {
    /// Something that may differ from run to run.
    case varying
    /// Something that is the same in all runs.
    case parameter
    /// By its bits: 0 and -0 are equal, and not the same.
    case number(UInt32)
    case counting(count: Int, isIndex: Bool)
  }

  let source: Source
  /// Where it begins, for constants; 0 for others.
  let offset: Int
  let strides: [Int]
  /// The first input that is the same array, from the same element on.
  let same: Int
}

/// The parts of a diagram that are planned once, by what they are and are given.
struct PlannedParts {
  struct Key: Hashable {
    let form: Int
    let inputs: [PartInput]
  }

  private(set) var all: [PlannedPart] = []
  private var places: [Key: Int] = [:]
  /// How many steps are the same in several places.
  private(set) var prototypeCount = 0

  func place(of key: Key) -> Int? { places[key] }

  mutating func add(_ part: PlannedPart, _ key: Key) -> Int {
    all.append(part)
    places[key] = all.count - 1
    prototypeCount = max(
      prototypeCount, 1 + (part.program.steps.lazy.map(\.prototype).max() ?? -1))
    return all.count - 1
  }
}
