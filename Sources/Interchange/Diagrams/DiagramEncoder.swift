import DiagramIR

/// Writes one diagram. The wires of each region are numbered from zero, those of its domain first.
struct DiagramEncoder {
  private let diagram: Diagram
  /// For every wire, its number in its region.
  private var numbers: [Int]

  init(_ diagram: Diagram) {
    self.diagram = diagram
    numbers = Array(repeating: -1, count: diagram.wireCount)
    for region in 0..<diagram.regionCount {
      for (number, wire) in wires(of: RegionID(region)).enumerated() {
        numbers[wire.index] = number
      }
    }
  }

  var json: JSONValue {
    var object: JSONObject = [
      "doctrine": .string(diagram.doctrine.rawValue),
      "types": .array(diagram.types.map(\.json)),
      "operations": .array(diagram.operations.map(\.json)),
    ]
    appendRegion(diagram.root, to: &object)
    return .object(object)
  }

  private func appendRegion(_ region: RegionID, to object: inout JSONObject) {
    object["wires"] = .array(
      wires(of: region).map { wire in
        [.integer(diagram.typeID(of: wire).index), .string(diagram.name(of: wire))]
      })
    object["domain"] = positions(diagram.domain(of: region))
    object["codomain"] = positions(diagram.codomain(of: region))
    object["boxes"] = .array(diagram.boxes(in: region).map(box))
  }

  private func box(_ box: BoxID) -> JSONValue {
    var object: JSONObject = [
      "operation": .integer(diagram.operationID(of: box).index),
      "inputs": positions(diagram.inputs(of: box)),
      "outputs": positions(diagram.outputs(of: box)),
    ]
    if let body = diagram.body(of: box) {
      var region = JSONObject()
      appendRegion(body, to: &region)
      object["body"] = .object(region)
    }
    return .object(object)
  }

  private func positions(_ wires: ArraySlice<WireID>) -> JSONValue {
    .array(wires.map { .integer(numbers[$0.index]) })
  }

  /// The wires of a region in the order in which they are written.
  private func wires(of region: RegionID) -> [WireID] {
    var seen: Set<WireID> = []
    let domain = diagram.domain(of: region).filter { seen.insert($0).inserted }
    return domain + diagram.wires(in: region).filter { !seen.contains($0) }
  }
}

extension WireType {
  /// The type as `DiagramJSON` writes it.
  var json: JSONValue {
    switch self {
    case .sort(let symbol): return .object(["sort": .string(symbol.description)])
    case .array(let element, let shape):
      var object = JSONObject()
      if case .index(let size) = element { object["index"] = size.json }
      object["shape"] = .array(shape.map { .string($0.description) })
      return .object(object)
    }
  }
}

extension Size {
  /// The size as `DiagramJSON` writes it.
  var json: JSONValue { .string(description) }
}

extension Operation {
  /// The operation as `DiagramJSON` writes it.
  var json: JSONValue {
    switch self {
    case .box(let symbol): return .object(["kind": "box", "box": .string(symbol.description)])
    case .use(let use):
      var object: JSONObject = ["kind": "use", "diagram": .string(use.definition.description)]
      if !use.label.isEmpty { object["label"] = .string(use.label) }
      if !use.per.isEmpty { object["per"] = .array(use.per.map(\.json)) }
      if !use.openSizes.isEmpty { object["sizes"] = .array(use.openSizes.map(\.json)) }
      return .object(object)
    case .learned(let box):
      var object: JSONObject = ["kind": .string(box.kind.rawValue), "label": .string(box.label)]
      if !box.per.isEmpty { object["per"] = .array(box.per.map(\.json)) }
      return .object(object)
    case .number(let pattern):
      return .object(["kind": "number", "value": NumberNotation.json(pattern)])
    case .size(let size): return .object(["kind": "size", "size": size.json])
    case .simd(let axis, let mapped):
      return .object(["kind": "simd", "axis": axis.json, "mapped": .integer(mapped)])
    case .scan(let axis, let states, let mapped):
      return .object([
        "kind": "scan", "axis": axis.json, "states": .integer(states), "mapped": .integer(mapped),
      ])
    }
  }
}
