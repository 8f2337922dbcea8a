import DiagramIR

/// What has been declared so far.
struct DecodedScope {
  var environment = Environment()
  var theories: Set<Symbol> = []
  var sorts: Set<Symbol> = []
  /// Digests of diagrams that have been used.
  private var digests: [Symbol: Digest] = [:]

  /// The digest of a declared diagram.
  mutating func digest(of definition: Definition) -> Digest {
    if let known = digests[definition.symbol] { return known }
    let digest = definition.content()
    digests[definition.symbol] = digest
    return digest
  }

  /// Reads a diagram and verifies it.
  mutating func decodeDiagram(_ node: JSONNode) throws(DiagramJSONError) -> Diagram {
    try node.requireMembers(["doctrine", "types", "operations"] + RegionDecoder.members)
    let doctrine = try node.member("doctrine").doctrine()
    let sorts = sorts
    let types = try node.member("types").map { element throws(DiagramJSONError) in
      try element.type(sorts: sorts)
    }
    var operations: [Operation] = []
    for element in try node.member("operations").elements() {
      operations.append(try operation(element, doctrine))
    }
    var decoder = RegionDecoder(doctrine: doctrine, types: types, operations: operations)
    let diagram = try decoder.diagram(node)
    try verify(diagram, decoder, node)
    return diagram
  }

  private func verify(
    _ diagram: Diagram, _ decoder: RegionDecoder, _ node: JSONNode
  ) throws(DiagramJSONError) {
    do { try environment.verify(diagram) } catch {
      guard case .portTypes(let box, _) = error else {
        throw DiagramJSONError(at: decoder.location(of: error) ?? node.location, .invariant(error))
      }
      let location = decoder.location(of: error) ?? node.location
      let ports = diagram.portTypes(of: box)
      guard let declared = declaredTypes(of: diagram.operation(of: box)) else {
        throw DiagramJSONError(at: location, .invariant(error))
      }
      throw DiagramJSONError(
        at: location,
        .mismatch(
          expected: Self.arrow(declared.domain, declared.codomain),
          found: Self.arrow(ports.domain, ports.codomain)))
    }
    try LabelCheck(diagram).run { box in decoder.location(of: box) ?? node.location }
  }

  private func declaredTypes(
    of operation: Operation
  ) -> (domain: [WireType], codomain: [WireType])? {
    switch operation {
    case .box(let symbol): return environment.box(symbol).map { ($0.domain, $0.codomain) }
    case .use(let use):
      return environment.definition(use.definition).map {
        ($0.diagram.domainTypes, $0.diagram.codomainTypes)
      }
    default: return nil
    }
  }

  private static func arrow(_ domain: [WireType], _ codomain: [WireType]) -> String {
    let sides = [domain, codomain].map { $0.map(\.description).joined(separator: ", ") }
    return "(\(sides[0])) -> (\(sides[1]))"
  }
}
