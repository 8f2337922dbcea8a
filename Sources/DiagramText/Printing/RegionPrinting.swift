import DiagramIR

/// The text of a diagram's regions, from the outside in.
///
/// Boxes are written in an order in which each follows those it depends on, so the text of an input is known
/// when the box that uses it is written. All texts are bytes: those that other texts are made of are kept in one
/// buffer, statements go to the end of the block's own.
struct RegionPrinting {
  /// The statements of a block in their layout, and its last line.
  struct Body {
    var statements: [UInt8] = []
    var results = Expression()
  }

  /// What stands for the results of a box.
  struct Expression {
    /// The expression; where it ends with a block, up to the opening brace.
    var text: [UInt8] = []
    /// The lines of the block in their layout, without the closing brace.
    var block: [UInt8]?

    /// The expression on its own.
    var source: [UInt8] {
      block.map { text + [UInt8(ascii: "\n")] + $0 + [UInt8(ascii: "}")] } ?? text
    }
  }

  private static let longestInline = 64
  private static let reservedWords = [
    "import", "theory", "sort", "box", "diagram", "rule", "derivation", "return",
  ]

  let diagram: Diagram
  /// Names, and expressions that stand inside others.
  private(set) var kept: [UInt8] = []
  /// What is written where a wire is used: its name, or what makes it; filled region by region.
  var texts: [PrintedRange]
  /// How each operation is written, by its position in the diagram's table.
  let operations: [OperationText]
  let callees: [Callee]
  /// The expression that is being written.
  var line: [UInt8] = []
  /// Where the arguments begin in the line, and where the last one ends, when it is a call.
  var argumentStarts: [Int] = []
  var argumentsEnd = 0
  var scope = NameScope()
  private let producers: [Int32]
  /// Whether a wire needs a name: people gave it one, or it is used in several places, in none, or by all lanes
  /// of a body.
  private let isStatement: [Bool]
  /// Whether somebody else's name may be like those that printing makes up.
  private let hasMadeUpNames: Bool
  private var freshNumber = 0

  init(_ diagram: Diagram, _ environment: Environment, _ spelling: @escaping (Symbol) -> String) {
    self.diagram = diagram
    texts = Array(repeating: .empty, count: diagram.wireCount)
    producers = diagram.producers()
    isStatement = diagram.wiresWithNames(producers)
    let useCounts = diagram.labelsPerDefinition()
    callees = diagram.operations.map { Callee($0, environment, spelling, useCounts) }
    var kept: [UInt8] = []
    operations = zip(diagram.operations, callees).map { OperationText($0, $1, &kept) }
    self.kept = kept
    let labels = diagram.operations.compactMap(\.label)
    hasMadeUpNames = diagram.hasMadeUpNames || labels.contains { $0.utf8.isMadeUp }
    for name in Self.reservedWords + labels { scope.reserve(name.utf8) }
  }

