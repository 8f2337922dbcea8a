import DiagramIR

/// The text of a diagram's regions, from the outside in.
///
/// Boxes are written in an order in which each follows those it depends on, so the text of an input is known
/// when the box that uses it is written.
struct RegionPrinting {
  /// The statements of a block, and its last line.
  struct Body {
    var statements: [String] = []
    var results = ""
  }

  private static let longestInline = 64
  private static let reservedWords: Set<String> = [
    "import", "theory", "sort", "box", "diagram", "rule", "derivation", "return",
  ]

  let diagram: Diagram
  let environment: Environment
  let spelling: (Symbol) -> String
  /// The name of each wire that has one; filled region by region.
  var names: [String]
  /// What is written where a wire is used.
  var texts: [String]
  private let producers: [Int32]
  private let consumers: [Int32]
  private let isShared: [Bool]
  private let labels: Set<String>
  private let useCounts: [Symbol: Int]
  /// Names that mean something where the text stands: those of the region, and those of the wires that it shares
  /// with the regions around. Other names of the regions around may be taken again.
  var visible: [Set<String>] = []
  private var freshNumber = 0

  init(_ diagram: Diagram, _ environment: Environment, _ spelling: @escaping (Symbol) -> String) {
    self.diagram = diagram
    self.environment = environment
    self.spelling = spelling
    names = Array(repeating: "", count: diagram.wireCount)
    texts = names
    producers = diagram.producers()
    consumers = diagram.consumerCounts()
    isShared = diagram.sharedWires()
    labels = Set(diagram.operations.compactMap(\.label))
    useCounts = diagram.labelsPerDefinition()
  }

  /// Writes a region whose domain may have names already.
  mutating func body(of region: RegionID) throws(PrintingError) -> Body {
    guard let order = diagram.topologicalOrder(of: region, producers: producers) else {
      throw .cycle
    }
    visible.append([])
    defer { visible.removeLast() }
    for wire in diagram.domain(of: region) { name(wire) }
    for wire in diagram.wires(in: region) where !diagram.name(of: wire).isEmpty && isStatement(wire)
    {
      name(wire)
    }
    var body = Body()
    var closed: [String] = []
    for box in order { try write(box, in: region, &body, &closed) }
    let results = diagram.codomain(of: region).map { texts[$0.index] }
    body.results = (closed + results).joined(separator: ", ")
    return body
  }

  /// Writes a box, as a statement or into the text of its output.
  private mutating func write(
    _ box: BoxID, in region: RegionID, _ body: inout Body, _ closed: inout [String]
  ) throws(PrintingError) {
    let outputs = diagram.outputs(of: box)
    let text = try expression(box)
    if outputs.isEmpty {
      closed.append(text)
    } else if let wire = outputs.first, outputs.count == 1, !isStatement(wire),
      isInline(text, wire, region)
    {
      texts[wire.index] = text
    } else {
      let names = outputs.map { name($0) }.joined(separator: ", ")
      body.statements.append("\(names) = \(text)")
    }
  }

  /// Whether a wire needs a name: people gave it one, or it is used in several places, in none, or by all lanes
  /// of a body.
  private func isStatement(_ wire: WireID) -> Bool {
    guard producers[wire.index] >= 0 else { return true }
    return !diagram.name(of: wire).isEmpty || consumers[wire.index] != 1 || isShared[wire.index]
  }

  private func isInline(_ text: String, _ wire: WireID, _ region: RegionID) -> Bool {
    let codomain = diagram.codomain(of: region)
    if codomain.count == 1, codomain.first == wire { return true }
    return text.utf8.count <= Self.longestInline && !text.contains("{")
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

  // MARK: Expressions

  private mutating func expression(_ box: BoxID) throws(PrintingError) -> String {
    switch diagram.operation(of: box) {
    case .number(let pattern): return Self.number(Double(bitPattern: pattern))
    case .size(let size): return "size \(size)"
    case .simd, .scan: return try lanes(box)
    case .box, .use, .learned: return call(box, lift: [], arguments: arguments(of: box))
    }
  }

  func arguments(of box: BoxID) -> [String] {
    diagram.inputs(of: box).map { texts[$0.index] }
  }

  func call(_ box: BoxID, lift: [Size], arguments: [String]) -> String {
    var (head, tail) = ("", "")
    switch diagram.operation(of: box) {
    case .box(let symbol):
      let declaration = environment.box(symbol)
      head = spelling(symbol)
      head += sizeArguments(
        box, declaration?.domain ?? [], declaration?.codomain ?? [], declaration?.sizes ?? [], [:])
    case .use(let use):
      head = spelling(use.definition) + sizeArguments(box, use)
      if !use.label.isEmpty {
        let isAutomatic = use.label == use.definition.name && useCounts[use.definition] == 1
        tail = (isAutomatic ? "" : " as \(use.label)") + LearnedPrinting.per(use.per)
      }
    case .learned(let learned) where learned.kind == .state: return learned.label
    case .learned(let learned): head = learned.label
    default: break
    }
    let axes = lift.isEmpty ? "" : "[\(lift.map(\.description).joined(separator: " "))]"
    return "\(head)\(axes)(\(arguments.joined(separator: ", ")))\(tail)"
  }

  private func sizeArguments(_ box: BoxID, _ use: DiagramUse) -> String {
    guard let definition = environment.definition(use.definition) else { return "" }
    var open: [SizeVariable: Size] = [:]
    for (variable, size) in zip(definition.openSizes, use.openSizes) where size != Size(variable) {
      open[variable] = size
    }
    let inner = definition.diagram
    return sizeArguments(box, inner.domainTypes, inner.codomainTypes, definition.sizes, open)
  }

  /// `<…>` with the sizes that the arguments don't determine.
  private func sizeArguments(
    _ box: BoxID, _ domain: [WireType], _ codomain: [WireType], _ sizes: [SizeVariable],
    _ open: [SizeVariable: Size]
  ) -> String {
    let ports = diagram.portTypes(of: box)
    let scheme = TypeScheme(domain, codomain)
    let interface = Set((domain + codomain).flatMap(\.sizeVariables))
    let determined = scheme.sizesDetermined(by: ports.domain)
    guard open.isEmpty == false || !determined.isSuperset(of: interface) else { return "" }
    let values = scheme.instance(ports.domain, ports.codomain)?.sizes ?? [:]
    let given = sizes.filter {
      open[$0] != nil || (interface.contains($0) && !determined.contains($0))
    }
    let isPrefix = given == Array(sizes.prefix(given.count))
    let texts = given.map { variable in
      let size = open[variable] ?? values[variable] ?? Size(variable)
      return isPrefix ? "\(size)" : "\(variable.name) = \(size)"
    }
    return texts.isEmpty ? "" : "<\(texts.joined(separator: ", "))>"
  }

  /// A number so that it is read back exactly.
  static func number(_ value: Double) -> String {
    if value == value.rounded(), abs(value) < 1e15, !(value == 0 && value.sign == .minus) {
      return String(Int(value))
    }
    return "\(value)".replacing("e-0", with: "e-")
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
