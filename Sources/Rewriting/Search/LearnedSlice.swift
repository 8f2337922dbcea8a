import DiagramIR

/// Cuts out of a diagram what a learned box in lanes would have to be: the diagram that makes some wires from
/// others, inside those lanes.
///
/// A wire inside the lanes is a wire outside of them together with the lanes that its leading axes belong to. The
/// walk goes from results backward: a box that makes a wire over k of the lanes must itself stand in lanes over the
/// same axes, and each of its operands is over those of the k lanes that it is mapped in. The walk ends at the
/// learned box's operands.
struct LearnedSlice {
  /// A wire and the lanes that its leading axes are peeled of, outermost first.
  private struct Key: Hashable {
    var wire: WireID
    var lanes: [Int]
  }

  private let source: LanedDiagram
  private let axes: [Size]
  private var builder: DiagramBuilder
  private var copies: [Key: WireID] = [:]

  /// - Parameter axes: the lanes around the learned box.
  private init(_ source: LanedDiagram, axes: [Size]) {
    self.source = source
    self.axes = axes
    builder = DiagramBuilder(doctrine: source.diagram.doctrine)
  }

  /// The diagram that makes results, wires that have all lanes' axes in front, from operands.
  ///
  /// - Parameter types: the types of the operands inside the lanes.
  /// - Returns: `nil`, when the results depend on anything else, or across lanes.
  /// - Complexity: linear in the boxes between operands and results, times the ways in which they lie in lanes.
  static func diagram(
    of source: LanedDiagram, axes: [Size], operands: [(operand: LanedBox.Operand, type: WireType)],
    results: [WireID]
  ) -> Diagram? {
    var slice = LearnedSlice(source, axes: axes)
    for (operand, type) in operands {
      let wire = slice.builder.addDomainWire(type)
      let lanes = operand.isMapped.indices.filter { operand.isMapped[$0] }
      let key = Key(wire: operand.wire, lanes: lanes)
      if slice.copies[key] == nil { slice.copies[key] = wire }
    }
    var codomain: [WireID] = []
    for wire in results {
      guard let copy = slice.copy(Key(wire: wire, lanes: Array(axes.indices))) else { return nil }
      codomain.append(copy)
    }
    return slice.builder.finish(codomain: codomain)
  }

  /// The copy of a wire, after everything that it depends on.
  private mutating func copy(_ start: Key) -> WireID? {
    var pending = [start]
    while let key = pending.last {
      guard copies[key] == nil else {
        pending.removeLast()
        continue
      }
      guard let needs = needs(of: key) else { return nil }
      let missing = needs.filter { copies[$0] == nil }
      if missing.isEmpty {
        guard emit(key, from: needs.compactMap { copies[$0] }) else { return nil }
        pending.removeLast()
      } else {
        pending += missing
      }
    }
    return copies[start]
  }

  /// What the box takes that makes a wire; `nil`, when there is none or it stands in other lanes.
  private func needs(of key: Key) -> [Key]? {
    guard let index = source.producer[key.wire] else { return nil }
    let box = source.boxes[index]
    guard box.lanes.count >= key.lanes.count,
      zip(box.lanes, key.lanes).allSatisfy({ $0 == axes[$1] })
    else { return nil }
    return box.operandsAtDepth[key.lanes.count].map { operand in
      Key(
        wire: operand.wire,
        lanes: operand.isMapped.indices.filter { operand.isMapped[$0] }.map { key.lanes[$0] })
    }
  }

  /// Copies the box that makes a wire, without the lanes that are peeled off.
  private mutating func emit(_ key: Key, from inputs: [WireID]) -> Bool {
    guard let index = source.producer[key.wire] else { return false }
    let box = source.boxes[index]
    let depth = key.lanes.count
    let outputs = builder.append(box.nest[depth], of: source.diagram, inputs: inputs)
    for (wire, output) in zip(box.results, box.outputsAtDepth[depth]) where output < outputs.count {
      copies[Key(wire: wire, lanes: key.lanes)] = outputs[output]
    }
    return copies[key] != nil
  }
}
