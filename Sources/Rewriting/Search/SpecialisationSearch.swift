import DiagramIR

/// Finds diagrams for the learned boxes of one diagram such that another results.
///
/// Both diagrams are in index form, with all uses unfolded. The wires of the general one are mapped to terms of the
/// special one: interfaces to interfaces, and along each box that isn't learned to the box that does the same. What is
/// left open is which terms the learned boxes' results are, and what they take that nothing else does; the search
/// tries those of the right type, latest first. A learned box then has to be what lies between its operands and its
/// results (`LearnedSlice`).
///
/// - Complexity: each candidate takes time linear in both diagrams; there are as many as the product, over the wires
///   that are left open, of the special diagram's terms of their types, and no more than the budget.
struct SpecialisationSearch {
  /// A wire of the special diagram, and for the leading axes of the general wire, those of the lanes around its box
  /// at least, whether the wire has them; along the others it is the same everywhere.
  struct Term: Hashable {
    var wire: WireID
    var isKept: [Bool]
  }

  /// What a wire of the general diagram is in the special one.
  enum Image: Hashable {
    case term(Term)
    /// Nothing, so that no result may depend on it.
    case absent
  }

  let general: LanedDiagram
  let special: LanedDiagram
  /// How many candidates may still be tried.
  private(set) var budget: Int
  var images: [WireID: Image] = [:]

  init(_ general: LanedDiagram, _ special: LanedDiagram, budget: Int) {
    (self.general, self.special, self.budget) = (general, special, budget)
  }

  /// For each learned box's label, the diagram that takes its place.
  mutating func substitution() -> [String: Diagram]? {
    let (a, b) = (general.diagram, special.diagram)
    guard a.doctrine == b.doctrine, a.domainTypes == b.domainTypes,
      a.codomainTypes == b.codomainTypes
    else { return nil }
    for (wire, image) in zip(a.domain, b.domain) {
      images[wire] = .term(Term(wire: image, isKept: []))
    }
    for (wire, image) in zip(a.codomain, b.codomain) {
      let isKept = Array(repeating: true, count: general.laneCount(of: wire))
      guard set(wire, Term(wire: image, isKept: isKept)) else { return nil }
    }
    return solve()
  }

  func isLearned(_ box: LanedBox) -> Bool {
    if case .learned = general.operation(of: box) { true } else { false }
  }

  // MARK: Choices

  private mutating func solve() -> [String: Diagram]? {
    guard propagate() else { return nil }
    guard let wire = openWire() else { return slices() }
    let known = images
    for candidate in candidates(for: wire) {
      guard budget > 0 else { return nil }
      budget -= 1
      if set(wire, candidate), let found = solve() { return found }
      images = known
    }
    images[wire] = .absent
    if let found = solve() { return found }
    images = known
    return nil
  }

  /// The first wire without an image that a learned box gives or takes, those nearest to the results first.
  private func openWire() -> WireID? {
    for box in general.boxes.reversed() where isLearned(box) {
      if let wire = box.results.first(where: { images[$0] == nil }) { return wire }
      if box.results.allSatisfy({ images[$0] == .absent }) { continue }
      if let operand = box.operands.first(where: { images[$0.wire] == nil }) { return operand.wire }
    }
    return nil
  }

  /// The terms of a wire's type: those that depend on most lanes first, then those that are computed last.
  private func candidates(for wire: WireID) -> [Term] {
    let count = general.laneCount(of: wire)
    guard count <= 6 else { return [] }
    let patterns = (0..<(1 << count)).map { mask in (0..<count).map { mask & (1 << $0) == 0 } }
    let ordered = patterns.sorted { a, b in
      (b.count { $0 }, "\(a)") < (a.count { $0 }, "\(b)")
    }
    var seen: Set<Term> = []
    return ordered.flatMap { isKept -> [Term] in
      let type = general.type(of: wire, keeping: isKept)
      return special.diagram.wires(in: special.diagram.root).reversed()
        .filter { special.diagram.type(of: $0) == type }
        .map { simplified(Term(wire: $0, isKept: isKept)) }
        .filter { seen.insert($0).inserted }
    }
  }

  // MARK: Slices

  /// What a learned box must be; `nil`, when it can't be that.
  private func slice(_ box: LanedBox) -> Diagram? {
    let outputs = Array(general.diagram.outputs(of: box.core))
    var results: [LearnedSlice.Result] = []
    for place in outputs.indices {
      guard let index = box.outputs.firstIndex(of: place),
        case .term(let term)? = images[box.results[index]]
      else { return nil }
      let copied = term.isKept.dropFirst(box.lanes.count)
      guard !copied.contains(true) else { return nil }
      let key = LearnedSlice.Key(
        wire: term.wire, lanes: term.lanes.filter { $0 < box.lanes.count })
      let type = general.diagram.type(of: outputs[place])
      results.append(LearnedSlice.Result(key: key, copied: copied.count, type: type))
    }
    let operands = zip(box.operands, general.diagram.inputs(of: box.core)).map { operand, wire in
      let type = general.diagram.type(of: wire)
      guard case .term(let term)? = images[operand.wire], let lanes = lanes(of: term, operand)
      else { return (key: LearnedSlice.Key?.none, type: type) }
      return (key: LearnedSlice.Key(wire: term.wire, lanes: lanes), type: type)
    }
    return LearnedSlice.diagram(of: special, axes: box.lanes, operands: operands, results: results)
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

extension SpecialisationSearch.Term {
  /// The lanes whose axes the wire has.
  var lanes: [Int] { isKept.indices.filter { isKept[$0] } }
}

extension LanedDiagram {
  /// How many lanes are around the box that makes a wire.
  func laneCount(of wire: WireID) -> Int { producer[wire].map { boxes[$0].lanes.count } ?? 0 }

  /// The type of a wire without the axes of some of the lanes around its box.
  func type(of wire: WireID, keeping isKept: [Bool]) -> WireType {
    let type = diagram.type(of: wire)
    guard case .array(let element, let shape) = type, isKept.contains(false) else { return type }
    let kept = shape.enumerated().filter { $0.offset >= isKept.count || isKept[$0.offset] }
    return .array(element, kept.map(\.element))
  }
}

extension Diagram {
  /// Whether two diagrams are isomorphic without renaming labels.
  fileprivate func isIdentical(to other: Diagram) -> Bool {
    guard isIsomorphic(to: other) else { return false }
    let (order, otherOrder) = (canonicalOrder().boxes, other.canonicalOrder().boxes)
    return zip(order, otherOrder).allSatisfy {
      operation(of: $0).label == other.operation(of: $1).label
    }
  }
}
