import DiagramIR
import TensorKernels

/// A diagram at given sizes, without nesting: operations over strided views of buffers, and loops for scans.
///
/// Each buffer is written by one step, unless steps add to what it holds or it is the state of a loop.
struct FlatProgram: Sendable {
  var buffers: [FlatBuffer] = []
  var steps: [FlatStep] = []
  /// What runs one after the other; the first frame is the diagram itself, the second what runs once, before the
  /// first run, the others are loops' bodies.
  var frames: [[FlatNode]] = [[], []]
  /// The views of the results.
  var results: [FlatView] = []
  /// Where exact laws made the program cheaper, but for those inside of parts.
  var choices: [FlatChoice] = []
  /// What steps stand for that are parts of the diagram, planned once.
  var parts: [PlannedPart] = []
  /// The choices of parts that stand in the place of their steps.
  var partChoices: [PartChoices] = []
  /// How many steps are the same in several places.
  var prototypeCount = 0

  /// - Throws: `InterpretationError`; nothing is allocated that grows with the sizes.
  /// - Complexity: linear in the boxes times the nesting.
  init(
    _ function: TensorDiagram, sizes: [SizeVariable: Int], hiddenUnits: Int, options: PlanOptions
  ) throws(InterpretationError) {
    var lowering = try Lowering(
      function, sizes: sizes, hiddenUnits: hiddenUnits, options: options)
    let results = try lowering.run()
    self = lowering.program
    self.results = results
    parts = lowering.parts.all
    plannedOnceCount = parts.count
    prototypeCount = lowering.parts.prototypeCount
  }

  /// How many parts of the diagram were planned once.
  var plannedOnceCount = 0

  /// A program without steps.
  init() {}

  /// The frame of what runs once for all runs.
  static let prologue = 1
}
