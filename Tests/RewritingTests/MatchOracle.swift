import DiagramIR

/// All matches of a pattern, found by trying every assignment of boxes and every value of the size variables.
///
/// It knows nothing of plans, unifiers or indices. A match is written as text: the images of all boxes and
/// wires.
struct MatchOracle {
  let pattern: Diagram
  let target: Diagram
  let variables: [SizeVariable]
  private var boxes: [BoxID: BoxID] = [:]
  private var wires: [WireID: WireID] = [:]
  /// How many assignments fail because a path leads out of them and back, and for nothing else.
  private(set) var notConvex = 0

  init(_ pattern: Diagram, _ target: Diagram) {
    self.pattern = pattern
    self.target = target
    variables = pattern.sizeVariables.sorted()
  }

  /// Every pattern must have boxes only, no wire without one.
  mutating func matches() throws -> Set<String> {
    var found: Set<String> = []
    let values = Set(target.sizeVariables).sorted()
    for sizes in assignments(variables, values) {
      for region in 0..<target.regionCount {
        let images = Array(target.boxes(in: RegionID(region)))
        let sources = Array(pattern.boxes(in: pattern.root))
        for assignment in boxMaps(sources, images) {
          var trial = self
          guard try trial.extend(assignment, sizes) else { continue }
          for complete in try trial.completions(sizes) {
            guard complete.isFaithful(assignment.map(\.1)) else { continue }
            if complete.isConvex(assignment.map(\.1)) {
              found.insert(complete.text)
            } else {
              notConvex += 1
            }
          }
        }
      }
    }
    return found
  }

  private func assignments(
    _ variables: [SizeVariable], _ values: [SizeVariable]
  ) -> [[SizeVariable: Size]] {
    guard let first = variables.first else { return [[:]] }
    return assignments(Array(variables.dropFirst()), values).flatMap { rest in
      values.map { value in rest.merging([first: Size(value)]) { old, _ in old } }
    }
  }

  private func maps<Source, Image>(
    _ sources: [Source], _ images: [Image]
  ) -> [[(Source, Image)]] {
    guard let first = sources.first else { return [[]] }
    return maps(Array(sources.dropFirst()), images).flatMap { rest in
      images.map { [(first, $0)] + rest }
    }
  }

  /// All assignments of boxes to boxes that may do the same.
  private func boxMaps(_ sources: [BoxID], _ images: [BoxID]) -> [[(BoxID, BoxID)]] {
    guard let first = sources.first else { return [[]] }
    let operation = pattern.operation(of: first)
    let fitting = images.filter { image in
      switch (operation, target.operation(of: image)) {
      case (.simd, .simd): true
      case (let one, let other): one == other
      }
    }
    guard !fitting.isEmpty else { return [] }
    return boxMaps(Array(sources.dropFirst()), images).flatMap { rest in
      fitting.map { [(first, $0)] + rest }
    }
  }

  /// Maps boxes and the wires at their ports; a SIMD box maps no inputs yet.
  private mutating func extend(
    _ assignment: [(BoxID, BoxID)], _ sizes: [SizeVariable: Size]
  ) throws -> Bool {
    for (box, image) in assignment {
      boxes[box] = image
      let operation = try pattern.operation(of: box).substituting(sizes)
      let other = target.operation(of: image)
      switch (operation, other) {
      case (.simd(let a, _), .simd(let b, _)): guard a == b else { return false }
      default:
        guard operation == other else { return false }
        guard try extend(pattern.inputs(of: box), target.inputs(of: image), sizes) else {
          return false
        }
      }
      guard try extend(pattern.outputs(of: box), target.outputs(of: image), sizes) else {
        return false
      }
    }
    return true
  }

  private mutating func extend(
    _ from: ArraySlice<WireID>, _ to: ArraySlice<WireID>, _ sizes: [SizeVariable: Size]
  ) throws -> Bool {
    guard from.count == to.count else { return false }
    for (wire, image) in zip(from, to) {
      if let known = wires[wire], known != image { return false }
      guard try TypeSubstitution(sizes: sizes)(pattern.type(of: wire)) == target.type(of: image)
      else { return false }
      wires[wire] = image
    }
    return true
  }

