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
  /// Where the expression begins in the line.
  var lineStart = 0
  /// Where the arguments begin in the expression, and where the last one ends, when it is a call.
  var argumentStarts: [Int] = []
  var argumentsEnd = 0
  var scope = NameScope()
  private let producers: [Int32]
  let boxes: [Diagram.BoxRecord]
  let ports: [WireID]
  /// The names that people gave the wires, and whether there are any.
  private let names: [String]
  private let hasNames: Bool
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
    (boxes, ports, names) = (diagram.boxRecords, diagram.ports, diagram.wireNames)
    hasNames = names.contains { !$0.isEmpty }
    isStatement = diagram.wiresWithNames(producers)
    let useCounts = diagram.labelsPerDefinition()
    callees = diagram.operations.map { Callee($0, environment, spelling, useCounts) }
    var kept: [UInt8] = []
    operations = zip(diagram.operations, callees).map { OperationText($0, $1, &kept) }
    self.kept = kept
    let labels = diagram.operations.compactMap(\.label)
    hasMadeUpNames =
      names.contains { !$0.isEmpty && $0.utf8.isMadeUp } || labels.contains { $0.utf8.isMadeUp }
    for name in Self.reservedWords + labels { scope.reserve(name.utf8) }
  }

  /// Writes a region whose domain may have names already, as a block whose lines stand this deep.
  mutating func body(of region: RegionID, depth: Int) throws(PrintingError) -> Body {
    guard let order = diagram.topologicalOrder(of: region, producers: producers) else {
      throw .cycle
    }
    for wire in diagram.domain(of: region) { name(wire) }
    if hasNames {
      for wire in diagram.wires(in: region)
      where isStatement[wire.index] && !names[wire.index].isEmpty { name(wire) }
    }
    var body = Body()
    let results = diagram.codomain(of: region)
    let onlyResult = results.count == 1 ? results.first : nil
    var closed: [Expression] = []
    var last: Expression?
    for box in order { try write(box, onlyResult, depth, &body, &closed, &last) }
    if closed.isEmpty, let last {
      body.results = last
    } else {
      if let last { closed.append(last) }
      for expression in closed { body.results.text.appendElement(expression.source) }
      if last == nil {
        for wire in results {
          body.results.text.appendElement(kept[texts[wire.index].indices])
        }
      }
    }
    return body
  }

  /// Writes a box: as a statement, into the text of its output, or, where it makes the region's
  /// only result, as `last`.
  private mutating func write(
    _ box: BoxID, _ onlyResult: WireID?, _ depth: Int, _ body: inout Body,
    _ closed: inout [Expression], _ last: inout Expression?
  ) throws(PrintingError) {
    let record = boxes[box.index]
    let firstOutput = Int(record.firstPort + record.inputCount)
    let outputs = firstOutput..<(firstOutput + Int(record.outputCount))
    let isInline = outputs.count == 1 && !isStatement[ports[firstOutput].index]
    if !outputs.isEmpty, !isInline, operations[record.operation.index].form != .lanes {
      return try writeStatement(box, outputs, depth, &body.statements)
    }
    line.removeAll(keepingCapacity: true)
    beginCall()
    let block = try writeExpression(box, depth)
    if outputs.isEmpty {
      closed.append(Expression(text: line, block: block))
      return
    }
    if isInline {
      let wire = ports[firstOutput]
      if wire == onlyResult {
        last = Expression(text: line, block: block)
        return
      }
      if isShort(box, block) {
        texts[wire.index] = kept.keep(line)
        return
      }
    }
    let start = writeNames(outputs, depth, &body.statements)
    let expression = body.statements.count
    body.statements.append(contentsOf: line)
    if block == nil, needsBreak(start, outputs, depth, body.statements) {
      return breakCall(from: expression, depth, &body.statements)
    }
    LineLayout.end(start, block, .statement, depth, &body.statements)
  }

  /// Writes a box that isn't lanes as a statement, at once where it will stand.
  private mutating func writeStatement(
    _ box: BoxID, _ outputs: Range<Int>, _ depth: Int, _ statements: inout [UInt8]
  ) throws(PrintingError) {
    let start = writeNames(outputs, depth, &statements)
    let expression = statements.count
    swap(&line, &statements)
    beginCall()
    _ = try writeExpression(box, depth)
    swap(&line, &statements)
    if needsBreak(start, outputs, depth, statements) {
      return breakCall(from: expression, depth, &statements)
    }
    LineLayout.end(start, nil, .statement, depth, &statements)
  }

  /// Begins a statement: the names of a box's outputs, and `=`. Returns where it begins.
  private mutating func writeNames(
    _ outputs: Range<Int>, _ depth: Int, _ statements: inout [UInt8]
  ) -> Int {
    let start = LineLayout.begin(depth, &statements)
    for place in outputs {
      if place > outputs.lowerBound {
        statements.append(UInt8(ascii: ","))
        statements.append(UInt8(ascii: " "))
      }
      statements.append(name(ports[place]), of: kept)
    }
    for byte in Self.equals { statements.append(byte) }
    return start
  }

  /// Notes that an expression begins at the end of the line.
  private mutating func beginCall() {
    lineStart = line.count
    while !argumentStarts.isEmpty { argumentStarts.removeLast() }
  }

  /// Whether a statement is a call that needs a line for each argument.
  private func needsBreak(
    _ start: Int, _ outputs: Range<Int>, _ depth: Int, _ statements: [UInt8]
  ) -> Bool {
    statements.count - start > LayoutPrinter.width && outputs.count == 1
      && hasShortArguments(depth)
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

  /// Gives each argument of a call at the end of a text a line of its own, as the formatter does where the whole is
  /// too long for one.
  private func breakCall(from start: Int, _ depth: Int, _ text: inout [UInt8]) {
    let call = Array(text[start...])
    text.removeSubrange((start + argumentStarts[0])...)
    for place in argumentStarts.indices {
      if place > 0 { text.append(UInt8(ascii: ",")) }
      text.append(UInt8(ascii: "\n"))
      _ = LineLayout.begin(depth + 1, &text)
      text.append(contentsOf: call[argument(place)])
    }
    text.append(UInt8(ascii: "\n"))
    _ = LineLayout.begin(depth, &text)
    text.append(contentsOf: call[argumentsEnd...])
    text.append(UInt8(ascii: "\n"))
  }

  private static let equals = Array(" = ".utf8)

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
    if texts[wire.index].isEmpty { texts[wire.index] = freeName(names[wire.index]) }
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
    var hasName = Array(repeating: false, count: wireCount)
    for (wire, name) in wireNames.enumerated() {
      hasName[wire] = producers[wire] < 0 || consumers[wire] != 1 || !name.isEmpty
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

  /// How many labels the uses of each definition have.
  fileprivate func labelsPerDefinition() -> [Symbol: Int] {
    var labels: [Symbol: Set<String>] = [:]
    for case .use(let use) in operations { labels[use.definition, default: []].insert(use.label) }
    return labels.mapValues(\.count)
  }
}
