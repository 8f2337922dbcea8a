import DiagramIR

/// Finds diagrams for the learned boxes of one diagram that make another of it.
///
/// The wires of the general diagram are mapped to those of the special one: from the results through boxes that
/// are not learned, and from the inputs. What a learned box stands for is then the part of the special diagram
/// between the images of its inputs and of its outputs. Where an output of a learned box, or the result of
/// lanes that one takes, has no image yet, each wire is tried, and having none. What is found counts only after it was put in and compared.
///
/// - Complexity: the wires to the power of the learned boxes that only learned boxes consume, at most `budget`
///   comparisons.
struct SubstitutionSearch {
  let general: Diagram
  let special: Diagram
  let environment: Environment
  /// How many candidates are still compared.
  private var budget: Int
  private let generalProducers: [Int32]
  private let specialProducers: [Int32]
  private let specialRegions: [RegionID]
  private let generalRegions: [RegionID]
  private let learned: [BoxID]
  private let target: CanonicalForm
  /// The canonical form of the special diagram's index form, once it was needed.
  private var laneTarget: CanonicalForm?
  private let hasLanes: Bool
  /// Whether each wire is tried for what a learned box takes from any box that is not learned, not from lanes only.
  private let opensInputs: Bool
  private let slicing: DiagramSlice

  /// Prepares a search between diagrams of one interface, as they are; `nil` when theirs differ.
  init?(
    _ general: Diagram, _ special: Diagram, _ environment: Environment, budget: Int = 500,
    opensInputs: Bool = false
  ) {
    guard general.doctrine == .cartesian, special.doctrine == .cartesian,
      general.domainTypes == special.domainTypes, general.codomainTypes == special.codomainTypes
    else { return nil }
    (self.general, self.special, self.environment) = (general, special, environment)
    (self.budget, self.opensInputs) = (budget, opensInputs)
    let producers = general.producers()
    generalProducers = producers
    specialProducers = special.producers()
    specialRegions = special.regionsOfWires()
    generalRegions = general.regionsOfWires()
    target = special.canonicalForm()
    hasLanes = general.regionCount > 1 || special.regionCount > 1
    slicing = DiagramSlice(special)
    learned = (0..<general.regionCount).reversed().flatMap { region in
      (general.topologicalOrder(of: RegionID(region), producers: producers) ?? [])
        .filter { if case .learned = general.operation(of: $0) { true } else { false } }
    }
  }

  /// The first substitution after which the general diagram is the special one, up to copies and to boxes that
  /// nothing consumes.
  mutating func first() -> LearnedSubstitution? {
    var map = WireMap()
    for (wire, image) in zip(general.domain, special.domain) where map[wire] == nil {
      map[wire] = image
    }
    for (wire, image) in zip(general.codomain, special.codomain) {
      guard unify(wire, image, &map) else { return nil }
    }
    guard propagate(&map) else { return nil }
    return solve(0, map)
  }

  private typealias WireMap = [WireID: WireID]

  // MARK: Choosing

  private mutating func solve(
    _ position: Int, _ map: WireMap, passedOver: Set<WireID> = []
  ) -> LearnedSubstitution? {
    guard budget > 0 else { return nil }
    guard position < learned.count else {
      budget -= 1
      return checked(map)
    }
    let box = learned[position]
    let outputs = general.outputs(of: box)
    let lanes = general.inputs(of: box).first { wire in
      map[wire] == nil && !passedOver.contains(wire) && isOpen(wire)
    }
    guard let open = lanes ?? outputs.first(where: { map[$0] == nil }) else {
      return solve(position + 1, map, passedOver: passedOver)
    }
    for image in candidates(for: open, map) {
      var next = map
      guard unify(open, image, &next), propagate(&next) else { continue }
      if let found = solve(position, next, passedOver: passedOver) { return found }
    }
    if let lanes {
      return solve(position, map, passedOver: passedOver.union([lanes]))
    }
    guard outputs.allSatisfy({ map[$0] == nil }) else { return nil }
    return solve(position + 1, map, passedOver: passedOver)
  }

  private func isOpen(_ wire: WireID) -> Bool {
    guard generalProducers[wire.index] >= 0 else { return false }
    let producer = BoxID(Int(generalProducers[wire.index]))
    if general.body(of: producer) != nil { return true }
    if case .learned = general.operation(of: producer) { return false }
    return opensInputs
  }

