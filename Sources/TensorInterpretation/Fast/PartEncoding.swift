import DiagramIR

/// Writes parts of a diagram's root region as numbers that are the same for parts that are the same but for labels.
struct PartEncoding {
  private let diagram: Diagram
  private let first: Int
  /// For each operation, a number that is equal for learned boxes that differ in their labels only.
  private var kinds: [Int32] = []
  /// The first and the last box of the root region that reads a wire, by position there.
  private var readers: [(first: Int32, last: Int32)] = []
  /// The number of each wire and each operation in the part that is written; -1 where it has none.
  private var wires: [Int32] = []
  private var labels: [Int32] = []
  private var touchedWires: [WireID] = []
  private var touchedLabels: [OperationID] = []
  private var code: [Int32] = []
  private var boxes: [BoxID] = []
  private var inputs: [WireID] = []

  /// - Parameter isNeeded: whether there may be parts to write.
  init(of diagram: Diagram, isNeeded: Bool) {
    self.diagram = diagram
    first = diagram.boxes(in: diagram.root).first?.index ?? 0
    guard isNeeded else { return }
    kinds = Self.kinds(diagram.operations)
    wires = Array(repeating: -1, count: diagram.wireCount)
    labels = Array(repeating: -1, count: diagram.operations.count)
    findReaders()
  }

  private static func kinds(_ operations: [Operation]) -> [Int32] {
    var known: [Operation: Int32] = [:]
    return operations.indices.map { place in
      guard case .learned(var box) = operations[place] else { return Int32(place) }
      box.label = ""
      let number = known[.learned(box)] ?? Int32(place)
      known[.learned(box)] = number
      return number
    }
  }

  private mutating func findReaders() {
    readers = Array(repeating: (.max, -1), count: diagram.wireCount)
    for (place, box) in diagram.boxes(in: diagram.root).enumerated() {
      for wire in diagram.inputs(of: box) {
        let known = readers[wire.index]
        readers[wire.index] = (min(known.first, Int32(place)), Int32(place))
      }
    }
    for wire in diagram.codomain { readers[wire.index].last = .max }
  }

  /// Whether some boxes of the root region are all that read a wire.
  func isReadOnly(_ wire: WireID, by places: Range<Int>) -> Bool {
    readers[wire.index].first >= places.lowerBound && readers[wire.index].last < places.upperBound
  }

  /// The part that these boxes of the root region are.
  ///
  /// - Parameter forms: the number of each form that is known.
  mutating func part(_ places: Range<Int>, forms: inout [[Int32]: Int]) -> RepeatedPart {
    code.removeAll(keepingCapacity: true)
    (boxes, inputs) = ([], [])
    for place in places { write(BoxID(first + place), isInRoot: true) }
    var results: [WireID] = []
    for place in places {
      for wire in diagram.outputs(of: BoxID(first + place))
      where readers[wire.index].last >= places.upperBound {
        results.append(wire)
        code.append(wires[wire.index])
      }
    }
    for wire in touchedWires { wires[wire.index] = -1 }
    for operation in touchedLabels { labels[operation.index] = -1 }
    touchedWires.removeAll(keepingCapacity: true)
    touchedLabels.removeAll(keepingCapacity: true)
    let form = forms[code] ?? forms.count
    if form == forms.count { forms[code] = form }
    return RepeatedPart(
      form: form, places: places, boxes: boxes, inputs: inputs, results: results)
  }

  private mutating func write(_ box: BoxID, isInRoot: Bool) {
    boxes.append(box)
    let operation = diagram.operationID(of: box)
    code.append(kinds[operation.index])
    if case .learned = diagram.operations[operation.index] { writeLabel(operation) }
    let read = diagram.inputs(of: box)
    code.append(Int32(read.count))
    for wire in read {
      if wires[wire.index] < 0 {
        // Bodies may be stored in any order: what is read there may be made later.
        if isInRoot { inputs.append(wire) }
        number(wire)
      }
      code.append(wires[wire.index])
    }
    let made = diagram.outputs(of: box)
    code.append(Int32(made.count))
    for wire in made { number(wire) }
    if let body = diagram.body(of: box) { write(body) }
  }

  /// The same label in two boxes is the same function.
  private mutating func writeLabel(_ operation: OperationID) {
    if labels[operation.index] < 0 {
      labels[operation.index] = Int32(touchedLabels.count)
      touchedLabels.append(operation)
    }
    code.append(labels[operation.index])
  }

  private mutating func write(_ body: RegionID) {
    for wire in diagram.domain(of: body) { number(wire) }
    code.append(Int32(diagram.boxes(in: body).count))
    for box in diagram.boxes(in: body) { write(box, isInRoot: false) }
    for wire in diagram.codomain(of: body) { code.append(wires[wire.index]) }
  }

  /// Gives a wire the next number, and writes its type; where it has one, writes that, below zero.
  private mutating func number(_ wire: WireID) {
    guard wires[wire.index] < 0 else { return code.append(-1 - wires[wire.index]) }
    wires[wire.index] = Int32(touchedWires.count)
    touchedWires.append(wire)
    code.append(diagram.typeID(of: wire).rawValue)
  }
}
