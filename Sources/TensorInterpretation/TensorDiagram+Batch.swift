import DiagramIR
import TensorKernels

extension TensorDiagram {
  /// A size variable that the diagram doesn't have: `batch`, or with a number behind it.
  public var freshBatchAxis: SizeVariable {
    let taken = Set(sizeVariables)
    var axis = SizeVariable("batch")
    var number = 2
    while taken.contains(axis) {
      axis = SizeVariable("batch_\(number)")
      number += 1
    }
    return axis
  }

  /// The diagram in lanes along a new axis: `simd axis(inputs) { … }`.
  ///
  /// The inputs named get the axis in front, and so do all results; other inputs and all parameters are shared
  /// by the lanes.
  ///
  /// - Parameters:
  ///   - axis: a size variable that the diagram doesn't have.
  ///   - names: of inputs, as `inputNames` gives them; others are ignored.
  /// - Throws: `tooDeep`, where the diagram is nested as deep as can be.
  /// - Complexity: linear in the diagram.
  public func batched(
    over axis: SizeVariable, inputs names: Set<String>
  ) throws(InterpretationError) -> TensorDiagram {
    var builder = DiagramBuilder(doctrine: diagram.doctrine)
    let isMapped = inputNames.map(names.contains)
    let outer = zip(diagram.domain, isMapped).map { wire, isMapped in
      builder.addDomainWire(
        isMapped ? diagram.type(of: wire).stacked(axis) : diagram.type(of: wire),
        name: diagram.name(of: wire))
    }
    // A SIMD box has its mapped inputs first.
    let order = isMapped.indices.filter { isMapped[$0] } + isMapped.indices.filter { !isMapped[$0] }
    let domain = Array(diagram.domain)
    builder.openBody()
    var inner = domain
    for place in order {
      inner[place] = builder.addDomainWire(
        diagram.type(of: domain[place]), name: diagram.name(of: domain[place]))
    }
    let codomain: [WireID]
    do { codomain = try builder.append(diagram, inputs: inner) } catch {
      throw .sizeOverflow("the diagram")
    }
    let results = builder.closeBody(
      .simd(axis: Size(axis), mapped: isMapped.count { $0 }), inputs: order.map { outer[$0] },
      codomain: codomain, outputs: diagram.codomain.map { diagram.type(of: $0).stacked(axis) })
    return try TensorDiagram(unfolded: builder.finish(codomain: results))
  }
}

extension WireType {
  /// The type of arrays of this type along an axis.
  fileprivate func stacked(_ axis: SizeVariable) -> WireType {
    guard case .array(let element, let shape) = self else { return self }
    return .array(element, [.size(Size(axis))] + shape)
  }
}
