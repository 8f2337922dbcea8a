import DiagramIR

extension MatchSearch {
  /// The match, when everything is mapped and the conditions on the whole hold.
  func finished() -> Match? {
    guard unifier.isSettled, labels.respectsUses, let region else { return nil }
    guard pattern.diagram.doctrine == .frobenius ? hasExactInterior : isConvex else { return nil }
    let substitution = solution()
    // In rules, sizes are of axes that have a lane; the body of a definition stands for itself at any sizes.
    guard pattern.labels != .variables || !substitution.sizes.values.contains(.zero) else {
      return nil
    }
    let outer = index.axes[region.index]
    guard
      pattern.diagram.keepsLanes(
        substitution, outer: outer, prefix: labels.prefix, labelAxes: labels.axes)
    else { return nil }
    return Match(
      region: region, boxes: boxImages, wires: wireImages.map { $0.index < 0 ? nil : $0 },
      substitution: substitution, labels: labels.images,
      anchor: pattern.anchor.flatMap { wire in
        let image = wireImages[wire.index]
        return image.index < 0 ? nil : image
      }, prefix: labels.prefix, labelAxes: labels.axes)
  }

  private func solution() -> TypeSubstitution {
    var solution = TypeSubstitution()
    for (variable, copy) in pattern.copies.sizes {
      let size = unifier.resolve(copy)
      if !size.isFlexible { solution.sizes[variable] = size }
    }
    for (variable, copy) in pattern.copies.shapes {
      let shape = unifier.resolve(copy)
      if !WireType.array(.real, shape).isFlexible { solution.shapes[variable] = shape }
    }
    return solution
  }

  /// Whether no directed path leads from a wire that is redirected to one that the replacement takes.
  ///
  /// The search goes backward from the latter and no further than the first of the former: a wire that no
  /// longer path leads to can't come after it.
  private var isConvex: Bool {
    let (domain, codomain) = (Array(pattern.diagram.domain), Array(pattern.diagram.codomain))
    let ends = Set(pattern.redirected.map { wireImages[codomain[$0].index] })
    guard let lowest = ends.map({ index.level[$0.index] }).min() else { return true }
    var pending = pattern.taken.map { wireImages[domain[$0].index] }
    pending.removeAll { $0.index < 0 || index.level[$0.index] <= lowest }
    var seen = Set(pending)
    while let wire = pending.popLast() {
      for port in index.producers(of: wire) {
        for input in index.diagram.inputs(of: port.box) {
          if ends.contains(input) { return false }
          guard index.level[input.index] > lowest, seen.insert(input).inserted else { continue }
          pending.append(input)
        }
      }
    }
    return true
  }

  /// In `frobenius`: a wire inside the pattern is alone on its image, which has no ends outside the match.
  private var hasExactInterior: Bool {
    let source = pattern.diagram
    let interface = Set(source.domain).union(source.codomain)
    var preimages: [WireID: Int] = [:]
    for wire in source.wires(in: source.root) {
      preimages[wireImages[wire.index], default: 0] += 1
    }
    let removed = Set(source.boxes(in: source.root).map { boxImages[$0.index] })
    for wire in source.wires(in: source.root) where !interface.contains(wire) {
      let image = wireImages[wire.index]
      guard image.index >= 0, preimages[image] == 1 else { return false }
      guard index.codomainCount[image.index] == 0, index.domainPlace[image.index] < 0 else {
        return false
      }
      let ports = Array(index.producers(of: image)) + Array(index.consumers(of: image))
      guard ports.allSatisfy({ removed.contains($0.box) }) else { return false }
    }
    return true
  }
}

extension Diagram {
  /// Whether each label that is `per` an axis still means the lanes it meant, when sizes are replaced and lanes
  /// over these axes are around the diagram: two axes that become one size could be mixed up.
  ///
  /// - Parameters:
  ///   - prefix: axes in front of all others, which mean lanes around the diagram.
  ///   - labelAxes: such axes for single labels of learned boxes.
  func keepsLanes(
    _ substitution: TypeSubstitution, outer: [Size], prefix: LabelPrefix? = nil,
    labelAxes: [String: [Size]] = [:]
  ) -> Bool {
    guard isLearned else { return true }
    let sized = { (size: Size) in (try? substitution(size)) ?? size }
    let axes = axesAroundRegions()
    for region in 0..<regionCount {
      let around = outer + axes[region].map(sized)
      for box in boxes(in: RegionID(region)) {
        let operation = operation(of: box)
        guard let label = operation.label else { continue }
        for axis in operation.perAxes {
          let meant = axes[region].lastIndex(of: axis).map { $0 + outer.count }
          if around.lastIndex(of: sized(axis)) != meant { return false }
        }
        for axis in (prefix?.per ?? []) + (labelAxes[label] ?? []) {
          guard let place = around.lastIndex(of: axis), place < outer.count else { return false }
        }
      }
    }
    return true
  }
}
