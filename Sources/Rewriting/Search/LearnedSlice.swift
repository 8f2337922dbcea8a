import DiagramIR

/// Cuts out of a diagram what a learned box in lanes would have to be: the diagram that makes some wires from
/// others, inside those lanes.
///
/// A wire inside the lanes is a wire outside of them together with the lanes that its leading axes belong to. The
/// walk goes from results backward: a box that makes a wire over k of the lanes must itself stand in lanes over the
/// same axes, or make copies along the last of them, and each of its operands is over those of the k lanes that it
/// is mapped in. The walk ends at the learned box's operands.
struct LearnedSlice {
  /// A wire and the lanes that its leading axes are peeled of, outermost first.
  struct Key: Hashable {
    var wire: WireID
    var lanes: [Int]
  }

  /// What a result is: a wire, and copies of it along new leading axes of the result's type.
  struct Result {
    var key: Key
    var copied: Int
    var type: WireType
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

  /// The diagram that makes results from operands, inside lanes.
  ///
  /// - Parameters:
  ///   - axes: the lanes.
  ///   - operands: the wires with their types inside the lanes; those without a wire are not used.
  /// - Returns: `nil`, when the results depend on anything else, or across lanes.
  /// - Complexity: linear in the boxes between operands and results, times the ways in which they lie in lanes.
  static func diagram(
    of source: LanedDiagram, axes: [Size], operands: [(key: Key?, type: WireType)],
    results: [Result]
  ) -> Diagram? {
    var slice = LearnedSlice(source, axes: axes)
    for (key, type) in operands {
      let wire = slice.builder.addDomainWire(type)
      if let key, slice.copies[key] == nil { slice.copies[key] = wire }
    }
    var codomain: [WireID] = []
    for result in results {
      guard let copy = slice.copy(result.key),
        let array = slice.repeating(copy, result.copied, to: result.type)
      else { return nil }
      codomain.append(array)
    }
    return slice.builder.finish(codomain: codomain)
  }

  /// Copies of a wire along so many leading axes of a type.
  private mutating func repeating(_ wire: WireID, _ count: Int, to type: WireType) -> WireID? {
    guard case .array(let element, let shape) = type else { return count == 0 ? wire : nil }
    var array = wire
    for place in (0..<count).reversed() {
      let type = WireType.array(element, Array(shape.dropFirst(place)))
      array = builder.addBox(TensorBox.operation("repeat"), inputs: [array], outputs: [type])[0]
    }
    return array
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
    guard zip(box.lanes, key.lanes).allSatisfy({ $0 == axes[$1] }) else { return nil }
    guard isPeeledCopy(key) || box.lanes.count >= key.lanes.count else { return nil }
    let depth = min(key.lanes.count, box.lanes.count)
    let further = isPeeledCopy(key) ? key.lanes.dropFirst(depth + 1) : []
    return box.operandsAtDepth[depth].map { operand in
      let mapped = operand.isMapped.indices.filter { operand.isMapped[$0] }
      return Key(wire: operand.wire, lanes: mapped.map { key.lanes[$0] } + further)
    }
  }

  /// Whether the wire is an array of copies, and its axis of copies is peeled off.
  private func isPeeledCopy(_ key: Key) -> Bool {
    guard let box = source.repeatBox(making: key.wire) else { return false }
    return box.lanes.count < key.lanes.count
      && box.operands.allSatisfy { $0.isMapped.allSatisfy { $0 } }
  }

  /// Copies the box that makes a wire, without the lanes that are peeled off.
  private mutating func emit(_ key: Key, from inputs: [WireID]) -> Bool {
    guard let index = source.producer[key.wire] else { return false }
    if isPeeledCopy(key) {
      copies[key] = inputs.first
      return copies[key] != nil
    }
    let box = source.boxes[index]
    let depth = key.lanes.count
    let outputs = builder.append(box.nest[depth], of: source.diagram, inputs: inputs)
    for (wire, output) in zip(box.results, box.outputsAtDepth[depth]) where output < outputs.count {
      copies[Key(wire: wire, lanes: key.lanes)] = outputs[output]
    }
    return copies[key] != nil
  }
}
