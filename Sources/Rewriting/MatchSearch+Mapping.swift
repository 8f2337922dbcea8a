import DiagramIR

extension MatchSearch {
  /// Whether two parts of a region of the pattern must have different images. The body of a SIMD or scan box
  /// matches as a whole, so its boxes always do.
  private func isInjective(_ region: RegionID) -> Bool {
    pattern.diagram.doctrine != .cartesian || region != pattern.diagram.root
  }

  /// Gives a box of the pattern its image, and with it the wires at its ports.
  mutating func map(_ box: BoxID, to image: BoxID) -> Bool {
    let (source, target) = (pattern.diagram, index.diagram)
    guard pattern.key(of: box) == index.key(of: image) else { return false }
    let region = pattern.regionOfBox[box.index]
    guard lies(index.regionOfBox[image.index], in: region) else { return false }
    let used = Used(region: region, image: image.rawValue)
    if isInjective(region) {
      guard usedBoxes.insert(used).inserted else { return false }
    }
    boxImages[box.index] = image
    record(.box(box))
    let (outputs, results) = (source.outputs(of: box), target.outputs(of: image))
    let operation = pattern.operations[source.operationID(of: box).index]
    guard outputs.count == results.count, unify(operation, target.operation(of: image)) else {
      return false
    }
    for (wire, result) in zip(outputs, results) where !map(wire, to: result) { return false }
    return mapInputs(of: box, to: image)
  }

  private mutating func mapInputs(of box: BoxID, to image: BoxID) -> Bool {
    let (source, target) = (pattern.diagram, index.diagram)
    let (inputs, arguments) = (source.inputs(of: box), target.inputs(of: image))
    guard let body = source.body(of: box), let lanes = target.body(of: image) else {
      guard inputs.count == arguments.count else { return false }
      for (wire, argument) in zip(inputs, arguments) where !map(wire, to: argument) {
        return false
      }
      return true
    }
    guard haveOneSize(body, lanes) else { return false }
    for (wire, result) in zip(source.codomain(of: body), target.codomain(of: lanes))
    where !map(wire, to: result) {
      return false
    }
    let places = source.doctrine == .frobenius ? Int.max : source.operation(of: box).stateCount
    for (wire, lane) in zip(source.domain(of: body), target.domain(of: lanes)).prefix(places)
    where !map(wire, to: lane) {
      return false
    }
    return true
  }

  /// In `cartesian`, lanes that get one wire twice have one input for both, so the image may have fewer.
  private func haveOneSize(_ body: RegionID, _ image: RegionID) -> Bool {
    let (source, target) = (pattern.diagram, index.diagram)
    let (inputs, found) = (source.domain(of: body).count, target.domain(of: image).count)
    return source.boxes(in: body).count == target.boxes(in: image).count
      && source.codomain(of: body).count == target.codomain(of: image).count
      && (source.doctrine == .cartesian ? inputs >= found : inputs == found)
  }

  /// Gives a wire of the pattern its image; for an input of lanes, the wire that enters there as well.
  mutating func map(_ wire: WireID, to image: WireID) -> Bool {
    var pair = (wire, image)
    while true {
      let known = wireImages[pair.0.index]
      if known.index >= 0 { return known == pair.1 }
      guard assign(pair.0, pair.1) else { return false }
      switch around(pair.0, pair.1) {
      case .nothing: return true
      case .mismatch: return false
      case .wires(let outer, let outerImage): pair = (outer, outerImage)
      }
    }
  }

  private mutating func assign(_ wire: WireID, _ image: WireID) -> Bool {
    if wire == pattern.anchor, let place, place != image { return false }
    let region = pattern.regionOfWire[wire.index]
    guard lies(index.regionOfWire[image.index], in: region) else { return false }
    if pattern.diagram.doctrine == .symmetric {
      let used = Used(region: region, image: image.rawValue)
      guard usedWires.insert(used).inserted else { return false }
    }
    wireImages[wire.index] = image
    record(.wire(wire))
    let type = pattern.types[pattern.diagram.typeID(of: wire).index]
    let found = index.diagram.type(of: image)
    return type == found || unifier.unify(type, found)
  }

