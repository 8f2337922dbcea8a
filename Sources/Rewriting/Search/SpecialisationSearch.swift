import DiagramIR

/// Finds diagrams for the learned boxes of one diagram such that another results.
///
/// Both diagrams have one box in each SIMD box and all uses unfolded. Their wires are put in correspondence:
/// domain with domain, codomain with codomain, and a box that isn't learned with the box that does the same to
/// corresponding wires. What is left open is which wires of the target the learned boxes' results are; the search
/// tries those of the right type, latest first. A learned box then has to be what lies between its operands and
/// its results (`LearnedSlice`).
///
/// - Complexity: each candidate takes time linear in both diagrams; there are as many as the product, over learned
///   boxes whose results don't follow, of the target's wires of their types.
struct SpecialisationSearch {
  private let general: LanedDiagram
  private let special: LanedDiagram
  /// For each wire of the general diagram its image; a wire that the special diagram has no image for is absent.
  private enum Image: Hashable {
    case wire(WireID)
    case absent
  }

  /// How many candidates may still be tried.
  private(set) var budget: Int
  private var images: [WireID: Image] = [:]

  init(_ general: LanedDiagram, _ special: LanedDiagram, budget: Int) {
    (self.general, self.special, self.budget) = (general, special, budget)
  }

  /// For each learned box's label, the diagram that takes its place.
  mutating func substitution() -> [String: Diagram]? {
    let (a, b) = (general.diagram, special.diagram)
    guard a.doctrine == b.doctrine, a.domainTypes == b.domainTypes,
      a.codomainTypes == b.codomainTypes
    else { return nil }
    for (wire, image) in zip(a.domain, b.domain) { images[wire] = .wire(image) }
    for (wire, image) in zip(a.codomain, b.codomain) {
      guard set(wire, image) else { return nil }
    }
    return solve()
  }

  // MARK: Correspondence

  private mutating func set(_ wire: WireID, _ image: WireID) -> Bool {
    if let known = images[wire] { return known == .wire(image) }
    guard general.diagram.type(of: wire) == special.diagram.type(of: image) else { return false }
    images[wire] = .wire(image)
    return true
  }

  private func isLearned(_ box: LanedBox) -> Bool {
    if case .learned = general.operation(of: box) { true } else { false }
  }

  /// Draws all conclusions from the images so far; false when they contradict each other.
  private mutating func propagate() -> Bool {
    for box in general.boxes.reversed() where !isLearned(box) {
      guard propagateBackward(box) else { return false }
    }
    for box in general.boxes where !isLearned(box) {
      guard propagateForward(box) else { return false }
    }
    return true
  }

  private mutating func propagateBackward(_ box: LanedBox) -> Bool {
    for (wire, output) in zip(box.results, box.outputs) {
      guard case .wire(let image)? = images[wire] else { continue }
      guard let index = special.producer[image] else { return false }
      let other = special.boxes[index]
      guard doSame(box, other), let place = other.results.firstIndex(of: image),
        other.outputs[place] == output
      else { return false }
      for (operand, found) in zip(box.operands, other.operands) {
        guard set(operand.wire, found.wire) else { return false }
      }
    }
    return true
  }

  /// A box whose operands have images needs an image itself, unless only learned boxes take its results, which
  /// may ignore them.
  private mutating func propagateForward(_ box: LanedBox) -> Bool {
    var operands: [WireID] = []
    for operand in box.operands {
      switch images[operand.wire] {
      case .wire(let image): operands.append(image)
      case .absent: return setAbsent(box)
      case nil: return true
      }
    }
    let candidates =
      operands.first.map { special.consumers[$0] ?? [] } ?? Array(special.boxes.indices)
    let found = candidates.first { index in
      let other = special.boxes[index]
      return other.operands.map(\.wire) == operands && doSame(box, other)
    }
    guard let found else { return setAbsent(box) }
    let other = special.boxes[found]
    for (wire, output) in zip(box.results, box.outputs) {
      guard let place = other.outputs.firstIndex(of: output) else { return setAbsent(box) }
      guard set(wire, other.results[place]) else { return false }
    }
    return true
  }