  /// The wires that a wire may become: those of its type in the region that its region becomes.
  private func candidates(for wire: WireID, _ map: WireMap) -> [WireID] {
    guard let image = image(ofRegionOf: wire, map) else { return [] }
    let type = general.type(of: wire)
    return special.wires(in: image).filter { special.type(of: $0) == type }
  }

  /// The region that a wire's region becomes, by the images of the wires in it.
  private func image(ofRegionOf wire: WireID, _ map: WireMap) -> RegionID? {
    let region = generalRegions[wire.index]
    if region == general.root { return special.root }
    for other in general.wires(in: region) {
      if let image = map[other] { return specialRegions[image.index] }
    }
    return nil
  }

  private mutating func checked(_ map: WireMap) -> LearnedSubstitution? {
    var substitution = LearnedSubstitution()
    for box in learned {
      guard case .learned(let function) = general.operation(of: box),
        substitution[function.label] == nil, let image = image(of: box, map)
      else { continue }
      substitution[function.label] = image
    }
    guard let result = try? substitution.applied(to: general, in: environment),
      let form = try? result.sharedForm()
    else { return nil }
    return form.canonicalForm() == target || isSpecialInLanes(form) ? substitution : nil
  }

  /// Whether a diagram and the special one have one normal form of SIMD boxes.
  private mutating func isSpecialInLanes(_ diagram: Diagram) -> Bool {
    guard hasLanes else { return false }
    if laneTarget == nil {
      laneTarget = (try? LaneRewriting.normalForm(of: special))?.canonicalForm()
    }
    guard let laneTarget, let form = try? LaneRewriting.normalForm(of: diagram) else {
      return false
    }
    return form.canonicalForm() == laneTarget
  }

  /// What a learned box stands for under a map.
  private func image(of box: BoxID, _ map: WireMap) -> Diagram? {
    var outputs: [WireID] = []
    for wire in general.outputs(of: box) {
      guard let image = map[wire] else { return nil }
      outputs.append(image)
    }
    guard let first = outputs.first else { return nil }
    let inputs = general.inputs(of: box).map { (wire: map[$0], type: general.type(of: $0)) }
    return slicing.diagram(specialRegions[first.index], from: inputs, to: outputs)
  }
}

// MARK: - Mapping

extension SubstitutionSearch {
  /// Maps a wire, and through boxes that are not learned what it depends on.
  private func unify(_ wire: WireID, _ image: WireID, _ map: inout WireMap) -> Bool {
    var pending = [(wire, image)]
    while let (wire, image) = pending.popLast() {
      if let known = map[wire] {
        if known == image { continue }
        return false
      }
      guard general.type(of: wire) == special.type(of: image) else { return false }
      map[wire] = image
      guard generalProducers[wire.index] >= 0 else {
        guard let outer = entrance(wire, image) else { return false }
        pending.append(outer)
        continue
      }
      let box = BoxID(Int(generalProducers[wire.index]))
      if case .learned = general.operation(of: box) { continue }
      guard specialProducers[image.index] >= 0,
        let pairs = pairs(box, BoxID(Int(specialProducers[image.index])))
      else { return false }
      pending += pairs
    }
    return true
  }

  /// For an input of lanes and its image, the wires that enter there; `nil` when they enter differently, or
  /// for an input of the whole, which has its image already.
  private func entrance(_ wire: WireID, _ image: WireID) -> (WireID, WireID)? {
    let region = generalRegions[wire.index]
    let other = specialRegions[image.index]
    guard let owner = general.owner(of: region), let lanes = special.owner(of: other),
      let place = general.domain(of: region).firstIndex(of: wire),
      let position = special.domain(of: other).firstIndex(of: image)
    else { return nil }
    let (from, to) = (
      place - general.domain(of: region).startIndex,
      position - special.domain(of: other).startIndex
    )
    guard
      general.operation(of: owner).laneKind(of: from)
        == special.operation(of: lanes).laneKind(of: to)
    else { return nil }
    let (inputs, arguments) = (general.inputs(of: owner), special.inputs(of: lanes))
    return (inputs[inputs.startIndex + from], arguments[arguments.startIndex + to])
  }

