import DiagramIR

/// Finds the matches of a pattern one after the other, by backtracking along a plan.
///
/// The walk keeps its own stack of choices, so a large pattern is no deeper for the machine than a small one.
struct MatchSearch {
  /// A step of the plan with what is left to try, and the state to try it from.
  private struct Choice {
    var step: Int
    var candidates: [Int32]
    var next = 0
    var mark: Mark
  }

  /// A state to come back to.
  private struct Mark {
    var trail: Int
    var region: RegionID?
    var unifier: Unifier
    var labels: LabelBinding
  }

  enum Assignment {
    case box(BoxID)
    case wire(WireID)
  }

  /// An image that another part of the pattern's region may not have.
  struct Used: Hashable {
    var region: RegionID
    var image: Int32
  }

  let pattern: Pattern
  let index: DiagramIndex
  /// Where the anchor must lie, when it is given.
  let place: WireID?
  private let plan: MatchPlan
  private var choices: [Choice] = []
  private var trail: [Assignment] = []
  var boxImages: [BoxID]
  var wireImages: [WireID]
  var usedBoxes: Set<Used> = []
  var usedWires: Set<Used> = []
  var region: RegionID?
  var unifier: Unifier
  var labels = LabelBinding()

  init(_ pattern: Pattern, _ index: DiagramIndex, at place: WireID? = nil) {
    self.pattern = pattern
    self.index = index
    self.place = place
    plan = MatchPlan(pattern, index)
    boxImages = Array(repeating: BoxID(-1), count: pattern.diagram.boxCount)
    wireImages = Array(repeating: WireID(-1), count: pattern.diagram.wireCount)
    unifier = pattern.unifier
    let isPossible =
      index.diagram.doctrine == pattern.diagram.doctrine
      && (place == nil ? pattern.diagram.boxCount > 0 : pattern.anchor != nil)
    if isPossible && !plan.steps.isEmpty { choose(0) }
  }

  /// The next match; `nil` when there is none left.
  mutating func next() -> Match? {
    while var choice = choices.popLast() {
      restore(choice.mark)
      guard choice.next < choice.candidates.count else { continue }
      let candidate = choice.candidates[choice.next]
      let step = choice.step
      choice.next += 1
      if choice.next < choice.candidates.count { choices.append(choice) }
      guard take(candidate, for: plan.steps[step]) else { continue }
      if step + 1 < plan.steps.count {
        choose(step + 1)
      } else if let match = finished() {
        return match
      }
    }
    return nil
  }

  private mutating func choose(_ step: Int) {
    let mark = Mark(trail: trail.count, region: region, unifier: unifier, labels: labels)
    choices.append(Choice(step: step, candidates: candidates(for: plan.steps[step]), mark: mark))
  }

  private mutating func restore(_ mark: Mark) {
    (region, unifier, labels) = (mark.region, mark.unifier, mark.labels)
    while trail.count > mark.trail {
      switch trail.removeLast() {
      case .box(let box):
        let image = boxImages[box.index].rawValue
        usedBoxes.remove(Used(region: pattern.regionOfBox[box.index], image: image))
        boxImages[box.index] = BoxID(-1)
      case .wire(let wire):
        let image = wireImages[wire.index].rawValue
        usedWires.remove(Used(region: pattern.regionOfWire[wire.index], image: image))
        wireImages[wire.index] = WireID(-1)
      }
    }
  }

  private mutating func take(_ candidate: Int32, for step: MatchPlan.Step) -> Bool {
    switch step {
    case .start(let box), .producer(let box, _, _), .consumer(let box, _, _):
      return map(box, to: BoxID(Int(candidate)))
    case .free(let wire):
      return map(wire, to: WireID(Int(candidate)))
    }
  }

  mutating func record(_ assignment: Assignment) { trail.append(assignment) }
}

// MARK: - Candidates

extension MatchSearch {
  /// What a step may be mapped to, in canonical order.
  private func candidates(for step: MatchPlan.Step) -> [Int32] {
    switch step {
    case .start(let box):
      return starts(for: box).map(\.rawValue)
    case .producer(let box, let place, let wire):
      let key = pattern.key(of: box)
      return index.producers(of: wireImages[wire.index])
        .filter { Int($0.place) == place && index.key(of: $0.box) == key }.map(\.box.rawValue)
    case .consumer(let box, let place, let wire):
      return consumers(for: box, place, of: wireImages[wire.index])
    case .free(let wire):
      if wire == pattern.anchor, let place { return [place.rawValue] }
      return index.wireOrder
        .filter { region == nil || index.regionOfWire[$0.index] == region }.map(\.rawValue)
    }
  }

  private func starts(for box: BoxID) -> [BoxID] {
    let boxes = index.boxes(of: pattern.key(of: box))
    if let owner = pattern.diagram.owner(of: pattern.regionOfBox[box.index]) {
      let body = index.diagram.body(of: boxImages[owner.index])
      return boxes.filter { index.regionOfBox[$0.index] == body }
    }
    let region = region ?? place.map { index.regionOfWire[$0.index] }
    guard let region else { return boxes }
    return boxes.filter { index.regionOfBox[$0.index] == region }
  }

  /// Consumers at the same place; for a SIMD or scan box, at any place of the same kind, once each.
  private func consumers(for box: BoxID, _ place: Int, of wire: WireID) -> [Int32] {
    let key = pattern.key(of: box)
    let operation = pattern.diagram.operation(of: box)
    var found: [Int32] = []
    for port in index.consumers(of: wire) where index.key(of: port.box) == key {
      let other = index.diagram.operation(of: port.box)
      let fits =
        operation.hasBody && pattern.diagram.doctrine != .frobenius
        ? operation.laneKind(of: place) == other.laneKind(of: Int(port.place))
        : place == Int(port.place)
      if fits && found.last != port.box.rawValue { found.append(port.box.rawValue) }
    }
    return found
  }
}

/// How a wire enters the lanes of a SIMD or scan box.
enum LaneKind: Hashable {
  case state(Int)
  case mapped
  case shared
}

extension Operation {
  /// How the input at a place enters the lanes.
  func laneKind(of place: Int) -> LaneKind {
    if place < stateCount { return .state(place) }
    return place < stateCount + mappedCount ? .mapped : .shared
  }
}
