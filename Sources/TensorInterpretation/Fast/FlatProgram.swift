import DiagramIR
import TensorKernels

/// A diagram at given sizes, without nesting: operations over strided views of buffers, and loops for scans.
///
/// Each buffer is written by one step, unless steps add to what it holds or it is the state of a loop.
struct FlatProgram {
  var buffers: [FlatBuffer] = []
  var steps: [FlatStep] = []
  /// What runs one after the other; the first frame is the diagram itself, the second what runs once, before the
  /// first run, the others are loops' bodies.
  var frames: [[FlatNode]] = [[], []]
  /// The views of the results.
  var results: [FlatView] = []
  /// The boxes that steps name, in words.
  var boxes: [String] = []
  /// Where exact laws made the program cheaper.
  var choices: [FlatChoice] = []

  /// - Throws: `InterpretationError`; nothing is allocated that grows with the sizes.
  /// - Complexity: linear in the boxes times the nesting.
  init(
    _ function: TensorDiagram, sizes: [SizeVariable: Int], hiddenUnits: Int, elementLimit: Int
  ) throws(InterpretationError) {
    var lowering = try Lowering(
      function, sizes: sizes, hiddenUnits: hiddenUnits, elementLimit: elementLimit)
    let results = try lowering.run()
    self = lowering.program
    self.results = results
  }

  /// A program without steps.
  init() {}

  /// The frame of what runs once for all runs.
  static let prologue = 1
}