  private mutating func setAbsent(_ box: LanedBox) -> Bool {
    for wire in box.results {
      if case .wire? = images[wire] { return false }
      images[wire] = .absent
    }
    return true
  }

  /// Whether two boxes are the same in the same lanes, mapped in the same way.
  private func doSame(_ box: LanedBox, _ other: LanedBox) -> Bool {
    let (a, b) = (general.diagram, special.diagram)
    guard box.lanes == other.lanes, general.operation(of: box) == special.operation(of: other),
      box.operands.map(\.isMapped) == other.operands.map(\.isMapped)
    else { return false }
    let (types, otherTypes) = (a.portTypes(of: box.core), b.portTypes(of: other.core))
    guard types.domain == otherTypes.domain, types.codomain == otherTypes.codomain else {
      return false
    }
    guard a.body(of: box.core) != nil else { return true }
    return a.isolated(box.core).isIsomorphic(to: b.isolated(other.core))
  }

  // MARK: Choices

  private mutating func solve() -> [String: Diagram]? {
    guard propagate() else { return nil }
    guard let choice = choice() else { return slices() }
    let known = images
    for candidate in special.diagram.wires(in: special.diagram.root).reversed()
    where special.diagram.type(of: candidate) == general.diagram.type(of: choice.wire) {
      guard budget > 0 else { return nil }
      budget -= 1
      images[choice.wire] = .wire(candidate)
      if slice(choice.box) != nil, let found = solve() { return found }
      images = known
    }
    images[choice.wire] = .absent
    if let found = solve() { return found }
    images = known
    return nil
  }

  /// The first result of a learned box that has no image yet.
  private func choice() -> (box: LanedBox, wire: WireID)? {
    for box in general.boxes where isLearned(box) {
      if let wire = box.results.first(where: { images[$0] == nil }) { return (box, wire) }
    }
    return nil
  }

  /// What a learned box must be; `nil`, when it can't be that.
  private func slice(_ box: LanedBox) -> Diagram? {
    var results: [WireID] = []
    for place in 0..<general.diagram.outputs(of: box.core).count {
      guard let index = box.outputs.firstIndex(of: place),
        case .wire(let image)? = images[box.results[index]]
      else { return nil }
      results.append(image)
    }
    let none = WireID(-1)
    let operands = zip(box.operands, general.diagram.inputs(of: box.core)).map { operand, wire in
      var image = LanedBox.Operand(wire: none, isMapped: operand.isMapped)
      if case .wire(let found)? = images[operand.wire] { image.wire = found }
      return (operand: image, type: general.diagram.type(of: wire))
    }
    return LearnedSlice.diagram(
      of: special, axes: box.lanes, operands: operands, results: results)
  }

  /// What all learned boxes are, those whose results are absent left out; `nil`, when a label would have to be
  /// two different diagrams.
  private func slices() -> [String: Diagram]? {
    var found: [String: Diagram] = [:]
    for box in general.boxes {
      guard case .learned(let learned) = general.operation(of: box) else { continue }
      if box.results.allSatisfy({ images[$0] == .absent }) { continue }
      guard let slice = slice(box) else { return nil }
      if let known = found[learned.label] {
        guard known.isIdentical(to: slice) else { return nil }
      } else {
        found[learned.label] = slice
      }
    }
    return found
  }
}

extension Diagram {
  /// One box alone, with its inputs as domain and its outputs as codomain.
  func isolated(_ box: BoxID) -> Diagram {
    var builder = DiagramBuilder(doctrine: doctrine)
    let inputs = self.inputs(of: box).map { builder.addDomainWire(type(of: $0)) }
    return builder.finish(codomain: builder.append(box, of: self, inputs: inputs))
  }

  /// Whether two diagrams are isomorphic without renaming labels.
  func isIdentical(to other: Diagram) -> Bool {
    guard isIsomorphic(to: other) else { return false }
    let (order, otherOrder) = (canonicalOrder().boxes, other.canonicalOrder().boxes)
    return zip(order, otherOrder).allSatisfy {
      operation(of: $0).label == other.operation(of: $1).label
    }
  }
}
