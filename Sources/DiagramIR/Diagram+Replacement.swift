/// A part of a diagram, and the diagram that takes its place.
///
/// The part lies in one region. `removed` boxes disappear; the new diagram's domain is glued to `inputs`, and
/// whatever consumed one of `outputs` now consumes the new diagram's codomain wire at that place. A box that
/// produces one of `outputs` may stay: its other consumers keep it. A wire that is among `inputs` and `outputs`
/// at once is cut: the part takes it as it was, and its consumers get what the part puts in its place.
public struct Replacement: Sendable {
  /// Where the part lies.
  public var region: RegionID
  /// The boxes that disappear.
  public var removed: [BoxID]
  /// What takes their place.
  public var diagram: Diagram
  /// How it changes while it is copied in.
  public var transform: DiagramTransform
  /// The wires that its domain is glued to.
  public var inputs: [WireID]
  /// The wires that its codomain replaces.
  public var outputs: [WireID]

  /// Puts a diagram in the place of boxes.
  public init(
    region: RegionID, removed: [BoxID], diagram: Diagram,
    transform: DiagramTransform = DiagramTransform(), inputs: [WireID], outputs: [WireID]
  ) {
    self.region = region
    self.removed = removed
    self.diagram = diagram
    self.transform = transform
    self.inputs = inputs
    self.outputs = outputs
  }
}

/// Why parts of a diagram can't be replaced.
public enum ReplacementError: Error, Hashable, Sendable {
  /// The result would have boxes that depend on each other in a circle.
  case cycle
  /// A wire lost its producer but still has a consumer.
  case dangling(name: String)
  /// A size grew too large.
  case size(SizeError)
  /// Bodies would be nested deeper than `DiagramBuilder.maximumNesting`.
  case nesting
}

extension ReplacementError: CustomStringConvertible {
  /// What went wrong, in words.
  public var description: String {
    switch self {
    case .cycle: "the result would have boxes that depend on each other in a circle"
    case .dangling(let name): "wire '\(name)' would lose its producer but keep a consumer"
    case .size(.overflow): "a size would exceed 64 bits"
    case .size(.tooManyTerms):
      "a size would have more than \(Size.maximumTerms) terms or a degree above \(Size.maximumDegree)"
    case .nesting: "bodies would be nested more than \(DiagramBuilder.maximumNesting) deep"
    }
  }
}

extension Diagram {
  /// The diagram with parts replaced. The parts must not overlap.
  ///
  /// Boxes of the result stand in an order in which each follows those it depends on.
  ///
  /// - Throws: `ReplacementError`.
  /// - Complexity: linear in the diagram and the new parts.
  public func replacing(_ parts: [Replacement]) throws(ReplacementError) -> Diagram {
    try replacingInPlaces(parts).diagram
  }

  /// The diagram with parts replaced, and for each part of the root region, which of the result's boxes in that region
  /// came with it, by position.
  func replacingInPlaces(
    _ parts: [Replacement]
  ) throws(ReplacementError) -> (diagram: Diagram, places: [Range<Int>?]) {
    var rebuilding = Rebuilding(of: self, parts: parts)
    let diagram = try rebuilding.result()
    return (diagram, rebuilding.places)
  }
}

/// Copies a diagram while some parts of it are replaced.
///
/// Boxes and parts are both **items**; an item is copied once all that it depends on is. The walk keeps its own
/// stack, so a chain of a million boxes is no deeper for the machine than one.
private struct Rebuilding {
  let source: Diagram
  let parts: [Replacement]
  private var builder: DiagramBuilder
  private var producer: [Int32]
  private var isRemoved: [Bool]
  /// For a wire that a part replaces: the part, and the place in its outputs.
  private var replacement: [WireID: (part: Int, place: Int)] = [:]
  private var partsOfRegion: [RegionID: [Int]] = [:]
  /// Copies of wires, and what parts put in the place of wires.
  private var copies: [WireID]
  private var partOutputs: [[WireID]]
  private var marks: [Mark]
  /// For each part of the root region, the positions of its boxes there.
  private(set) var places: [Range<Int>?]

  private enum Mark { case fresh, entered, done }

