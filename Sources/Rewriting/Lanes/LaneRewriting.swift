import DiagramIR

/// Applies the laws of SIMD and scan boxes to a diagram.
struct LaneRewriting {
  let law: LaneLaw
  let isBackward: Bool
  /// The declarations that say which boxes are linear.
  let environment: Environment
  var sizes: [SizeAssignment] = []

  private var name: String { law.rawValue }

  /// The diagram after the law was applied at a place; without one, at the first wire in canonical order where it
  /// applies.
  func apply(to diagram: Diagram, at place: String?) throws(RewritingError) -> Diagram {
    try check(diagram, place)
    if law == .normalForm { return try Self.normalForm(of: diagram) }
    let index = DiagramIndex(diagram)
    if let place {
      let wire: WireID
      do { wire = try Place.resolve(place, in: index) } catch { throw .place(error) }
      return try apply(at: wire, in: index)
    }
    if isBackward && law.reversed == nil { throw .needsPlace(law: name) }
    if let found = first(in: index) { return found.result }
    if law == .structure { return diagram }
    throw .lanes(law: name, .nowhere)
  }

  /// The first application in canonical order, where there is one.
  func first(in index: DiagramIndex) -> (wire: WireID, result: Diagram)? {
    for wire in index.wireOrder {
      if let result = try? apply(at: wire, in: index, isProbe: true) { return (wire, result) }
    }
    return nil
  }

  /// The next step of normalizing by the law; `nil` when it changes nothing any more.
  func next(
    _ index: DiagramIndex
  ) throws(RewritingError) -> (step: DerivationStep, diagram: Diagram)? {
    try check(index.diagram, nil)
    let step = { (place: String?) in
      DerivationStep.apply(.lanes(law), isBackward: false, at: place, sizes: [])
    }
    if law == .normalForm {
      let result = try Self.normalForm(of: index.diagram)
      return result.isIsomorphic(to: index.diagram) ? nil : (step(nil), result)
    }
    guard let found = first(in: index) else { return nil }
    return (step(Place.name(of: found.wire, in: index)), found.result)
  }

  private func check(_ diagram: Diagram, _ place: String?) throws(RewritingError) {
    guard diagram.doctrine == .cartesian else {
      throw .doctrine(law: name, expected: .cartesian, found: diagram.doctrine)
    }
    let irreversible: [LaneLaw] = [.normalForm, .zero]
    if isBackward && irreversible.contains(law) { throw .irreversible(law: name) }
    if law == .normalForm && place != nil { throw .hasNoPlace(law: name) }
    for size in sizes where !["n", "m"].contains(size.variable.name) || !takesSizes {
      throw .unknownSize(law: name, name: size.variable.name)
    }
  }

  private var takesSizes: Bool { !isBackward && (law == .merge || law == .concat) }

  private func apply(
    at wire: WireID, in index: DiagramIndex, isProbe: Bool = false
  ) throws(RewritingError) -> Diagram {
    let site = LaneSite(
      index: index, wire: wire, environment: environment, isProbe: isProbe, sizes: sizes)
    if law == .structure && isBackward {
      do { return try site.copyingOutput() } catch { throw .lanes(law: name, error) }
    }
    let parts: [Replacement]
    do { parts = try self.parts(at: site) } catch { throw .lanes(law: name, error) }
    do { return try index.diagram.replacing(parts) } catch .cycle {
      throw .lanes(law: name, .between)
    } catch { throw .replacement(law: name, error) }
  }

  private func parts(at site: LaneSite) throws(LaneError) -> [Replacement] {
    switch (law, isBackward) {
    case (.normalForm, _): []
    case (.identity, false): try site.removingIdentities()
    case (.identity, true): try site.addingIdentity()
    case (.fuse, false), (.split, true): try site.fusing(scans: false)
    case (.split, false), (.fuse, true): try site.splitting(scans: false)
    case (.scanFuse, false): try site.fusing(scans: true)
    case (.scanFuse, true): try site.splitting(scans: true)
    case (.beside, false): try site.joiningBeside()
    case (.beside, true): try site.partingBeside()
    case (.structure, _): try site.cleaningOutputs()
    case (.hoist, false), (.sink, true): try site.hoisting()
    case (.sink, false), (.hoist, true): try site.sinking()
    default: try furtherParts(at: site)
    }
  }

  private func furtherParts(at site: LaneSite) throws(LaneError) -> [Replacement] {
    switch (law, isBackward) {
    case (.repetition, false): try site.sharingRepeated()
    case (.repetition, true): try site.repeatingLanes()
    case (.one, false): try site.removingSingleLane()
    case (.one, true): try site.addingSingleLane()
    case (.zero, _): try site.removingNoLanes()
    case (.scanSIMD, false): try site.removingStates()
    case (.scanSIMD, true): try site.addingState()
    case (.linearSum, false): try site.summingFirst()
    case (.linearSum, true): try site.summingLast()
    case (.exchange, _): try site.exchanging()
    case (.merge, false): try site.unmerging()
    case (.merge, true): try site.merging()
    case (.concat, false): try site.parting()
    case (.concat, true): try site.joining()
    case (.reindex, false): try site.reindexingLast()
    case (.reindex, true): try site.reindexingFirst()
    default: throw .nowhere
    }
  }
}

extension LaneRewriting {
  /// What `normalize simd` gives: `LaneNormalForm`, after scans whose lanes ignore their state became SIMD boxes,
  /// without boxes that are there twice or for nothing.
  ///
  /// - Complexity: linear, as often as scans become SIMD boxes only after another did.
  static func normalForm(of diagram: Diagram) throws(RewritingError) -> Diagram {
    guard diagram.doctrine == .cartesian else {
      throw .doctrine(law: "simd", expected: .cartesian, found: diagram.doctrine)
    }
    var current = try StructuralLaw.discard(diagram)
    while true {
      let stateless = independentScans(current)
      do {
        if !stateless.isEmpty { current = try current.replacing(stateless) }
        var form = LaneNormalForm(current)
        current = try form.result()
      } catch { throw .replacement(law: "simd", error) }
      current = try StructuralLaw.discard(try StructuralLaw.share(current))
      if independentScans(current).isEmpty { return current }
    }
  }

  private static func independentScans(_ diagram: Diagram) -> [Replacement] {
    let hasScans = diagram.operations.contains { $0.stateCount > 0 }
    return hasScans ? IndependentScans(diagram).replacements() : []
  }
}
