import DiagramIR

/// A rule applied at a match, with marks in what it put in place.
struct MarkedRewrite {
  /// The result, with marks for operations of the boxes that were put in place.
  let diagram: Diagram
  private let rewrite: Rewrite
  private let match: Match
  /// Where the other side has no box: the result with a marked box on each of its wires.
  private let witness: Diagram?

  /// Applies a rewrite.
  ///
  /// - Throws: as `Rewrite.apply`.
  init(_ rewrite: Rewrite, _ match: Match, in matcher: Matcher) throws(RewritingError) {
    (self.rewrite, self.match) = (rewrite, match)
    var part = try rewrite.replacement(
      for: match, in: matcher, labels: LabelImages(match.labels, match.labelAxes))
    part.transform.operation = { $0.marked }
    do { diagram = try matcher.diagram.replacing([part]) } catch {
      throw .replacement(law: rewrite.name, error)
    }
    guard rewrite.result.boxCount == 0, let bridged = rewrite.result.withMarkedWires else {
      witness = nil
      return
    }
    part.diagram = bridged
    witness = try? matcher.diagram.replacing([part])
  }

  /// What the rule matched.
  func matched(in source: Diagram) -> RewriteChange.Part {
    let pattern = rewrite.pattern
    let joining = pattern.diagram.joiningWires(
      taken: pattern.taken, redirected: pattern.redirected)
    var whole: Set<WireID> = []
    if pattern.diagram.boxCount == 0 { whole = Set(match.wires.compactMap { $0 }) }
    return RewriteChange.Part(
      Set(match.boxes), in: source, joining: Set(joining.compactMap { match.wires[$0.index] }),
      whole: whole)
  }

  /// What it put in place, in a diagram that is built as the result is.
  func placed(in target: Diagram) -> RewriteChange.Part {
    let side = rewrite.result
    let boxes = diagram.markedBoxes
    var joining: Set<WireID> = []
    if boxes.count == side.boxCount {
      let wires = Set(
        side.joiningWires(
          taken: Array(0..<side.domain.count), redirected: Array(0..<side.codomain.count)))
      for (place, image) in boxes.enumerated() {
        let box = BoxID(place)
        joining.formUnion(Self.images(of: wires, side.inputs(of: box), target.inputs(of: image)))
        joining.formUnion(Self.images(of: wires, side.outputs(of: box), target.outputs(of: image)))
      }
    }
    return RewriteChange.Part(
      Set(boxes), in: target, joining: joining, whole: bareWires(in: target))
  }

  private static func images(
    of wires: Set<WireID>, _ ports: ArraySlice<WireID>, _ images: ArraySlice<WireID>
  ) -> [WireID] {
    guard ports.count == images.count else { return [] }
    return zip(ports, images).filter { wires.contains($0.0) }.map(\.1)
  }

  /// The wires that are all that the other side is, found by what makes them.
  private func bareWires(in target: Diagram) -> Set<WireID> {
    guard let witness else { return [] }
    let marked = witness.markedBoxes
    guard witness.boxCount == target.boxCount + marked.count,
      witness.regionCount == target.regionCount
    else { return [] }
    let (producers, regions) = (witness.producers(), witness.regionsOfWires())
    var found: Set<WireID> = []
    for wire in marked.flatMap({ witness.inputs(of: $0) }) {
      if producers[wire.index] >= 0 {
        let maker = BoxID(Int(producers[wire.index]))
        let image = BoxID(maker.index - marked.count { $0 < maker })
        found.formUnion(
          Self.images(of: [wire], witness.outputs(of: maker), target.outputs(of: image)))
      } else {
        let region = regions[wire.index]
        found.formUnion(
          Self.images(of: [wire], witness.domain(of: region), target.domain(of: region)))
      }
    }
    return found
  }
}

extension Diagram {
  /// The boxes with marks, in order.
  fileprivate var markedBoxes: [BoxID] {
    (0..<boxCount).map { BoxID($0) }.filter { operation(of: $0).isMarked }
  }

  /// Wires without boxes with a box on each that leads to a result; `nil` where there is none.
  fileprivate var withMarkedWires: Diagram? {
    var builder = DiagramBuilder(doctrine: doctrine)
    var images: [WireID: WireID] = [:]
    for wire in domain { images[wire] = builder.addDomainWire(type(of: wire)) }
    guard !codomain.isEmpty, codomain.allSatisfy({ images[$0] != nil }) else { return nil }
    var bridges: [WireID: WireID] = [:]
    let ends = codomain.compactMap { wire -> WireID? in
      guard let image = images[wire] else { return nil }
      let bridge =
        bridges[wire]
        ?? builder.addBox(.markedBox, inputs: [image], outputs: [type(of: wire)]).first
      bridges[wire] = bridge
      return bridge
    }
    return builder.finish(codomain: ends)
  }
}

extension Operation {
  private static let mark = "\u{0}"

  /// An operation of as many ports that no file can name.
  fileprivate var marked: Operation {
    switch self {
    case .simd(_, let mapped): .simd(axis: Size(Self.mark), mapped: mapped)
    case .scan(_, let states, let mapped):
      .scan(axis: Size(Self.mark), states: states, mapped: mapped)
    default: Self.markedBox
    }
  }

  fileprivate static var markedBox: Self { .box(Symbol(module: mark, name: "")) }

  fileprivate var isMarked: Bool {
    if case .box(let symbol) = self { return symbol.module == Self.mark }
    return axis == Size(Self.mark)
  }
}
