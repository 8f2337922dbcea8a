import DiagramIR

/// Reads a whole document, declaration by declaration.
struct DocumentDecoder {
  private var scope = DecodedScope()

  mutating func decode(_ node: JSONNode) throws(DiagramJSONError) -> (Environment, Symbol) {
    try node.requireMembers([
      "format", "version", "theories", "sorts", "boxes", "definitions", "main",
    ])
    try requireFormat(node)
    for theory in try node.member("theories").elements() { try decodeTheory(theory) }
    for sort in try node.member("sorts").elements() {
      let symbol = try sort.symbol()
      guard scope.sorts.insert(symbol).inserted else {
        throw sort.fail(.duplicate(symbol.description, kind: "sort"))
      }
      scope.environment.add(sort: symbol)
    }
    for box in try node.member("boxes").elements() { try decodeBox(box) }
    for definition in try node.member("definitions").elements() {
      try decode(definition: definition)
    }
    let main = try node.member("main")
    let symbol = try main.symbol()
    guard scope.environment.definition(symbol) != nil else {
      throw main.fail(.undeclared(symbol.description, kind: "diagram"))
    }
    return (scope.environment, symbol)
  }

  private func requireFormat(_ node: JSONNode) throws(DiagramJSONError) {
    let format = try node.member("format")
    guard format.value == .string(DiagramJSON.format) else {
      throw format.mismatch("\"\(DiagramJSON.format)\"")
    }
    let version = try node.member("version")
    guard version.value == .integer(DiagramJSON.version) else {
      throw version.mismatch("version \(DiagramJSON.version)")
    }
  }

  private mutating func decodeTheory(_ node: JSONNode) throws(DiagramJSONError) {
    try node.requireMembers(["symbol", "doctrine"])
    let name = try node.member("symbol")
    let symbol = try name.symbol()
    guard scope.theories.insert(symbol).inserted else {
      throw name.fail(.duplicate(symbol.description, kind: "theory"))
    }
    let doctrine = try node.member("doctrine").doctrine()
    scope.environment.add(Theory(symbol: symbol, doctrine: doctrine))
  }

  private mutating func decodeBox(_ node: JSONNode) throws(DiagramJSONError) {
    try node.requireMembers(["symbol", "doctrine", "domain", "codomain", "sizes", "linear"])
    let sizes = try node.member("sizes")
    let order = try sizes.sizeVariables()
    let domain = try types(node.member("domain"))
    let box = BoxDeclaration(
      symbol: try newSymbol(node), doctrine: try node.member("doctrine").doctrine(),
      domain: domain, codomain: try types(node.member("codomain")), sizeOrder: order,
      linear: try linearInputs(node, domain))
    try require(order, box.sizes, sizes)
    scope.environment.add(box)
  }

  /// Groups of inputs in which a box is linear.
  private func linearInputs(
    _ node: JSONNode, _ domain: [WireType]
  ) throws(DiagramJSONError) -> [[Int]] {
    guard let groups = node.optionalMember("linear") else { return [] }
    return try groups.map { group throws(DiagramJSONError) in
      var seen: Set<Int> = []
      return try group.map { node throws(DiagramJSONError) in
        let place = try node.position(in: domain.count, "input")
        guard seen.insert(place).inserted else {
          throw node.fail(.duplicate("\(place)", kind: "input"))
        }
        return place
      }
    }
  }

  private mutating func decode(definition node: JSONNode) throws(DiagramJSONError) {
    try node.requireMembers(["symbol", "results", "sizes", "diagram"])
    let symbol = try newSymbol(node)
    let sizes = try node.member("sizes")
    let order = try sizes.sizeVariables()
    let diagram = try scope.decodeDiagram(node.member("diagram"))
    let results = try results(node.member("results"), count: diagram.codomain.count)
    let definition = Definition(
      symbol: symbol, diagram: diagram, resultNames: results, sizeOrder: order)
    try require(order, definition.sizes, sizes)
    scope.environment.add(definition)
  }

  /// The symbol that a box or a definition declares.
  private func newSymbol(_ node: JSONNode) throws(DiagramJSONError) -> Symbol {
    let name = try node.member("symbol")
    let symbol = try name.symbol()
    if scope.environment.box(symbol) != nil || scope.environment.definition(symbol) != nil {
      throw name.fail(.duplicate(symbol.description, kind: "box or diagram"))
    }
    return symbol
  }

  private func types(_ node: JSONNode) throws(DiagramJSONError) -> [WireType] {
    try node.map { element throws(DiagramJSONError) in try element.type(sorts: scope.sorts) }
  }

  private func results(_ node: JSONNode, count: Int) throws(DiagramJSONError) -> [String] {
    var seen: Set<String> = []
    let names = try node.map { element throws(DiagramJSONError) in
      let name = try element.nameOrNothing()
      guard name.isEmpty || seen.insert(name).inserted else {
        throw element.fail(.duplicate(name, kind: "result"))
      }
      return name
    }
    guard names.isEmpty || names.count == count else {
      throw node.mismatch("\(count) names or none", found: "\(names.count)")
    }
    return names
  }

  /// The written sizes are those that occur, the interface's first.
  private func require(
    _ written: [SizeVariable], _ sizes: [SizeVariable], _ node: JSONNode
  ) throws(DiagramJSONError) {
    guard written != sizes else { return }
    func list(_ sizes: [SizeVariable]) -> String {
      sizes.isEmpty ? "no sizes" : sizes.map(\.name).joined(separator: ", ")
    }
    throw node.mismatch(list(sizes), found: list(written))
  }
}
