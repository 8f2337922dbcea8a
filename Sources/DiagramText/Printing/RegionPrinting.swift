import DiagramIR

/// The text of a diagram's regions, from the outside in.
///
/// Boxes are written in an order in which each follows those it depends on, so the text of an input is known
/// when the box that uses it is written.
struct RegionPrinting {
  /// The statements of a block in their layout, and its last line.
  struct Body {
    var statements = ""
    var results = Expression(text: "")
  }

  /// What stands for the results of a box.
  struct Expression {
    /// The expression; where it ends with a block, up to the opening brace.
    var text: String
    /// The lines of the block in their layout, without the closing brace.
    var block: String?

    /// The expression on its own.
    var source: String { block.map { "\(text)\n\($0)}" } ?? text }
  }

  private static let longestInline = 64
  private static let reservedWords: Set<String> = [
    "import", "theory", "sort", "box", "diagram", "rule", "derivation", "return",
  ]

  let diagram: Diagram
  /// The name of each wire that has one; filled region by region.
  var names: [String]
  /// What is written where a wire is used.
  var texts: [String]
  /// How each operation is called, by its position in the diagram's table.
  let callees: [Callee]
  private let producers: [Int32]
  private let consumers: [Int32]
  private let isShared: [Bool]
  private let labels: Set<String>
  /// Names that mean something where the text stands: those of the region, and those of the wires that it shares
  /// with the regions around. Other names of the regions around may be taken again.
  var visible: [Set<String>] = []
  private var freshNumber = 0

  init(_ diagram: Diagram, _ environment: Environment, _ spelling: @escaping (Symbol) -> String) {
    self.diagram = diagram
    names = Array(repeating: "", count: diagram.wireCount)
    texts = names
    producers = diagram.producers()
    consumers = diagram.consumerCounts()
    isShared = diagram.sharedWires()
    labels = Set(diagram.operations.compactMap(\.label))
    let useCounts = diagram.labelsPerDefinition()
    callees = diagram.operations.map { Callee($0, environment, spelling, useCounts) }
  }

  /// Writes a region whose domain may have names already, as a block whose lines stand this deep.
  mutating func body(of region: RegionID, depth: Int) throws(PrintingError) -> Body {
    guard let order = diagram.topologicalOrder(of: region, producers: producers) else {
      throw .cycle
    }
    visible.append(Set(minimumCapacity: diagram.wires(in: region).count))
    defer { visible.removeLast() }
    for wire in diagram.domain(of: region) { name(wire) }
    for wire in diagram.wires(in: region) where !diagram.name(of: wire).isEmpty && isStatement(wire)
    {
      name(wire)
    }
    var body = Body()
    var closed: [Expression] = []
    var last: Expression?
    for box in order { try write(box, in: region, depth, &body, &closed, &last) }
    if closed.isEmpty, let last {
      body.results = last
    } else {
      let results = last.map { [$0.source] } ?? diagram.codomain(of: region).map { texts[$0.index] }
      body.results.text = (closed.map(\.source) + results).joined(separator: ", ")
    }
    return body
  }

  /// Writes a box: as a statement, into the text of its output, or, where it makes the region's
  /// only result, as `last`.
  private mutating func write(
    _ box: BoxID, in region: RegionID, _ depth: Int, _ body: inout Body,
    _ closed: inout [Expression], _ last: inout Expression?
  ) throws(PrintingError) {
    let outputs = diagram.outputs(of: box)
    let expression = try expression(box, depth)
    if outputs.isEmpty {
      closed.append(expression)
    } else if let wire = outputs.first, outputs.count == 1, !isStatement(wire),
      isOnlyResult(wire, of: region)
    {
      last = expression
    } else if let wire = outputs.first, outputs.count == 1, !isStatement(wire),
      isShort(expression)
    {
      texts[wire.index] = expression.text
    } else {
      var prefix = ""
      for wire in outputs {
        if !prefix.isEmpty { prefix += ", " }
        prefix += names[wire.index].isEmpty ? name(wire) : names[wire.index]
      }
      prefix += " = "
      LineLayout.append(prefix, expression, .statement, depth, to: &body.statements)
    }
  }

  /// Whether a wire needs a name: people gave it one, or it is used in several places, in none, or by all lanes
  /// of a body.
  private func isStatement(_ wire: WireID) -> Bool {
    guard producers[wire.index] >= 0 else { return true }
    return !diagram.name(of: wire).isEmpty || consumers[wire.index] != 1 || isShared[wire.index]
  }

  private func isOnlyResult(_ wire: WireID, of region: RegionID) -> Bool {
    let codomain = diagram.codomain(of: region)
    return codomain.count == 1 && codomain.first == wire
  }

  /// Whether an expression may stand inside another.
  private func isShort(_ expression: Expression) -> Bool {
    expression.text.utf8.count <= Self.longestInline
      && !expression.text.utf8.contains(UInt8(ascii: "{"))
  }

  // MARK: Names

  /// Gives a wire a name that nothing else has here, and returns it.
  @discardableResult
  mutating func name(_ wire: WireID) -> String {
    if names[wire.index].isEmpty { names[wire.index] = freeName(diagram.name(of: wire)) }
    visible[visible.count - 1].insert(names[wire.index])
    texts[wire.index] = names[wire.index]
    return names[wire.index]
  }

  private mutating func freeName(_ wish: String) -> String {
    if !wish.isEmpty && isFree(wish) { return wish }
    var number = 2
    if wish.isEmpty {
      repeat { freshNumber += 1 } while !isFree("w\(freshNumber)")
      return "w\(freshNumber)"
    }
    while !isFree("\(wish)_\(number)") { number += 1 }
    return "\(wish)_\(number)"
  }

  private func isFree(_ name: String) -> Bool {
    !visible.contains { $0.contains(name) } && !labels.contains(name)
      && !Self.reservedWords.contains(name)
  }
}

extension Diagram {
  /// For every wire, whether a SIMD or scan box shares it among its lanes.
  fileprivate func sharedWires() -> [Bool] {
    var isShared = Array(repeating: false, count: wireCount)
    for index in 0..<boxCount {
      let box = BoxID(index)
      let operation = operation(of: box)
      guard operation.hasBody else { continue }
      for wire in inputs(of: box).dropFirst(operation.stateCount + operation.mappedCount) {
        isShared[wire.index] = true
      }
    }
    return isShared
  }

  /// How many labels the uses of each definition have.
  fileprivate func labelsPerDefinition() -> [Symbol: Int] {
    var labels: [Symbol: Set<String>] = [:]
    for case .use(let use) in operations { labels[use.definition, default: []].insert(use.label) }
    return labels.mapValues(\.count)
  }
}
