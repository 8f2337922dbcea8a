import DiagramIR

extension SpecialisationSearch {
  /// Gives a wire an image; false when it has another already, or its type is wrong.
  mutating func set(_ wire: WireID, _ term: Term) -> Bool {
    var term = simplified(term)
    let count = general.laneCount(of: wire)
    while term.isKept.count > count, term.isKept.last == true { term.isKept.removeLast() }
    guard term.isKept.count == count || isMadeByLearner(wire) else { return false }
    if let known = images[wire] { return known == .term(term) }
    guard general.type(of: wire, keeping: term.isKept) == special.diagram.type(of: term.wire)
    else { return false }
    images[wire] = .term(term)
    return true
  }

  private func isMadeByLearner(_ wire: WireID) -> Bool {
    general.producer[wire].map { isLearned(general.boxes[$0]) } ?? false
  }

  /// The term without axes along which a `repeat` box made copies.
  func simplified(_ term: Term) -> Term {
    var term = term
    while let box = special.repeatBox(making: term.wire), let operand = box.operands.first {
      let lanes = term.lanes
      guard lanes.count > box.lanes.count, operand.isMapped.allSatisfy({ $0 }) else { break }
      term.isKept[lanes[box.lanes.count]] = false
      term.wire = operand.wire
    }
    return term
  }

  /// The lanes of a box in which an operand of it varies, given the operand's image; `nil`, when the image lacks
  /// an axis of what the box takes whole.
  func lanes(of term: Term, _ operand: LanedBox.Operand) -> [Int]? {
    let mapped = operand.isMapped.indices.filter { operand.isMapped[$0] }
    guard term.isKept.dropFirst(mapped.count).allSatisfy({ $0 }) else { return nil }
    return mapped.enumerated().filter { place, _ in
      place >= term.isKept.count || term.isKept[place]
    }.map(\.element)
  }

  /// Draws all conclusions from the images so far; false when they contradict each other.
  mutating func propagate() -> Bool {
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
      guard case .term(let term)? = images[wire] else { continue }
      guard let index = special.producer[term.wire] else { return false }
      let (other, lanes) = (special.boxes[index], term.lanes)
      guard doSame(box, other, in: lanes), let place = other.results.firstIndex(of: term.wire),
        other.outputs[place] == output
      else { return false }
      for (operand, found) in zip(box.operands, other.operands) {
        guard set(operand, found, in: lanes) else { return false }
      }
    }
    return true
  }

  /// Gives an operand its image, where the boxes that take both stand in corresponding lanes.
  private mutating func set(
    _ operand: LanedBox.Operand, _ found: LanedBox.Operand, in lanes: [Int]
  ) -> Bool {
    let mapped = operand.isMapped.indices.filter { operand.isMapped[$0] }
    let varying = found.isMapped.indices.filter { found.isMapped[$0] }.map { lanes[$0] }
    guard varying.allSatisfy({ mapped.contains($0) }) else { return false }
    let count = max(general.laneCount(of: operand.wire), mapped.count)
    let isKept = (0..<count).map { $0 >= mapped.count || varying.contains(mapped[$0]) }
    return set(operand.wire, Term(wire: found.wire, isKept: isKept))
  }

  /// A box whose operands have images needs an image itself, unless only learned boxes take its results, which
  /// may ignore them.
  private mutating func propagateForward(_ box: LanedBox) -> Bool {
    guard box.results.contains(where: { images[$0] == nil }) else { return true }
    var operands: [(wire: WireID, lanes: [Int])] = []
    for operand in box.operands {
      switch images[operand.wire] {
      case .term(let term):
        guard let lanes = lanes(of: term, operand) else { return setAbsent(box) }
        operands.append((term.wire, lanes))
      case .absent: return setAbsent(box)
      case nil: return true
      }
    }
    let lanes = Set(operands.flatMap(\.lanes)).sorted()
    guard let other = self.box(doing: box, in: lanes, operands) else { return setAbsent(box) }
    let isKept = box.lanes.indices.map { lanes.contains($0) }
    for (wire, output) in zip(box.results, box.outputs) {
      guard let place = other.outputs.firstIndex(of: output) else { return setAbsent(box) }
      guard set(wire, Term(wire: other.results[place], isKept: isKept)) else { return false }
    }
    return true
  }

  private mutating func setAbsent(_ box: LanedBox) -> Bool {
    for wire in box.results {
      if case .term? = images[wire] { return false }
      images[wire] = .absent
    }
    return true
  }

  /// The box of the special diagram that does the same to these operands, which vary in these lanes.
  private func box(
    doing box: LanedBox, in lanes: [Int], _ operands: [(wire: WireID, lanes: [Int])]
  ) -> LanedBox? {
    let candidates =
      operands.first.map { special.consumers[$0.wire] ?? [] } ?? Array(special.boxes.indices)
    return candidates.lazy.map { special.boxes[$0] }.first { other in
      doSame(box, other, in: lanes)
        && zip(operands, other.operands).allSatisfy { operand, found in
          let mapped = found.isMapped.indices.filter { found.isMapped[$0] }
          return operand.wire == found.wire && operand.lanes == mapped.map { lanes[$0] }
        }
    }
  }

  /// Whether two boxes do the same, the second in some of the first one's lanes.
  private func doSame(_ box: LanedBox, _ other: LanedBox, in lanes: [Int]) -> Bool {
    let (a, b) = (general.diagram, special.diagram)
    guard other.lanes == lanes.map({ box.lanes[$0] }),
      general.operation(of: box) == special.operation(of: other),
      box.operands.count == other.operands.count
    else { return false }
    let (types, otherTypes) = (a.portTypes(of: box.core), b.portTypes(of: other.core))
    guard types.domain == otherTypes.domain, types.codomain == otherTypes.codomain else {
      return false
    }
    guard a.body(of: box.core) != nil else { return true }
    return a.isolated(box.core).isIsomorphic(to: b.isolated(other.core))
  }
}

extension LanedDiagram {
  /// The box that makes a wire, when it makes copies.
  func repeatBox(making wire: WireID) -> LanedBox? {
    guard let index = producer[wire],
      TensorBox.name(of: operation(of: boxes[index])) == "repeat"
    else { return nil }
    return boxes[index]
  }
}

extension Diagram {
  /// One box alone, with its inputs as domain and its outputs as codomain.
  fileprivate func isolated(_ box: BoxID) -> Diagram {
    var builder = DiagramBuilder(doctrine: doctrine)
    let inputs = self.inputs(of: box).map { builder.addDomainWire(type(of: $0)) }
    return builder.finish(codomain: builder.append(box, of: self, inputs: inputs))
  }
}
