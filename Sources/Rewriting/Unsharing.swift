import DiagramIR

/// Copies a diagram while one box becomes several, one for each of its consumers; or while lanes return one of their
/// results once for each of its consumers.
struct Unsharing {
  let source: Diagram
  let shared: BoxID
  /// The result that lanes return several times; `nil` when the whole box becomes several.
  private let result: WireID?
  private var builder: DiagramBuilder
  private var wires: [WireID]
  /// The outputs of the copies that no consumer has taken yet, in reverse.
  private var copies: [[WireID]] = []
  /// The further outputs of lanes.
  private var extra: [WireID] = []

  /// - Parameters:
  ///   - shared: a box with outputs.
  ///   - result: an output of it, when it is a SIMD box that stays one.
  init(_ source: Diagram, _ shared: BoxID, only result: WireID? = nil) {
    (self.source, self.shared, self.result) = (source, shared, result)
    builder = DiagramBuilder(doctrine: source.doctrine)
    wires = Array(repeating: WireID(-1), count: source.wireCount)
  }

  /// - Complexity: linear in the diagram, and in the box with its body times its consumers.
  mutating func result(consumers: Int) -> Diagram {
    copyDomain(of: source.root)
    let codomain = contents(of: source.root, consumers)
    return builder.finish(codomain: codomain)
  }

  private mutating func copyDomain(of region: RegionID) {
    for wire in source.domain(of: region) {
      wires[wire.index] = builder.addDomainWire(source.type(of: wire), name: source.name(of: wire))
    }
  }

  private mutating func contents(of region: RegionID, _ consumers: Int) -> [WireID] {
    let boxes = source.boxes(in: region)
    for box in boxes where box != shared || result != nil { addOutputs(of: box, named: true) }
    if boxes.contains(shared), let result {
      let type = builder.typeID(source.type(of: result))
      copies = [[wires[result.index]]] + (1..<consumers).map { _ in [builder.addWire(type)] }
      extra = copies.dropFirst().flatMap { $0 }
      copies.reverse()
    } else if boxes.contains(shared) {
      for copy in 0..<consumers {
        addOutputs(of: shared, named: copy == 0)
        copies.append(source.outputs(of: shared).map { wires[$0.index] })
      }
      copies.reverse()
    }
    for box in boxes {
      guard box == shared, result == nil else {
        attach(box, consumers)
        continue
      }
      for outputs in copies.reversed() { attach(box, outputs: outputs, consumers) }
    }
    return source.codomain(of: region).map { take($0) }
  }

  private mutating func addOutputs(of box: BoxID, named: Bool) {
    for wire in source.outputs(of: box) {
      let type = builder.typeID(source.type(of: wire))
      wires[wire.index] = builder.addWire(type, name: named ? source.name(of: wire) : "")
    }
  }

  private mutating func attach(_ box: BoxID, _ consumers: Int) {
    let outputs = source.outputs(of: box).map { wires[$0.index] }
    attach(box, outputs: outputs + (box == shared ? extra : []), consumers)
  }

  private mutating func attach(_ box: BoxID, outputs: [WireID], _ consumers: Int) {
    let inputs = source.inputs(of: box).map { take($0) }
    let operation = source.operation(of: box)
    guard let body = source.body(of: box) else {
      builder.attachBox(builder.operationID(operation), inputs: inputs, outputs: outputs)
      return
    }
    builder.openBody()
    copyDomain(of: body)
    var codomain = contents(of: body, consumers)
    if box == shared, let result,
      let place = Array(source.outputs(of: box)).firstIndex(of: result)
    {
      codomain += extra.map { _ in codomain[place] }
    }
    builder.closeBody(operation, inputs: inputs, codomain: codomain, outputs: outputs)
  }

  /// The copy of a wire; the next one, where several are there.
  private mutating func take(_ wire: WireID) -> WireID {
    if let result {
      guard wire == result, let copy = copies.popLast()?.first else { return wires[wire.index] }
      return copy
    }
    guard let place = Array(source.outputs(of: shared)).firstIndex(of: wire),
      let outputs = copies.popLast()
    else { return wires[wire.index] }
    return outputs[place]
  }
}
