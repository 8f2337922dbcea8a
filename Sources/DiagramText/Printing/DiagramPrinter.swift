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
    let diagram = definition.diagram
    guard diagram.nesting < 190 else { throw .nesting }
    try requireSingleProducers(diagram)
    var printing = RegionPrinting(diagram, environment, spelling)
    var body = try printing.body(of: diagram.root, depth: 1)
    let parameters = diagram.domain.map { wire in
      "\(printing.names[wire.index]): \(type(diagram.type(of: wire)))"
    }
    let results = diagram.codomain.enumerated().map { place, wire in
      let name = place < definition.resultNames.count ? definition.resultNames[place] : ""
      return (name.isEmpty ? "" : "\(name): ") + type(diagram.type(of: wire))
    }
    let head =
      "diagram \(definition.symbol.name)(\(parameters.joined(separator: ", "))) -> "
      + results.joined(separator: ", ")
    let learned = LearnedPrinting(diagram).declarations(type)
    var text = ""
    if learned.isEmpty, body.statements.isEmpty, body.results.block == nil {
      LineLayout.append("\(head) { \(body.results.text) }", before: [], 0, to: &text)
      return text
    }
    LineLayout.append("\(head) {", before: ["0", "}"], 0, to: &text)
    for line in learned { LineLayout.append(line, before: ["0"], 1, to: &text) }
    // The statements are most of the text; they are held once.
    body.statements.insert(contentsOf: text, at: body.statements.startIndex)
    LineLayout.append("", body.results, .results, 1, to: &body.statements)
    body.statements += "}\n"
    return body.statements
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
    var groups: [(head: String, tail: String, labels: [String])] = []
    var seen: Set<String> = []
    for box in 0..<diagram.boxCount {
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
