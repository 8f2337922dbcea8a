/// How a plan is to be made.
struct PlanOptions {
  /// Whether exact laws may change what is computed, where that is cheaper, and what depends on parameters and
  /// constants alone is computed once for all runs.
  var isChosenByCost: Bool
  /// The most elements of an array.
  var elementLimit: Int
  /// The fewest elements of an array that streaming avoids.
  var leastStreamed: Int
  /// Whether what stands several times in a diagram is planned once.
  var plansRepeatsOnce: Bool
}