  /// What must be equal when two boxes are: their outputs, and their inputs or the results of their bodies.
  private func pairs(_ box: BoxID, _ image: BoxID) -> [(WireID, WireID)]? {
    let (operation, other) = (general.operation(of: box), special.operation(of: image))
    let (outputs, results) = (general.outputs(of: box), special.outputs(of: image))
    guard operation.withoutMappedCount == other.withoutMappedCount,
      outputs.count == results.count
    else { return nil }
    var pairs = Array(zip(outputs, results))
    if let body = general.body(of: box), let lanes = special.body(of: image) {
      let states = operation.stateCount
      pairs += zip(general.domain(of: body), special.domain(of: lanes)).prefix(states)
      pairs += zip(general.codomain(of: body), special.codomain(of: lanes))
      return pairs
    }
    let (inputs, arguments) = (general.inputs(of: box), special.inputs(of: image))
    guard inputs.count == arguments.count else { return nil }
    return pairs + zip(inputs, arguments)
  }

  /// Maps the outputs of boxes whose inputs have images to those of the box that does the same, as far as
  /// there is one, and the inputs of lanes to those that the images of the wires around enter by.
  private func propagate(_ map: inout WireMap) -> Bool {
    for region in (0..<general.regionCount).reversed().map({ RegionID($0) }) {
      for box in general.topologicalOrder(of: region, producers: generalProducers) ?? [] {
        if let body = general.body(of: box) {
          enter(body, of: box, &map)
        } else if !propagate(through: box, &map) {
          return false
        }
      }
    }
    return true
  }

  private func propagate(through box: BoxID, _ map: inout WireMap) -> Bool {
    let (operation, outputs) = (general.operation(of: box), general.outputs(of: box))
    if case .learned = operation { return true }
    guard outputs.contains(where: { map[$0] == nil }) else { return true }
    let inputs = general.inputs(of: box).map { map[$0] }
    // A box without inputs may be there in several regions.
    let region = inputs.isEmpty ? outputs.first.flatMap { image(ofRegionOf: $0, map) } : nil
    guard !inputs.contains(nil), !inputs.isEmpty || region != nil,
      let image = self.box(doing: operation, inputs, general.portTypes(of: box).codomain, region)
    else { return true }
    for (wire, result) in zip(outputs, special.outputs(of: image)) {
      if let known = map[wire], known != result { return false }
      map[wire] = result
    }
    return true
  }

  /// Maps the inputs of lanes whose box has an image.
  private func enter(_ body: RegionID, of box: BoxID, _ map: inout WireMap) {
    guard let result = general.outputs(of: box).compactMap({ map[$0] }).first,
      specialProducers[result.index] >= 0
    else { return }
    let image = BoxID(Int(specialProducers[result.index]))
    guard let lanes = special.body(of: image) else { return }
    let (operation, other) = (general.operation(of: box), special.operation(of: image))
    for (place, (wire, outer)) in zip(general.domain(of: body), general.inputs(of: box))
      .enumerated()
    where map[wire] == nil {
      let entries = zip(special.domain(of: lanes), special.inputs(of: image)).enumerated()
      let found = entries.first { position, entry in
        map[outer] == entry.1
          && operation.laneKind(of: place) == other.laneKind(of: position)
      }
      if let found { map[wire] = found.element.0 }
    }
  }

  private func box(
    doing operation: Operation, _ inputs: [WireID?], _ outputs: [WireType], _ region: RegionID?
  ) -> BoxID? {
    let all = (0..<special.boxCount).map { BoxID($0) }
    let boxes = region.map { Array(special.boxes(in: $0)) } ?? all
    return boxes.first { box in
      special.operation(of: box) == operation
        && special.inputs(of: box).map { $0 as WireID? } == inputs
        && special.portTypes(of: box).codomain == outputs
    }
  }
}

extension Operation {
  /// The operation without how many of its inputs are mapped.
  fileprivate var withoutMappedCount: Operation {
    switch self {
    case .simd(let axis, _): .simd(axis: axis, mapped: 0)
    case .scan(let axis, let states, _): .scan(axis: axis, states: states, mapped: 0)
    default: self
    }
  }
}
