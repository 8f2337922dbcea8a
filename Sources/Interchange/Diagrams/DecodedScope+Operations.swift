import DiagramIR

extension DecodedScope {
  /// Reads an entry of a diagram's table of operations.
  mutating func operation(
    _ node: JSONNode, _ doctrine: Doctrine
  ) throws(DiagramJSONError) -> Operation {
    let kind = try node.member("kind")
    switch try kind.string() {
    case "box": return .box(try box(node, doctrine))
    case "use": return .use(try use(node, doctrine))
    case "number": return .number(try number(node))
    case "size":
      try node.requireMembers(["kind", "size"])
      return .size(try node.member("size").size())
    case "simd":
      try node.requireMembers(["kind", "axis", "mapped"])
      return .simd(
        axis: try node.member("axis").size(), mapped: try node.member("mapped").count())
    case "scan":
      try node.requireMembers(["kind", "axis", "states", "mapped"])
      return .scan(
        axis: try node.member("axis").size(), states: try node.member("states").count(),
        mapped: try node.member("mapped").count())
    case let name:
      guard let learned = LearnedKind(rawValue: name) else {
        throw kind.mismatch("one of \(Self.kinds.joined(separator: ", "))")
      }
      try node.requireMembers(["kind", "label", "per"])
      return .learned(
        LearnedBox(
          kind: learned, label: try node.member("label").label(), per: try sizes(node, "per")))
    }
  }

  private static let kinds =
    ["box", "use"] + LearnedKind.allCases.map(\.rawValue) + ["number", "size", "simd", "scan"]

  private func number(_ node: JSONNode) throws(DiagramJSONError) -> UInt64 {
    try node.requireMembers(["kind", "value"])
    let value = try node.member("value")
    guard let pattern = NumberNotation.pattern(value.value) else {
      throw value.mismatch("a number of 64 bits, or its bits such as \"0x7ff0000000000000\"")
    }
    return pattern
  }

  private func box(_ node: JSONNode, _ doctrine: Doctrine) throws(DiagramJSONError) -> Symbol {
    try node.requireMembers(["kind", "box"])
    let name = try node.member("box")
    let symbol = try name.symbol()
    guard let box = environment.box(symbol) else {
      throw name.fail(.undeclared(symbol.description, kind: "box"))
    }
    try require(doctrine, box.doctrine, name)
    return symbol
  }

  private mutating func use(
    _ node: JSONNode, _ doctrine: Doctrine
  ) throws(DiagramJSONError) -> DiagramUse {
    try node.requireMembers(["kind", "diagram", "label", "per", "sizes"])
    let name = try node.member("diagram")
    let symbol = try name.symbol()
    guard let definition = environment.definition(symbol) else {
      throw name.fail(.undeclared(symbol.description, kind: "diagram"))
    }
    try require(doctrine, definition.diagram.doctrine, name)
    let use = DiagramUse(
      definition: symbol, content: digest(of: definition),
      label: try label(node, of: definition), per: try sizes(node, "per"),
      openSizes: try sizes(node, "sizes"))
    if !definition.isLearned, !use.per.isEmpty {
      throw node.mismatch("no \"per\", since nothing in '\(symbol)' is learned", found: "\"per\"")
    }
    let open = definition.openSizes
    guard use.openSizes.count == open.count else {
      let names = open.isEmpty ? "" : " for \(open.map(\.name).joined(separator: ", "))"
      throw (node.optionalMember("sizes") ?? node)
        .mismatch("\(open.count) sizes\(names)", found: "\(use.openSizes.count)")
    }
    return use
  }

  /// A use has a label exactly if something inside is learned.
  private func label(
    _ node: JSONNode, of definition: Definition
  ) throws(DiagramJSONError) -> String {
    let member = node.optionalMember("label")
    let isEmpty = member.map { $0.value == .string("") } ?? true
    if definition.isLearned { return try node.member("label").label() }
    guard isEmpty else {
      let reason = "nothing in '\(definition.symbol)' is learned"
      throw (member ?? node).mismatch("no label, since \(reason)")
    }
    return ""
  }

  private func sizes(_ node: JSONNode, _ key: String) throws(DiagramJSONError) -> [Size] {
    try node.optionalMember(key)?.map { element throws(DiagramJSONError) in try element.size() }
      ?? []
  }

  private func require(
    _ expected: Doctrine, _ found: Doctrine, _ node: JSONNode
  ) throws(DiagramJSONError) {
    guard expected != found else { return }
    throw node.mismatch("something \(expected), as the diagram is", found: "it is \(found)")
  }
}
