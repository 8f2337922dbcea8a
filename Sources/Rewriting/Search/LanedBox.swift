import DiagramIR

/// A box with the lanes around it, in a diagram where each SIMD box holds one box.
///
/// ```
/// simd n(q) { simd m(k) { dot(q, k) } }      lanes n m, core dot, operands q over n and k over m
/// ```
///
/// This is index notation: the core in lane (i, j) takes q_i and k_j.
struct LanedBox: Sendable {
  /// A wire of the diagram's own level, and for each of the lanes, outermost first, whether it has an axis there
  /// that the lanes peel off.
  struct Operand: Hashable, Sendable {
    var wire: WireID
    var isMapped: [Bool]
  }

  /// The axes of the lanes, outermost first.
  let lanes: [Size]
  /// The SIMD boxes from the outside to the inside, then the core.
  let nest: [BoxID]
  /// For the box at each depth of `nest`, what its inputs are outside of all lanes.
  let operandsAtDepth: [[Operand]]
  /// What the outputs are outside of all lanes.
  let results: [WireID]
  /// For the box at each depth of `nest` and each of the results, which of the box's outputs it is.
  let outputsAtDepth: [[Int]]

  /// The box inside all lanes.
  var core: BoxID { nest[nest.count - 1] }
  /// What the core takes.
  var operands: [Operand] { operandsAtDepth[nest.count - 1] }
  /// For each of the results, the output of the core that it is.
  var outputs: [Int] { outputsAtDepth[nest.count - 1] }

  /// Reads a box of the diagram's own level.
  ///
  /// - Returns: `nil`, when lanes hold anything but one box, or give back what they got.
  /// - Complexity: linear in the nest.
  init?(_ start: BoxID, in diagram: Diagram) {
    var (box, nest, lanes): (BoxID, [BoxID], [Size]) = (start, [start], [])
    var operands = diagram.inputs(of: start).map { Operand(wire: $0, isMapped: []) }
    var places = Array(0..<diagram.outputs(of: start).count)
    var (allOperands, allPlaces) = ([operands], [places])
    while case .simd(let axis, let mapped) = diagram.operation(of: box),
      let body = diagram.body(of: box)
    {
      guard diagram.boxes(in: body).count == 1, let inner = diagram.boxes(in: body).first else {
        return nil
      }
      let domain = Array(diagram.domain(of: body))
      let codomain = Array(diagram.codomain(of: body))
      let outputs = Array(diagram.outputs(of: inner))
      var next: [Operand] = []
      for wire in diagram.inputs(of: inner) {
        guard let place = domain.firstIndex(of: wire) else { return nil }
        var operand = operands[place]
        operand.isMapped.append(place < mapped)
        next.append(operand)
      }
      var inside: [Int] = []
      for place in places {
        guard let output = outputs.firstIndex(of: codomain[place]) else { return nil }
        inside.append(output)
      }
      (box, operands, places) = (inner, next, inside)
      nest.append(inner)
      lanes.append(axis)
      allOperands.append(next)
      allPlaces.append(inside)
    }
    self.nest = nest
    self.lanes = lanes
    (operandsAtDepth, outputsAtDepth) = (allOperands, allPlaces)
    results = Array(diagram.outputs(of: start))
  }
}

/// A diagram where each SIMD box holds one box, with its boxes read as cores in lanes.
struct LanedDiagram: Sendable {
  let diagram: Diagram
  /// In an order in which each follows those that it depends on.
  let boxes: [LanedBox]
  /// For every wire of the diagram's own level, the box that makes it.
  let producer: [WireID: Int]
  /// For every wire of the diagram's own level, the boxes that take it.
  let consumers: [WireID: [Int]]

  /// - Returns: `nil`, when lanes hold more than one box.
  /// - Complexity: linear.
  init?(_ diagram: Diagram) {
    self.diagram = diagram
    var boxes: [LanedBox] = []
    var producer: [WireID: Int] = [:]
    var consumers: [WireID: [Int]] = [:]
    let order = diagram.topologicalOrder(of: diagram.root, producers: diagram.producers())
    for box in order ?? [] {
      guard let laned = LanedBox(box, in: diagram) else { return nil }
      for wire in laned.results { producer[wire] = boxes.count }
      for wire in Set(diagram.inputs(of: box)) { consumers[wire, default: []].append(boxes.count) }
      boxes.append(laned)
    }
    (self.boxes, self.producer, self.consumers) = (boxes, producer, consumers)
  }

  /// What a box does inside all lanes.
  func operation(of box: LanedBox) -> Operation { diagram.operation(of: box.core) }
}
