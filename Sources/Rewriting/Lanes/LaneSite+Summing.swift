import DiagramIR

// MARK: - sum.linear

extension LaneSite {
  /// The sum, or the mean, that makes the wire.
  private func fold(of wire: WireID) -> (box: BoxID, name: String, input: WireID)? {
    guard let box = producer(wire), let name = TensorBox.name(of: diagram.operation(of: box)),
      name == "sum" || name == "mean", let input = diagram.inputs(of: box).first
    else { return nil }
    return (box, name, input)
  }

  /// The sum of what linear lanes return becomes what they do to the sums of what they map; the mean, for affine lanes.
  func summingFirst() throws(LaneError) -> [Replacement] {
    guard let fold = fold(of: wire), let maker = producer(fold.input),
      let lanes = Lanes(diagram, maker), lanes.states == 0,
      let place = lanes.outputs.firstIndex(of: fold.input)
    else { throw isNot("the sum or mean of what a SIMD box returns") }
    try refuse([lanes.axis], in: lanes.body)
    if fold.name == "mean" && lanes.axis == .zero { throw isNot("the mean of any lane") }
    let result = lanes.codomain[place]
    let boxes = ancestors(of: [result])
    try checkLinear(lanes, result, isMean: fold.name == "mean")
    let used = Set(boxes.flatMap { Array(diagram.inputs(of: $0)) } + [result])
    var part = LanePart(diagram)
    for (place, lane) in lanes.domain.enumerated() where used.contains(lane) {
      let outer = part.enter(lanes.inputs[place])
      let isMapped = lanes.mapped.contains(place)
      guard !isMapped || diagram.type(of: lane).isReal else {
        throw .indices(wire: name(lanes.inputs[place]))
      }
      part[lane] = isMapped ? part.box(fold.name, [outer], diagram.type(of: lane)) : outer
    }
    part.copy(diagram.boxes(in: lanes.body).filter { boxes.contains($0) })
    let removed = unused([fold.box, lanes.box], replaced: [wire])
    return [
      part.finish(
        [(wire, part[result])], in: index.regionOfBox[fold.box.index], removing: removed)
    ]
  }

  private func checkLinear(
    _ lanes: Lanes, _ result: WireID, isMean: Bool
  ) throws(LaneError) {
    var linearity = Linearity(diagram, environment)
    let kinds = lanes.domain.indices.map { place in
      lanes.mapped.contains(place) ? Dependence.linear : .constant
    }
    let results = linearity.results(of: lanes.body, kinds)
    let kind = lanes.codomain.firstIndex(of: result).map { results[$0] } ?? .other
    guard kind == .linear || (isMean && kind != .other) else {
      let culprit = kind == .other ? linearity.obstacle : nil
      let wire = culprit?.wire ?? result
      let box = culprit?.box ?? producer(result)
      throw .notLinear(
        wire: name(wire), box: box.map { "\(index.key(of: $0))" } ?? "the surroundings",
        affine: isMean)
    }
  }

  /// A linear box of sums becomes the sum of what it does in lanes; an affine one, of means.
  func summingLast() throws(LaneError) -> [Replacement] {
    guard let box = producer(wire) else { throw isNot("made by a box") }
    let arguments = Array(diagram.inputs(of: box))
    let folds = arguments.map { fold(of: $0) }
    guard let first = folds.compactMap({ $0 }).first, let axis = diagram.type(of: first.input).axis
    else { throw isNot("made by a box of sums or means") }
    let isMapped = folds.map { fold in
      fold.map { $0.name == first.name && diagram.type(of: $0.input).axis == axis } ?? false
    }
    if diagram.freeAxes(of: box).contains(axis) { throw .perLane(axis: axis) }
    var linearity = Linearity(diagram, environment)
    let place = diagram.outputs(of: box).firstIndex(of: wire).map {
      $0 - diagram.outputs(of: box).startIndex
    }
    let kind = linearity.kinds(of: box, isMapped.map { $0 ? .linear : .constant })[place ?? 0]
    guard kind == .linear || (first.name == "mean" && kind != .other) else {
      throw .notLinear(
        wire: name(wire), box: "\(index.key(of: box))", affine: first.name == "mean")
    }
    var part = LanePart(diagram)
    let mapped = arguments.indices.filter { isMapped[$0] }
    let shared = arguments.indices.filter { !isMapped[$0] }
    let outer =
      part.enter(mapped.compactMap { folds[$0]?.input }) + part.enter(shared.map { arguments[$0] })
    let made = part.lanes(
      axis, mapped: Array(outer[..<mapped.count]), shared: Array(outer[mapped.count...])
    ) { part, wires in
      for (place, copy) in zip(mapped + shared, wires) { part[arguments[place]] = copy }
      part.copy([box])
      return [part[wire]]
    }
    let sum = part.box(first.name, made, diagram.type(of: wire))
    let removed = unused([box] + mapped.compactMap { folds[$0]?.box }, replaced: [wire])
    return [part.finish([(wire, sum)], in: index.regionOfBox[box.index], removing: removed)]
  }
}