  /// Writes a region whose domain may have names already, as a block whose lines stand this deep.
  mutating func body(of region: RegionID, depth: Int) throws(PrintingError) -> Body {
    guard let order = diagram.topologicalOrder(of: region, producers: producers) else {
      throw .cycle
    }
    for wire in diagram.domain(of: region) { name(wire) }
    for wire in diagram.wires(in: region)
    where isStatement[wire.index] && !diagram.name(of: wire).isEmpty { name(wire) }
    var body = Body()
    var closed: [Expression] = []
    var last: Expression?
    for box in order { try write(box, in: region, depth, &body, &closed, &last) }
    if closed.isEmpty, let last {
      body.results = last
    } else {
      if let last { closed.append(last) }
      for expression in closed { body.results.text.appendElement(expression.source) }
      if last == nil {
        for wire in diagram.codomain(of: region) {
          body.results.text.appendElement(kept[texts[wire.index].indices])
        }
      }
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
    line.removeAll(keepingCapacity: true)
    argumentStarts.removeAll(keepingCapacity: true)
    let block = try writeExpression(box, depth)
    if outputs.isEmpty {
      closed.append(Expression(text: line, block: block))
      return
    }
    if let wire = outputs.first, outputs.count == 1, !isStatement[wire.index] {
      if isOnlyResult(wire, of: region) {
        last = Expression(text: line, block: block)
        return
      }
      if isShort(box, block) {
        texts[wire.index] = kept.keep(line)
        return
      }
    }
    let start = LineLayout.begin(depth, &body.statements)
    for (place, wire) in outputs.enumerated() {
      if place > 0 { body.statements.append(contentsOf: Self.comma) }
      body.statements.append(name(wire), of: kept)
    }
    body.statements.append(contentsOf: Self.equals)
    let width = body.statements.count - start + line.count
    if width > LayoutPrinter.width, outputs.count == 1, block == nil, hasShortArguments(depth) {
      return writeBrokenCall(depth, &body.statements)
    }
    body.statements.append(contentsOf: line)
    LineLayout.end(start, block, .statement, depth, &body.statements)
  }

  /// Whether the line is a call whose arguments each fit on a line, one deeper than `depth`.
  private func hasShortArguments(_ depth: Int) -> Bool {
    let columns = LayoutPrinter.width - LayoutPrinter.step * (depth + 1)
    return !argumentStarts.isEmpty
      && argumentStarts.indices.allSatisfy { argument($0).count < columns }
  }

  private func argument(_ place: Int) -> Range<Int> {
    let isLast = place == argumentStarts.count - 1
    return argumentStarts[place]..<(isLast ? argumentsEnd : argumentStarts[place + 1] - 2)
  }

  /// Writes the call of the line with each argument on a line of its own, as the formatter does where the whole is
  /// too long for one.
  private func writeBrokenCall(_ depth: Int, _ text: inout [UInt8]) {
    text.append(contentsOf: line[..<argumentStarts[0]])
    for place in argumentStarts.indices {
      if place > 0 { text.append(UInt8(ascii: ",")) }
      text.append(UInt8(ascii: "\n"))
      _ = LineLayout.begin(depth + 1, &text)
      text.append(contentsOf: line[argument(place)])
    }
    text.append(UInt8(ascii: "\n"))
    _ = LineLayout.begin(depth, &text)
    text.append(contentsOf: line[argumentsEnd...])
    text.append(UInt8(ascii: "\n"))
  }

  private static let comma = Array(", ".utf8)
  private static let equals = Array(" = ".utf8)

  private func isOnlyResult(_ wire: WireID, of region: RegionID) -> Bool {
    let codomain = diagram.codomain(of: region)
    return codomain.count == 1 && codomain.first == wire
  }

  /// Whether the expression of the line may stand inside another.
  private func isShort(_ box: BoxID, _ block: [UInt8]?) -> Bool {
    guard block == nil, line.count <= Self.longestInline else { return false }
    return operations[diagram.operationID(of: box).index].form != .lanes
      || !line.contains(UInt8(ascii: "{"))
  }
}

// MARK: - Names

extension RegionPrinting {
  /// Gives a wire a name that nothing else has here, and returns it.
  @discardableResult
  mutating func name(_ wire: WireID) -> PrintedRange {
    if texts[wire.index].isEmpty { texts[wire.index] = freeName(diagram.name(of: wire)) }
    return texts[wire.index]
  }

  private mutating func freeName(_ wish: String) -> PrintedRange {
    if wish.isEmpty { return madeUpName() }
    if let name = claim(wish) { return name }
    var number = 2
    while true {
      if let name = claim("\(wish)_\(number)") { return name }
      number += 1
    }
  }

  private mutating func claim(_ wish: String) -> PrintedRange? {
    var wish = wish
    return wish.withUTF8 { scope.claim($0) ? kept.keep($0) : nil }
  }

  private mutating func madeUpName() -> PrintedRange {
    while true {
      freshNumber += 1
      let start = kept.count
      kept.append(UInt8(ascii: "w"))
      kept.append(decimal: freshNumber)
      let name = PrintedRange(
        start: UInt32(truncatingIfNeeded: start),
        count: UInt32(truncatingIfNeeded: kept.count - start))
      // Numbers grow, so only other names can be the same.
      if !hasMadeUpNames { return name }
      let isFree = kept.withUnsafeBufferPointer {
        scope.claim(UnsafeBufferPointer(rebasing: $0[name.indices]))
      }
      if isFree { return name }
      kept.removeLast(Int(name.count))
    }
  }
}

extension [UInt8] {
  /// Appends an element of a list, with a comma behind those before it.
  mutating func appendElement(_ element: some Collection<UInt8>) {
    if !isEmpty { append(contentsOf: [UInt8(ascii: ","), UInt8(ascii: " ")]) }
    append(contentsOf: element)
  }
}

extension Diagram {
  /// For every wire, whether it stands as a name where it is used.
  fileprivate func wiresWithNames(_ producers: [Int32]) -> [Bool] {
    let consumers = consumerCounts()
    var hasName = (0..<wireCount).map { wire in
      producers[wire] < 0 || consumers[wire] != 1 || !name(of: WireID(wire)).isEmpty
    }
    guard regionCount > 1 else { return hasName }
    for region in 0..<regionCount {
      guard let box = owner(of: RegionID(region)) else { continue }
      let operation = operation(of: box)
      for wire in inputs(of: box).dropFirst(operation.stateCount + operation.mappedCount) {
        hasName[wire.index] = true
      }
    }
    return hasName
  }

  /// Whether a wire has a name like those that printing makes up.
  fileprivate var hasMadeUpNames: Bool {
    (0..<wireCount).contains { name(of: WireID($0)).utf8.isMadeUp }
  }

  /// How many labels the uses of each definition have.
  fileprivate func labelsPerDefinition() -> [Symbol: Int] {
    var labels: [Symbol: Set<String>] = [:]
    for case .use(let use) in operations { labels[use.definition, default: []].insert(use.label) }
    return labels.mapValues(\.count)
  }
}
