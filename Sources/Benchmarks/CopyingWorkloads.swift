import DiagramIR
import Rewriting

extension RewritingWorkloads {
  /// W7: making repeated sub-diagrams one, and dropping what nothing consumes; the count is of the boxes that stay.
  static var copying: [Workload] {
    let sizes = [1000, 10_000, 100_000, 1_000_000]
    return [
      Workload("W7-share", sizes) { size in
        applying(.share, to: repeating(size, returnsAll: true))
      },
      Workload("W7-discard", sizes) { size in
        applying(.discard, to: repeating(size, returnsAll: false))
      },
    ]
  }

  /// The same cartesian diagram of a hundred boxes again and again, on the same inputs.
  static func repeating(_ size: Int, returnsAll: Bool) -> Diagram {
    let part = PortGraph.random(100).diagram(.cartesian)
    var builder = DiagramBuilder(doctrine: .cartesian)
    let inputs = part.domainTypes.map { builder.addDomainWire($0) }
    var results: [WireID] = []
    for copy in 0..<(size / 100) {
      let outputs = (try? builder.append(part, inputs: inputs)) ?? []
      if copy == 0 || returnsAll { results += outputs }
    }
    return builder.finish(codomain: results)
  }

  private static func applying(_ law: Law, to diagram: Diagram) -> () -> Int {
    let rewriter = Rewriter(Environment())
    let step = DerivationStep.apply(law, isBackward: false, at: nil, sizes: [])
    return { (try? rewriter.apply(step, to: diagram))?.boxCount ?? -1 }
  }
}
