import DiagramIR
import Rewriting

extension RewritingWorkloads {
  /// W7: making repeated sub-diagrams one, dropping what nothing consumes, and making a stack of SIMD boxes one, by
  /// its law and by the normal form; the count is of the boxes that stay.
  static var copying: [Workload] {
    let sizes = [1000, 10_000, 100_000, 1_000_000]
    return [
      Workload("W7-share", sizes) { size in
        applying(.share, to: repeating(size, returnsAll: true))
      },
      Workload("W7-discard", sizes) { size in
        applying(.discard, to: repeating(size, returnsAll: false))
      },
      Workload("W7-fuse", sizes) { size in
        normalizing(by: .lanes(.fuse), stack(of: size))
      },
      Workload("W7-simd", sizes) { size in
        normalizing(by: .lanes(.normalForm), stack(of: size))
      },
    ]
  }

  /// `simd n { f } ; simd n { g } ; simd n { f } ; …` with that many SIMD boxes.
  static func stack(of size: Int) -> Diagram {
    var builder = DiagramBuilder(doctrine: .cartesian)
    let axis = Size("n")
    var wire = builder.addDomainWire(.real(axis))
    for place in 0..<size {
      builder.openBody()
      let lane = builder.addDomainWire(.scalar)
      let result = builder.addBox(
        PortGraph.operation(place % 2 == 0 ? .f : .g), inputs: [lane], outputs: [.scalar])
      let outputs = builder.closeBody(
        .simd(axis: axis, mapped: 1), inputs: [wire], codomain: result, outputs: [.real(axis)])
      wire = outputs.first ?? wire
    }
    return builder.finish(codomain: [wire])
  }

  private static func normalizing(by law: Law, _ diagram: Diagram) -> () -> Int {
    let rewriter = Rewriter(Environment())
    return {
      let result = try? rewriter.rewrite(
        diagram, by: [law], .normalize(limit: Strategy.defaultLimit), recordingSteps: false)
      return result?.diagram.boxCount ?? -1
    }
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