  init(of source: Diagram, parts: [Replacement]) {
    self.source = source
    self.parts = parts
    builder = DiagramBuilder(doctrine: source.doctrine, tablesOf: source)
    producer = source.producers()
    isRemoved = Array(repeating: false, count: source.boxCount)
    copies = Array(repeating: WireID(-1), count: source.wireCount)
    partOutputs = Array(repeating: [], count: parts.count)
    places = Array(repeating: nil, count: parts.count)
    marks = Array(repeating: .fresh, count: source.boxCount + parts.count)
    for (index, part) in parts.enumerated() {
      for box in part.removed { isRemoved[box.index] = true }
      for (place, wire) in part.outputs.enumerated() where replacement[wire] == nil {
        replacement[wire] = (index, place)
      }
      partsOfRegion[part.region, default: []].append(index)
    }
  }

  mutating func result() throws(ReplacementError) -> Diagram {
    for wire in source.domain { copyDomainWire(wire) }
    return builder.finish(codomain: try contents(of: source.root))
  }

  private mutating func copyDomainWire(_ wire: WireID) {
    let copy = builder.addDomainWire(source.typeID(of: wire), name: source.name(of: wire))
    let earlier = copies[wire.index]
    if earlier.index >= 0 { builder.identify(earlier, copy) } else { copies[wire.index] = copy }
  }

  /// Copies what is in a region; returns its codomain.
  private mutating func contents(of region: RegionID) throws(ReplacementError) -> [WireID] {
    if source.doctrine == .frobenius { return try contentsWithIdentification(of: region) }
    for box in source.boxes(in: region) where !isRemoved[box.index] { try copy(item: box.index) }
    for part in partsOfRegion[region] ?? [] { try copy(item: source.boxCount + part) }
    var codomain: [WireID] = []
    for wire in source.codomain(of: region) { codomain.append(try current(wire)) }
    return codomain
  }

  /// What a wire has become, once the item that makes it is copied.
  private func current(_ wire: WireID) throws(ReplacementError) -> WireID {
    if let (part, place) = replacement[wire] { return partOutputs[part][place] }
    guard copies[wire.index].index >= 0 else { throw .dangling(name: source.name(of: wire)) }
    return copies[wire.index]
  }

  private func inputs(ofItem item: Int) -> [WireID] {
    item < source.boxCount
      ? Array(source.inputs(of: BoxID(item))) : parts[item - source.boxCount].inputs
  }

  /// What an item takes when it consumes a wire: what the wire has become, unless the item is what replaces it.
  private func taken(_ wire: WireID, by item: Int) throws(ReplacementError) -> WireID {
    if let (part, _) = replacement[wire], source.boxCount + part == item {
      guard copies[wire.index].index >= 0 else { throw .dangling(name: source.name(of: wire)) }
      return copies[wire.index]
    }
    return try current(wire)
  }

  /// The item that makes what another item takes from a wire; `nil` for a wire of the domain.
  private func item(making wire: WireID, for item: Int) -> Int? {
    if let (part, _) = replacement[wire], source.boxCount + part != item {
      return source.boxCount + part
    }
    let box = producer[wire.index]
    return box >= 0 && !isRemoved[Int(box)] ? Int(box) : nil
  }

  /// Copies an item after everything it depends on.
  private mutating func copy(item start: Int) throws(ReplacementError) {
    guard marks[start] == .fresh else { return }
    var stack: [(item: Int, inputs: [WireID], next: Int)] = [(start, inputs(ofItem: start), 0)]
    marks[start] = .entered
    while let (item, wires, next) = stack.last {
      guard next < wires.count else {
        try emit(item)
        marks[item] = .done
        stack.removeLast()
        continue
      }
      stack[stack.count - 1].next += 1
      guard let needed = self.item(making: wires[next], for: item) else { continue }
      switch marks[needed] {
      case .done: continue
      case .entered: throw .cycle
      case .fresh:
        marks[needed] = .entered
        stack.append((needed, inputs(ofItem: needed), 0))
      }
    }
  }

  private mutating func emit(_ item: Int) throws(ReplacementError) {
    if item < source.boxCount, let body = source.body(of: BoxID(item)) {
      return try emit(BoxID(item), body)
    }
    var inputs: [WireID] = []
    for wire in self.inputs(ofItem: item) { inputs.append(try taken(wire, by: item)) }
    if item >= source.boxCount {
      let first = builder.regions[0].boxes.count
      let outputs = try append(parts[item - source.boxCount], inputs)
      if builder.nesting == 0 {
        places[item - source.boxCount] = first..<builder.regions[0].boxes.count
      }
      partOutputs[item - source.boxCount] = outputs
      return
    }
    let box = BoxID(item)
    let wires = source.outputs(of: box)
    let outputs = builder.addBox(
      source.operationID(of: box), inputs: inputs, outputs: wires.map { source.typeID(of: $0) })
    keep(outputs, for: wires)
  }

