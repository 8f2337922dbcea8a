/// What a page says, read strictly: every tag is closed, every attribute quoted and there once, every reference known.
struct StrictMarkup {
  /// An element with its attributes and the texts directly in it.
  struct Element {
    let name: String
    let attributes: [String: String]
    var text = ""
  }

  /// What is wrong with a text that is not well-formed.
  struct Fault: Error, CustomStringConvertible {
    let description: String
  }

  private(set) var elements: [Element] = []
  private var open: [Int] = []
  private var rest: Substring

  /// Reads a document: an optional declaration, then elements.
  init(_ text: String) throws(Fault) {
    rest = text[...]
    if rest.hasPrefix("<!DOCTYPE html>") { rest = rest.dropFirst(15) }
    while let next = rest.first {
      if next == "<" { try readTag() } else { try readText() }
    }
    guard open.isEmpty else {
      throw Fault(description: "'\(elements[open[0]].name)' is not closed")
    }
  }

  /// The elements of a name.
  func named(_ name: String) -> [Element] { elements.filter { $0.name == name } }

  /// The elements with a word in their class.
  func ofClass(_ word: String) -> [Element] {
    elements.filter { ($0.attributes["class"] ?? "").split(separator: " ").contains { $0 == word } }
  }

  private mutating func readText() throws(Fault) {
    let text = rest.prefix { $0 != "<" }
    guard !text.contains(">") else { throw Fault(description: "a bare > in '\(text)'") }
    let plain = try Self.resolved(text)
    if let last = open.last {
      elements[last].text += plain
    } else if !text.allSatisfy(\.isWhitespace) {
      throw Fault(description: "text outside of elements: '\(text)'")
    }
    rest = rest.dropFirst(text.count)
  }

  private mutating func readTag() throws(Fault) {
    rest = rest.dropFirst()
    if rest.first == "/" {
      let name = String(rest.dropFirst().prefix { $0 != ">" })
      guard let last = open.popLast(), elements[last].name == name else {
        throw Fault(description: "</\(name)> closes another element")
      }
      rest = rest.dropFirst(name.count + 2)
      return
    }
    let name = String(rest.prefix { $0.isLetter || $0.isNumber })
    guard !name.isEmpty else { throw Fault(description: "no name after <: \(rest.prefix(30))") }
    rest = rest.dropFirst(name.count)
    let attributes = try readAttributes(of: name)
    elements.append(Element(name: name, attributes: attributes))
    if rest.hasPrefix("/>") {
      rest = rest.dropFirst(2)
    } else {
      rest = rest.dropFirst()
      open.append(elements.count - 1)
      if name == "script" || name == "style" { try readRaw(name) }
    }
  }

  /// What stands in a script or style, up to the first thing that ends it.
  private mutating func readRaw(_ name: String) throws(Fault) {
    guard let end = rest.range(of: "</\(name)") else {
      throw Fault(description: "'\(name)' is not closed")
    }
    elements[elements.count - 1].text = String(rest[..<end.lowerBound])
    rest = rest[end.lowerBound...]
  }

  private mutating func readAttributes(of element: String) throws(Fault) -> [String: String] {
    var attributes: [String: String] = [:]
    while true {
      let space = rest.prefix(while: \.isWhitespace)
      rest = rest.dropFirst(space.count)
      if rest.hasPrefix(">") || rest.hasPrefix("/>") { return attributes }
      let name = String(rest.prefix { $0.isLetter || $0.isNumber || $0 == "-" })
      guard !name.isEmpty, !space.isEmpty, rest.dropFirst(name.count).hasPrefix("=\"") else {
        throw Fault(description: "'\(element)' has a strange attribute: \(rest.prefix(40))")
      }
      rest = rest.dropFirst(name.count + 2)
      let value = rest.prefix { $0 != "\"" }
      guard !value.contains("<"), value.endIndex != rest.endIndex else {
        throw Fault(description: "the value of '\(name)' is strange: \(value.prefix(40))")
      }
      guard attributes.updateValue(try Self.resolved(value), forKey: name) == nil else {
        throw Fault(description: "'\(element)' has '\(name)' twice")
      }
      rest = rest.dropFirst(value.count + 1)
    }
  }

  private static let entities = ["amp": "&", "lt": "<", "gt": ">", "quot": "\""]

  private static func resolved(_ text: Substring) throws(Fault) -> String {
    guard text.contains("&") else { return String(text) }
    var (result, rest) = ("", text)
    while let mark = rest.firstIndex(of: "&") {
      result += rest[..<mark]
      guard let end = rest[mark...].firstIndex(of: ";") else {
        throw Fault(description: "a bare & in '\(text.prefix(40))'")
      }
      let name = String(rest[rest.index(after: mark)..<end])
      if let known = entities[name] {
        result += known
      } else if name.hasPrefix("#"), let code = UInt32(name.dropFirst()),
        let scalar = Unicode.Scalar(code)
      {
        result.unicodeScalars.append(scalar)
      } else {
        throw Fault(description: "an unknown reference '&\(name);'")
      }
      rest = rest[rest.index(after: end)...]
    }
    return result + rest
  }
}

extension Substring {
  /// The first place of a text.
  fileprivate func range(of text: String) -> Range<Index>? { firstRange(of: text) }
}