  /// What lies around a wire and its image.
  private enum Surroundings {
    /// The wire is not in the domain of lanes.
    case nothing
    /// The wire and its image don't enter their lanes in the same way.
    case mismatch
    /// The wires that enter the lanes here.
    case wires(WireID, WireID)
  }

  private func around(_ wire: WireID, _ image: WireID) -> Surroundings {
    let place = Int(pattern.domainPlace[wire.index])
    guard place >= 0, let owner = pattern.diagram.owner(of: pattern.regionOfWire[wire.index])
    else { return .nothing }
    let other = Int(index.domainPlace[image.index])
    let lanes = boxImages[owner.index]
    let kind = pattern.diagram.operation(of: owner).laneKind(of: place)
    guard other >= 0, kind == index.diagram.operation(of: lanes).laneKind(of: other) else {
      return .mismatch
    }
    let (inputs, arguments) = (pattern.diagram.inputs(of: owner), index.diagram.inputs(of: lanes))
    return .wires(inputs[inputs.startIndex + place], arguments[arguments.startIndex + other])
  }

  /// Whether a region of the diagram is the image of a region of the pattern; the first one found is the image
  /// of the outermost.
  private mutating func lies(_ found: RegionID, in region: RegionID) -> Bool {
    if let owner = pattern.diagram.owner(of: region) {
      return index.diagram.body(of: boxImages[owner.index]) == found
    }
    if let known = self.region { return known == found }
    self.region = found
    return true
  }
}

// MARK: - Operations

extension MatchSearch {
  /// Requires that the operations are equal, solving for sizes and labels.
  private mutating func unify(_ operation: Operation, _ found: Operation) -> Bool {
    switch (operation, found) {
    case (.box, .box), (.number, .number): return operation == found
    case (.size(let size), .size(let other)): return unifier.unify(size, other)
    case (.simd(let axis, _), .simd(let other, _)): return unifier.unify(axis, other)
    case (.scan(let axis, let states, _), .scan(let other, let count, _)):
      return states == count && unifier.unify(axis, other)
    case (.learned(let box), .learned(let other)):
      return box.kind == other.kind
        && unify((box.label, box.per), (other.label, other.per), isLearned: true)
    case (.use(let use), .use(let other)):
      guard use.label.isEmpty == other.label.isEmpty, unify(use.openSizes, other.openSizes)
      else { return false }
      return use.label.isEmpty
        ? unify(use.per, other.per)
        : unify((use.label, use.per), (other.label, other.per), isLearned: false)
    default: return false
    }
  }

  private mutating func unify(
    _ labelled: (label: String, per: [Size]), _ found: (label: String, per: [Size]),
    isLearned: Bool
  ) -> Bool {
    guard pattern.labels == .variables else {
      let added = found.per.count - labelled.per.count
      guard added >= 0 else { return false }
      return unify(labelled.per, Array(found.per.dropFirst(added)))
        && labels.bind(labelled.label, to: found.label, axes: Array(found.per.prefix(added)))
    }
    let added = found.per.count - labelled.per.count
    guard added >= 0, unify(labelled.per, Array(found.per.dropFirst(added))) else { return false }
    let axes = Array(found.per.prefix(added))
    return isLearned
      ? labels.bind(learned: labelled.label, to: found.label, axes: axes)
      : labels.bind(use: labelled.label, to: found.label, axes: axes)
  }

  private mutating func unify(_ sizes: [Size], _ found: [Size]) -> Bool {
    guard sizes.count == found.count else { return false }
    for (size, other) in zip(sizes, found) where !unifier.unify(size, other) { return false }
    return true
  }
}
