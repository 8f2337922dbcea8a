import DiagramIR

/// Two boxes at the ends of a wire become one learned box, which can be what both are together.
///
/// The first box stays where something else consumes its outputs as well.
struct Absorption {
  let index: DiagramIndex
  let wire: WireID
  private let first: BoxID
  private let second: BoxID
  private var diagram: Diagram { index.diagram }

  /// - Throws: `RewritingError`, when the place is not such a wire.
  init(_ diagram: Diagram, at place: String) throws(RewritingError) {
    index = DiagramIndex(diagram)
    do { wire = try Place.resolve(place, in: index) } catch { throw .place(error) }
    let producers = index.producers(of: wire).map(\.box)
    let consumers = Set(index.consumers(of: wire).map(\.box))
    guard producers.count == 1, consumers.count == 1, let first = producers.first,
      let second = consumers.first
    else {
      throw .noLearnedBox(
        law: "absorb", place: place,
        .ends(producers: producers.count, consumers: consumers.count))
    }
    let isLearned = { (box: BoxID) in
      if case .learned(let learned) = diagram.operation(of: box) {
        learned.kind == .learn
      } else {
        false
      }
    }
    guard isLearned(first) || isLearned(second) else {
      throw .noLearnedBox(law: "absorb", place: place, .neitherLearned)
    }
    (self.first, self.second) = (first, second)
  }

  /// The step, with what the new box was as its certificate; for `~=` also what the old ones can be, where that is
  /// found.
  func outcome(_ environment: Environment) throws(RewritingError) -> LearnedOutcome {
    let (inputs, outputs) = (self.inputs, Array(diagram.outputs(of: second)))
    let region = index.regionOfBox[second.index]
    guard
      let image = DiagramSlice(diagram).diagram(
        region, from: inputs.map { ($0, diagram.type(of: $0)) }, to: outputs)
    else { throw .replacement(law: "absorb", .cycle) }
    let learned = LearnedBox(kind: .learn, label: label, per: axes(of: image))
    let whole = Diagram.box(
      .learned(learned), image.domainTypes, image.codomainTypes, doctrine: diagram.doctrine)
    let part = Replacement(
      region: region, removed: isFirstNeeded ? [second] : [first, second], diagram: whole,
      inputs: inputs, outputs: outputs)
    var outcome: LearnedOutcome
    do { outcome = LearnedOutcome(exact: try diagram.replacing([part])) } catch {
      throw .replacement(law: "absorb", error)
    }
    var substitution = LearnedSubstitution()
    substitution[learned.label] = image
    (outcome.relation, outcome.generalising) = (.expressed, substitution)
    guard let inverse = LearnedSubstitution(making: whole, of: image, in: environment),
      let both = LearnedOutcome(
        from: diagram, to: outcome.diagram, specialising: inverse, generalising: substitution,
        environment), both.relation == .equivalent
    else { return outcome }
    return both
  }

  /// What the first box takes, then what else the second takes; each wire once.
  private var inputs: [WireID] {
    let made = Set(diagram.outputs(of: first))
    var seen: Set<WireID> = []
    return (diagram.inputs(of: first) + diagram.inputs(of: second)).filter {
      !made.contains($0) && seen.insert($0).inserted
    }
  }

  private var isFirstNeeded: Bool {
    diagram.outputs(of: first).contains { wire in
      index.codomainCount[wire.index] > 0
        || index.consumers(of: wire).contains { $0.box != second }
    }
  }

  private var label: String {
    let old = [second, first].lazy.compactMap { box -> String? in
      if case .learned(let learned) = diagram.operation(of: box) { learned.label } else { nil }
    }
    return LearnedFunctions(diagram).fresh(old.first ?? "absorbed")
  }

  /// The axes that learned boxes are per and that mean lanes around the new box.
  private func axes(of image: Diagram) -> [Size] {
    var axes: [Size] = []
    image.forEachLearned { operation, inside in
      for axis in operation.perAxes where !inside.contains(axis) && !axes.contains(axis) {
        axes.append(axis)
      }
    }
    return axes
  }
}

extension Rewriter {
  /// The boxes at the two ends of a wire become one learned box.
  func absorb(at place: String, in diagram: Diagram) throws(RewritingError) -> LearnedOutcome {
    guard diagram.doctrine == .cartesian else {
      throw .doctrine(law: "absorb", expected: .cartesian, found: diagram.doctrine)
    }
    return try Absorption(diagram, at: place).outcome(environment)
  }
}