  /// Maps the bodies of SIMD boxes that are mapped, in all ways.
  private func completions(_ sizes: [SizeVariable: Size]) throws -> [MatchOracle] {
    let open = boxes.keys.sorted().first { box in
      guard let body = pattern.body(of: box) else { return false }
      return !pattern.domain(of: body).allSatisfy { wires[$0] != nil }
        || !pattern.boxes(in: body).allSatisfy { boxes[$0] != nil }
    }
    guard let open, let image = boxes[open], let body = pattern.body(of: open),
      let lanes = target.body(of: image)
    else { return [self] }
    let sources = Array(pattern.boxes(in: body))
    let images = Array(target.boxes(in: lanes))
    guard sources.count == images.count else { return [] }
    var found: [MatchOracle] = []
    for assignment in boxMaps(sources, images) where Set(assignment.map(\.1)).count == images.count
    {
      var trial = self
      guard try trial.extend(assignment, sizes),
        try trial.extend(pattern.codomain(of: body), target.codomain(of: lanes), sizes)
      else { continue }
      for domain in domainMaps(body, lanes) {
        var entered = trial
        guard try entered.enter(open, image, domain, sizes) else { continue }
        found += try entered.completions(sizes)
      }
    }
    return found
  }

  /// In `frobenius`, wires enter in one order; otherwise in any.
  private func domainMaps(_ body: RegionID, _ lanes: RegionID) -> [[(WireID, WireID)]] {
    let (inputs, images) = (Array(pattern.domain(of: body)), Array(target.domain(of: lanes)))
    guard pattern.doctrine == .frobenius else { return maps(inputs, images) }
    return inputs.count == images.count ? [Array(zip(inputs, images))] : []
  }

  /// Maps the inputs of a SIMD box along a map of its body's domain.
  private mutating func enter(
    _ box: BoxID, _ image: BoxID, _ domain: [(WireID, WireID)], _ sizes: [SizeVariable: Size]
  ) throws -> Bool {
    guard let body = pattern.body(of: box), let lanes = target.body(of: image) else {
      return false
    }
    let hit = Set(domain.map(\.1))
    guard hit.count == target.domain(of: lanes).count else { return false }
    if pattern.doctrine == .symmetric && hit.count != domain.count { return false }
    for (wire, lane) in domain {
      guard let place = Array(pattern.domain(of: body)).firstIndex(of: wire),
        let other = Array(target.domain(of: lanes)).firstIndex(of: lane)
      else { return false }
      let isMapped = place < pattern.operation(of: box).mappedCount
      guard isMapped == (other < target.operation(of: image).mappedCount) else { return false }
      guard try extend([wire], [lane], sizes),
        try extend(
          [Array(pattern.inputs(of: box))[place]], [Array(target.inputs(of: image))[other]], sizes)
      else { return false }
    }
    return true
  }

  /// Injectivity, and in `frobenius` that what the interface doesn't have has no other ends.
  private func isFaithful(_ images: [BoxID]) -> Bool {
    guard pattern.doctrine != .cartesian else { return true }
    guard Set(images).count == images.count else { return false }
    if pattern.doctrine == .symmetric { return Set(wires.values).count == wires.count }
    let interface = Set(pattern.domain).union(pattern.codomain)
    let outermost = Array(pattern.wires(in: pattern.root))
    for wire in outermost where !interface.contains(wire) {
      guard let image = wires[wire] else { return false }
      if outermost.contains(where: { $0 != wire && wires[$0] == image }) { return false }
      for region in (0..<target.regionCount).map({ RegionID($0) }) {
        let ends = Array(target.domain(of: region)) + Array(target.codomain(of: region))
        if ends.contains(image) { return false }
      }
      for box in (0..<target.boxCount).map({ BoxID($0) }) where !images.contains(box) {
        let ports = Array(target.inputs(of: box)) + Array(target.outputs(of: box))
        if ports.contains(image) { return false }
      }
    }
    return true
  }

  /// No path leads from the codomain to the domain; in `frobenius` there is nothing to lead anywhere.
  private func isConvex(_ images: [BoxID]) -> Bool {
    guard pattern.doctrine != .frobenius else { return true }
    let ends = pattern.codomain.compactMap { wires[$0] }
    let starts = pattern.domain.compactMap { wires[$0] }
    let outside = pattern.doctrine == .symmetric ? Set(images) : []
    return !ends.contains { end in
      let after = wiresAfter(end, avoiding: outside)
      return starts.contains { after.contains($0) }
    }
  }

  /// The wires that a path through at least one box leads to.
  private func wiresAfter(_ start: WireID, avoiding: Set<BoxID>) -> Set<WireID> {
    var reached: Set<WireID> = []
    var pending = [start]
    while let wire = pending.popLast() {
      for box in (0..<target.boxCount).map({ BoxID($0) })
      where !avoiding.contains(box) && target.inputs(of: box).contains(wire) {
        for output in target.outputs(of: box) where reached.insert(output).inserted {
          pending.append(output)
        }
      }
    }
    return reached
  }

  private var text: String {
    let boxText = boxes.sorted { $0.key < $1.key }.map { "\($0.key.index)>\($0.value.index)" }
    let wireText = wires.sorted { $0.key < $1.key }.map { "\($0.key.index)>\($0.value.index)" }
    return boxText.joined(separator: " ") + " | " + wireText.joined(separator: " ")
  }
}
