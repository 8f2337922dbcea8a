import DiagramIR

/// A wire of a diagram at which a law of lanes is tried.
struct LaneSite {
  let index: DiagramIndex
  let wire: WireID
  /// The declarations that say which boxes are linear.
  let environment: Environment
  /// Whether errors are of no interest, so that their wires need no names.
  var isProbe = false
  /// Sizes that the step gives.
  var sizes: [SizeAssignment] = []

  var diagram: Diagram { index.diagram }

  /// What people call a wire.
  func name(_ wire: WireID) -> String { isProbe ? "" : Place.name(of: wire, in: index) }

  /// The box that makes a wire.
  func producer(_ wire: WireID) -> BoxID? { index.producers(of: wire).first?.box }

  /// The error that the wire is not what the law needs.
  func isNot(_ expected: String) -> LaneError { .notAt(wire: name(wire), expected: expected) }

  /// The SIMD box that makes the wire.
  func simd() throws(LaneError) -> Lanes {
    guard let box = producer(wire), let lanes = Lanes(diagram, box), lanes.states == 0 else {
      throw isNot("made by a SIMD box")
    }
    return lanes
  }

  /// The SIMD box that holds the wire in its body.
  func enclosing() throws(LaneError) -> Lanes {
    let region = index.regionOfWire[wire.index]
    guard let box = diagram.owner(of: region), let lanes = Lanes(diagram, box), lanes.states == 0
    else { throw isNot("inside a SIMD box") }
    return lanes
  }

  /// The box of the tensor theory that makes a wire, if it is the one of this name.
  func maker(_ name: String, of wire: WireID) -> BoxID? {
    guard let box = producer(wire), TensorBox.name(of: diagram.operation(of: box)) == name else {
      return nil
    }
    return box
  }

  /// The outputs of the boxes of this name that consume a wire, with the box.
  func users(_ name: String, of wire: WireID) -> [(box: BoxID, output: WireID)] {
    index.consumers(of: wire).compactMap { port in
      guard TensorBox.name(of: diagram.operation(of: port.box)) == name,
        let output = diagram.outputs(of: port.box).first
      else { return nil }
      return (port.box, output)
    }
  }

  /// Those boxes, consumers before producers, whose outputs nothing uses any more when some wires are replaced.
  func unused(_ boxes: [BoxID], replaced: [WireID]) -> [BoxID] {
    let replaced = Set(replaced)
    var removed: [BoxID] = []
    for box in boxes where !removed.contains(box) {
      let isFree = diagram.outputs(of: box).allSatisfy { output in
        replaced.contains(output)
          || (index.codomainCount[output.index] == 0
            && index.consumers(of: output).allSatisfy { removed.contains($0.box) })
      }
      if isFree { removed.append(box) }
    }
    return removed
  }

  /// Refuses boxes whose weights differ between the lanes of an axis that changes.
  func refuse(_ axes: [Size], in region: RegionID) throws(LaneError) {
    let free = diagram.freeAxes(in: region)
    for axis in axes where free.contains(axis) { throw .perLane(axis: axis) }
  }

  /// A size that the step gives to a variable of the law.
  func given(_ name: String) -> Size? { sizes.first { $0.variable.name == name }?.size }
}

/// A SIMD or scan box, taken apart.
struct Lanes {
  let box: BoxID
  let body: RegionID
  let axis: Size
  let states: Int
  let inputs: [WireID]
  let outputs: [WireID]
  /// The wires of the body that its inputs and outputs are, place by place.
  let domain: [WireID]
  let codomain: [WireID]
  private let mappedEnd: Int

  init?(_ diagram: Diagram, _ box: BoxID) {
    let operation = diagram.operation(of: box)
    guard let body = diagram.body(of: box), let axis = operation.axis else { return nil }
    (self.box, self.body, self.axis, states) = (box, body, axis, operation.stateCount)
    mappedEnd = operation.stateCount + operation.mappedCount
    inputs = Array(diagram.inputs(of: box))
    outputs = Array(diagram.outputs(of: box))
    domain = Array(diagram.domain(of: body))
    codomain = Array(diagram.codomain(of: body))
  }

  var mapped: Range<Int> { states..<mappedEnd }
  var shared: Range<Int> { mappedEnd..<inputs.count }
  var mappedInputs: [WireID] { Array(inputs[mapped]) }
  var sharedInputs: [WireID] { Array(inputs[shared]) }
}
