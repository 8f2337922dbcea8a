import DiagramIR

extension JSONNode {
  /// A name of the language.
  func name() throws(DiagramJSONError) -> String {
    let text = try string()
    guard text.isName else { throw mismatch("a name of letters, digits and _") }
    return text
  }

  /// A name of the language, or an empty string.
  func nameOrNothing() throws(DiagramJSONError) -> String {
    try string().isEmpty ? "" : try name()
  }

  /// A label.
  func label() throws(DiagramJSONError) -> String {
    let text = try string()
    guard text.isLabel else { throw mismatch("a label: names separated by dots") }
    return text
  }

  /// A symbol.
  func symbol() throws(DiagramJSONError) -> Symbol {
    let text = try string()
    guard let dot = text.lastIndex(of: ".") else { throw mismatch("a symbol, module.name") }
    let symbol = Symbol(
      module: String(text[..<dot]), name: String(text[text.index(after: dot)...]))
    let isPrintable = symbol.module.unicodeScalars.allSatisfy { scalar in
      scalar.properties.generalCategory != .control
    }
    guard symbol.name.isName, isPrintable else { throw mismatch("a symbol, module.name") }
    return symbol
  }

  /// A doctrine.
  func doctrine() throws(DiagramJSONError) -> Doctrine {
    guard let doctrine = Doctrine(rawValue: try string()) else {
      throw mismatch("one of \(Doctrine.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return doctrine
  }

  /// A size.
  func size() throws(DiagramJSONError) -> Size {
    let text = try string()
    do { return try SizeNotation.parse(text) } catch {
      switch error {
      case .syntax: throw mismatch("a size such as h*k+1")
      case .size(let reason): throw fail(.size(text, reason))
      }
    }
  }

  /// The names of size variables, each once.
  func sizeVariables() throws(DiagramJSONError) -> [SizeVariable] {
    var seen: Set<String> = []
    return try map { node throws(DiagramJSONError) in
      let name = try node.name()
      guard seen.insert(name).inserted else {
        throw node.fail(.duplicate(name, kind: "size"))
      }
      return SizeVariable(name)
    }
  }

  /// A wire type; sorts must be among the declared ones.
  func type(sorts: Set<Symbol>) throws(DiagramJSONError) -> WireType {
    if let sort = optionalMember("sort") {
      try requireMembers(["sort"])
      let symbol = try sort.symbol()
      guard sorts.contains(symbol) else {
        throw sort.fail(.undeclared(symbol.description, kind: "sort"))
      }
      return .sort(symbol)
    }
    try requireMembers(["sort", "index", "shape"])
    let shape = try member("shape").map { node throws(DiagramJSONError) in try node.dimension() }
    guard let index = optionalMember("index") else { return .array(.real, shape) }
    return .array(.index(try index.size()), shape)
  }

  private func dimension() throws(DiagramJSONError) -> Dimension {
    let text = try string()
    guard text.hasPrefix("..") else { return .size(try size()) }
    let name = String(text.dropFirst(2))
    guard name.isName else { throw mismatch("a size, or the name of a shape after two dots") }
    return .shape(ShapeVariable(name))
  }
}
