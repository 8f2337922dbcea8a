import DiagramIR

/// Writes a definition in the language.
///
/// What is printed elaborates to an isomorphic diagram. A box whose result is used once and has no name is
/// written inside the expression that uses it, as far as that stays readable; others get a statement and a
/// name. SIMD boxes around a single box are written as lifting, `f[n](x)`.
public struct DiagramPrinter {
  private let environment: Environment
  private let spelling: (Symbol) -> String

  /// A printer of diagrams over these declarations.
  ///
  /// - Parameter spelling: how a symbol is written where the text will stand; its name if nothing else is said.
  public init(
    environment: Environment, spelling: @escaping (Symbol) -> String = { $0.name }
  ) {
    self.environment = environment
    self.spelling = spelling
  }

  /// The declaration of a diagram.
  ///
  /// - Throws: `PrintingError`, when the language can't express it.
  /// - Complexity: linear in the diagram.
  public func print(_ definition: Definition) throws(PrintingError) -> String {
    String(decoding: try bytes(of: definition), as: UTF8.self)
  }

  /// The declaration of a diagram, as UTF-8.
  ///
  /// - Throws: `PrintingError`, when the language can't express it.
  /// - Complexity: linear in the diagram.
  package func bytes(of definition: Definition) throws(PrintingError) -> [UInt8] {
    let diagram = definition.diagram
    guard diagram.nesting < 190 else { throw .nesting }
    try requireSingleProducers(diagram)
    var printing = RegionPrinting(diagram, environment, spelling)
    var body = try printing.body(of: diagram.root, depth: 1)
    let learned = LearnedPrinting(diagram).declarations(type)
    var text = head(of: definition, printing)
    if learned.isEmpty, body.statements.isEmpty, body.results.block == nil {
      text.append(UInt8(ascii: " "))
      text.append(contentsOf: body.results.text)
      text.append(contentsOf: " }".utf8)
      LineLayout.end(0, before: [], 0, &text)
      return text
    }
    LineLayout.end(0, before: ["0", "}"], 0, &text)
    for line in learned {
      let start = LineLayout.begin(1, &text)
      text.append(contentsOf: line.utf8)
      LineLayout.end(start, before: ["0"], 1, &text)
    }
    // The statements are most of the text; they are held once.
    body.statements.insert(contentsOf: text, at: 0)
    LineLayout.append(body.results, .results, 1, to: &body.statements)
    body.statements.append(contentsOf: "}\n".utf8)
    return body.statements
  }

  /// `diagram f(x: [n]) -> [n] {`.
  private func head(of definition: Definition, _ printing: RegionPrinting) -> [UInt8] {
    let diagram = definition.diagram
    let parameters = diagram.domain.map { wire in
      let name = printing.kept[printing.texts[wire.index].indices]
      return "\(String(decoding: name, as: UTF8.self)): \(type(diagram.type(of: wire)))"
    }
    let results = diagram.codomain.enumerated().map { place, wire in
      let name = place < definition.resultNames.count ? definition.resultNames[place] : ""
      return (name.isEmpty ? "" : "\(name): ") + type(diagram.type(of: wire))
    }
    let head =
      "diagram \(definition.symbol.name)(\(parameters.joined(separator: ", "))) -> "
      + results.joined(separator: ", ") + " {"
    return Array(head.utf8)
  }

  /// A type as it is written; sorts are spelled like boxes.
  public func type(_ type: WireType) -> String {
    if case .sort(let symbol) = type { spelling(symbol) } else { type.description }
  }

  private func requireSingleProducers(_ diagram: Diagram) throws(PrintingError) {
    guard diagram.doctrine == .frobenius else { return }
    var isProduced = Array(repeating: false, count: diagram.wireCount)
    func produce(_ wires: ArraySlice<WireID>) throws(PrintingError) {
      for wire in wires {
        if isProduced[wire.index] { throw .severalProducers }
        isProduced[wire.index] = true
      }
    }
    for region in 0..<diagram.regionCount { try produce(diagram.domain(of: RegionID(region))) }
    for box in 0..<diagram.boxCount { try produce(diagram.outputs(of: BoxID(box))) }
    if isProduced.contains(false) { throw .severalProducers }
  }
}

/// The declarations of a diagram's learned boxes.
struct LearnedPrinting {
  private let diagram: Diagram

  init(_ diagram: Diagram) { self.diagram = diagram }

  /// One line for the labels of one type, in order of first occurrence.
  func declarations(_ type: (WireType) -> String) -> [String] {
    let isLearned = diagram.operations.map { if case .learned = $0 { true } else { false } }
    guard isLearned.contains(true) else { return [] }
    var groups: [(head: String, tail: String, labels: [String])] = []
    var seen: Set<String> = []
    for box in 0..<diagram.boxCount where isLearned[diagram.operationID(of: BoxID(box)).index] {
      guard case .learned(let learned) = diagram.operation(of: BoxID(box)),
        seen.insert(learned.label).inserted
      else { continue }
      let ports = diagram.portTypes(of: BoxID(box))
      let results = ports.codomain.map(type).joined(separator: ", ")
      let domain = ports.domain.map(type).joined(separator: ", ")
      let arrow = learned.kind == .state ? "" : (domain.isEmpty ? "-> " : "\(domain) -> ")
      let tail = arrow + results + Self.per(learned.per)
      if let last = groups.indices.last(where: {
        groups[$0].head == learned.kind.rawValue && groups[$0].tail == tail
          && groups[$0].labels.reduce(learned.label.count + tail.count) { $0 + $1.count + 2 } < 88
      }) {
        groups[last].labels.append(learned.label)
      } else {
        groups.append((learned.kind.rawValue, tail, [learned.label]))
      }
    }
    return groups.map { "\($0.head) \($0.labels.joined(separator: ", ")): \($0.tail)" }
  }

  /// ` per h`, ` per [h l]`, or nothing.
  static func per(_ axes: [Size]) -> String {
    guard let only = axes.first else { return "" }
    if axes.count == 1, only.variable != nil || only.integer != nil { return " per \(only)" }
    return " per [\(axes.map(\.description).joined(separator: " "))]"
  }
}
