import DiagramIR

extension DiagramSketch {
  /// An isomorphic sketch: wires and boxes in another order, inputs of SIMD and scan boxes in another order
  /// within mapped and shared ones, other names for wires, size and shape variables, labels and used diagrams.
  public func shuffled(_ random: inout SplitMix64) -> DiagramSketch {
    var result = self
    result.root.reorder(doctrine, &random)
    result.root.rename(Renaming(of: root, &random), &random)
    return result
  }
}

/// New names for everything that a diagram binds; different names stay different.
private struct Renaming {
  private var substitution = TypeSubstitution()
  private var roots: [String: String] = [:]
  private var definitions: [Symbol: Symbol] = [:]

  init(of level: DiagramSketch.Level, _ random: inout SplitMix64) {
    var (sizes, shapes): (Set<SizeVariable>, Set<ShapeVariable>) = ([], [])
    var (labels, symbols): (Set<String>, Set<Symbol>) = ([], [])
    func collect(_ level: DiagramSketch.Level) {
      for wire in level.wires {
        sizes.formUnion(wire.type.sizeVariables)
        shapes.formUnion(wire.type.shapeVariables)
      }
      for box in level.boxes {
        sizes.formUnion(box.operation.sizeVariables)
        if let label = box.operation.label { labels.insert(Self.root(of: label)) }
        if case .use(let use) = box.operation { symbols.insert(use.definition) }
        if let body = box.body { collect(body) }
      }
    }
    collect(level)
    for (index, variable) in sizes.sorted().shuffled(using: &random).enumerated() {
      substitution.sizes[variable] = Size("size\(index)")
    }
    for (index, variable) in shapes.sorted().shuffled(using: &random).enumerated() {
      substitution.shapes[variable] = [.shape(ShapeVariable("shape\(index)"))]
    }
    for (index, label) in labels.sorted().shuffled(using: &random).enumerated() {
      roots[label] = "label\(index)"
    }
    for (index, symbol) in symbols.sorted().shuffled(using: &random).enumerated() {
      definitions[symbol] = Symbol(module: "other", name: "definition\(index)")
    }
  }

  private static func root(of label: String) -> String {
    String(label.prefix { $0 != "." })
  }

  private func callAsFunction(label: String) -> String {
    let root = Self.root(of: label)
    return (roots[root] ?? root) + label.dropFirst(root.count)
  }

  func callAsFunction(_ type: WireType) -> WireType { (try? substitution(type)) ?? type }

  func callAsFunction(_ operation: Operation) -> Operation {
    switch (try? operation.substituting(substitution.sizes)) ?? operation {
    case .learned(var box):
      box.label = self(label: box.label)
      return .learned(box)
    case .use(var use):
      use.definition = definitions[use.definition] ?? use.definition
      if !use.label.isEmpty { use.label = self(label: use.label) }
      return .use(use)
    case let other: return other
    }
  }
}

extension DiagramSketch.Level {
  fileprivate mutating func reorder(_ doctrine: Doctrine, _ random: inout SplitMix64) {
    let order = wires.indices.shuffled(using: &random)
    var place = Array(repeating: 0, count: wires.count)
    for (new, old) in order.enumerated() { place[old] = new }
    wires = order.map { wires[$0] }
    domain = domain.map { place[$0] }
    codomain = codomain.map { place[$0] }
    boxes.shuffle(using: &random)
    for index in boxes.indices {
      boxes[index].inputs = boxes[index].inputs.map { place[$0] }
      boxes[index].outputs = boxes[index].outputs.map { place[$0] }
      boxes[index].body?.reorder(doctrine, &random)
      if doctrine != .frobenius { boxes[index].permuteLaneInputs(&random) }
    }
  }

  fileprivate mutating func rename(_ renaming: Renaming, _ random: inout SplitMix64) {
    for index in wires.indices {
      wires[index].type = renaming(wires[index].type)
      wires[index].name = random.chance(50) ? "" : "wire\(random.below(10))"
    }
    for index in boxes.indices {
      boxes[index].operation = renaming(boxes[index].operation)
      boxes[index].body?.rename(renaming, &random)
    }
  }
}

extension DiagramSketch.Box {
  /// Permutes mapped inputs and shared inputs, inside and outside alike.
  fileprivate mutating func permuteLaneInputs(_ random: inout SplitMix64) {
    guard let inner = body?.domain else { return }
    let mappedStart = operation.stateCount
    let sharedStart = mappedStart + operation.mappedCount
    let order =
      Array(0..<mappedStart) + (mappedStart..<sharedStart).shuffled(using: &random)
      + (sharedStart..<inputs.count).shuffled(using: &random)
    inputs = order.map { inputs[$0] }
    body?.domain = order.map { inner[$0] }
  }
}
