import DiagramIR

/// A part of a diagram outside of lanes that stands there several times, but for labels.
struct RepeatedPart {
  /// Equal for parts that are the same but for labels.
  let form: Int
  /// Which boxes of the root region it has, by position there.
  let places: Range<Int>
  /// All its boxes, those in bodies included, in an order that parts of one form share.
  let boxes: [BoxID]
  /// The wires that it reads and doesn't make, in the order of their first use.
  let inputs: [WireID]
  /// The wires that it makes and others read, in order.
  let results: [WireID]
}

/// Finds the parts of a diagram that are planned once for all the times that they stand there: uses of one definition
/// at the same sizes.
///
/// A use is such a part where it is large enough (`PlacedUse.leastBoxes`), where at least `leastUses` outside of
/// larger such parts are the same but for labels, and where no array goes in or out that streaming might spare: one
/// that nothing else reads or makes, is worth streaming, and is over `mostRatio` times as large as all others that go
/// in or out.
struct RepeatedParts {
  /// The fewest equal parts that are planned once.
  static let leastUses = 3
  /// How many times larger than the others an array may be that goes in or out.
  static let mostRatio = 2

  private let diagram: Diagram
  private let uses: [PlacedUse]
  private let elementCounts: [Int]
  private let leastStreamed: Int
  private let inputs: Set<WireID>
  private var encoding: PartEncoding
  private var forms: [[Int32]: Int] = [:]

  /// - Parameters:
  ///   - elementCounts: of arrays of each entry of the diagram's table of types.
  ///   - leastStreamed: the fewest elements of an array that is streamed.
  init(_ function: TensorDiagram, elementCounts: [Int], leastStreamed: Int) {
    diagram = function.diagram
    uses = function.uses
    self.elementCounts = elementCounts
    self.leastStreamed = leastStreamed
    inputs = Set(diagram.domain)
    encoding = PartEncoding(of: diagram, isNeeded: !uses.isEmpty)
  }

  /// The parts among some boxes of the root region, in order; they don't overlap, and none is all of those boxes.
  ///
  /// - Complexity: linear in the boxes, times the nesting of uses.
  mutating func parts(in places: Range<Int>) -> [RepeatedPart] {
    var isTaken = Array(repeating: false, count: uses.isEmpty ? 0 : places.count)
    var found: [RepeatedPart] = []
    for group in groups(in: places) {
      let open = group.filter { !isTaken[uses[$0].places.lowerBound - places.lowerBound] }
      guard open.count >= Self.leastUses else { continue }
      for part in repeated(open.map { uses[$0].places }) {
        for place in part.places { isTaken[place - places.lowerBound] = true }
        found.append(part)
      }
    }
    return found.sorted { $0.places.lowerBound < $1.places.lowerBound }
  }

  /// The uses of each definition in a range, larger definitions first, so that no use comes before one around it.
  private func groups(in places: Range<Int>) -> [[Int]] {
    struct Key: Hashable {
      let definition: Int
      let boxCount: Int
    }
    var (groups, known): ([[Int]], [Key: Int]) = ([], [:])
    var number = firstUse(from: places.lowerBound)
    while number < uses.count, uses[number].places.lowerBound < places.upperBound {
      let use = uses[number]
      if use.places.upperBound <= places.upperBound, use.places != places {
        let key = Key(definition: use.definition, boxCount: use.boxCount)
        let group = known[key] ?? groups.count
        if group == groups.count {
          groups.append([])
          known[key] = group
        }
        groups[group].append(number)
      }
      number += 1
    }
    return groups.sorted {
      (-uses[$0[0]].boxCount, uses[$0[0]].places.lowerBound, $0[0])
        < (-uses[$1[0]].boxCount, uses[$1[0]].places.lowerBound, $1[0])
    }
  }

  /// The first use from a place on.
  private func firstUse(from place: Int) -> Int {
    var (low, high) = (0, uses.count)
    while low < high {
      let middle = (low + high) / 2
      if uses[middle].places.lowerBound < place { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The parts that stand often enough among some that may be the same.
  private mutating func repeated(_ places: [Range<Int>]) -> [RepeatedPart] {
    var groups: [[RepeatedPart]] = []
    var known: [Int: Int] = [:]
    for places in places {
      let part = encoding.part(places, forms: &forms)
      let group = known[part.form] ?? groups.count
      if group == groups.count {
        groups.append([])
        known[part.form] = group
      }
      groups[group].append(part)
    }
    return groups.filter { $0.count >= Self.leastUses }.flatMap { group in
      group.filter(isApart)
    }
  }

  /// Whether streaming spares nothing that goes in or out.
  private func isApart(_ part: RepeatedPart) -> Bool {
    let wires = part.inputs + part.results
    let counts = wires.map { elementCounts[diagram.typeID(of: $0).index] }
    guard let largest = counts.indices.max(by: { counts[$0] < counts[$1] }) else { return true }
    let others = counts.indices.reduce(0) { $1 == largest ? $0 : max($0, counts[$1]) }
    let isSpared =
      largest >= part.inputs.count
      || (!inputs.contains(wires[largest]) && encoding.isReadOnly(wires[largest], by: part.places))
    return !isSpared || counts[largest] < leastStreamed
      || counts[largest] / Self.mostRatio <= others
  }
}