  /// Copies a SIMD or scan box. An input may have lost its producer when the body no longer uses it.
  private mutating func emit(_ box: BoxID, _ body: RegionID) throws(ReplacementError) {
    let inputs = source.inputs(of: box).map { wire in
      (try? taken(wire, by: box.index)) ?? WireID(-1)
    }
    let codomain = try copyBody(body)
    let wires = source.outputs(of: box)
    let outputs = builder.closeBody(
      source.operation(of: box), inputs: inputs, codomain: codomain,
      outputs: wires.map { source.type(of: $0) })
    if builder.inputsOfLastBox.contains(where: { $0.index < 0 }) {
      let lost = zip(source.inputs(of: box), inputs).first { $0.1.index < 0 }
      throw .dangling(name: lost.map { source.name(of: $0.0) } ?? "")
    }
    keep(outputs, for: wires)
  }

  /// Remembers the copies of a box's outputs, with their names.
  private mutating func keep(_ outputs: [WireID], for wires: ArraySlice<WireID>) {
    for (copy, wire) in zip(outputs, wires) {
      copies[wire.index] = copy
      builder.setName(source.name(of: wire), of: copy)
    }
  }

  private mutating func append(
    _ part: Replacement, _ inputs: [WireID]
  ) throws(ReplacementError) -> [WireID] {
    guard builder.nesting + part.diagram.nesting <= DiagramBuilder.maximumNesting else {
      throw .nesting
    }
    let outputs: [WireID]
    do {
      outputs = try builder.append(part.diagram, inputs: inputs, transform: part.transform)
    } catch {
      throw .size(error)
    }
    for (wire, old) in zip(outputs, part.outputs) where !source.name(of: old).isEmpty {
      if !inputs.contains(wire) { builder.setName(source.name(of: old), of: wire) }
    }
    return outputs
  }

  /// Copies a body into a region that stays open; returns its codomain.
  private mutating func copyBody(_ body: RegionID) throws(ReplacementError) -> [WireID] {
    guard builder.nesting < DiagramBuilder.maximumNesting else { throw .nesting }
    builder.openBody()
    for wire in source.domain(of: body) { copyDomainWire(wire) }
    return try contents(of: body)
  }

  /// In `frobenius` there is no order to follow: wires are made first, and parts are glued to them.
  private mutating func contentsWithIdentification(
    of region: RegionID
  ) throws(ReplacementError) -> [WireID] {
    let lost = wiresWithoutEnds(in: region)
    for wire in source.wires(in: region)
    where copies[wire.index].index < 0 && !lost.contains(wire) {
      copies[wire.index] = builder.addWire(
        source.typeID(of: wire), name: source.name(of: wire))
    }
    for box in source.boxes(in: region) where !isRemoved[box.index] {
      let inputs = source.inputs(of: box).map { copies[$0.index] }
      let outputs = source.outputs(of: box).map { copies[$0.index] }
      if let body = source.body(of: box) {
        let codomain = try copyBody(body)
        builder.closeBody(
          source.operation(of: box), inputs: inputs, codomain: codomain, outputs: outputs)
      } else {
        builder.attachBox(source.operationID(of: box), inputs: inputs, outputs: outputs)
      }
    }
    for part in partsOfRegion[region] ?? [] {
      let outputs = try append(parts[part], parts[part].inputs.map { copies[$0.index] })
      for (new, old) in zip(outputs, parts[part].outputs) {
        builder.identify(copies[old.index], new)
      }
    }
    return source.codomain(of: region).map { copies[$0.index] }
  }

  /// In `frobenius`, the wires of a region whose ends are all ports of removed boxes: they go with the boxes.
  private func wiresWithoutEnds(in region: RegionID) -> Set<WireID> {
    var lost: Set<WireID> = []
    for box in source.boxes(in: region) where isRemoved[box.index] {
      lost.formUnion(source.inputs(of: box))
      lost.formUnion(source.outputs(of: box))
    }
    for box in source.boxes(in: region) where !isRemoved[box.index] {
      lost.subtract(source.inputs(of: box))
      lost.subtract(source.outputs(of: box))
    }
    lost.subtract(source.domain(of: region))
    lost.subtract(source.codomain(of: region))
    for part in partsOfRegion[region] ?? [] {
      lost.subtract(parts[part].inputs)
      lost.subtract(parts[part].outputs)
    }
    return lost
  }
}
