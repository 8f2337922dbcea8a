/// A strict reader of pictures as tikzit keeps them: styles in the picture's options, nodes with names, places and
/// labels, and edges between nodes, on layers. Whatever else TikZ knows is refused, also what only looks like it.
struct TikZReader {
  /// What was expected, and where, in bytes.
  struct Fault: Error, Equatable, CustomStringConvertible {
    var place: Int
    var expected: String
    var description: String { "\(expected) expected at \(place)" }
  }

  /// What is between brackets: names, some with values.
  typealias Properties = [(name: String, value: String?)]

  private(set) var styles: Set<String> = []
  private(set) var nodes: Set<String> = []
  private(set) var edgeCount = 0
  private let text: [UInt8]
  private var place = 0

  /// Reads one picture, and nothing before or behind it but comments.
  init(_ text: String) throws(Fault) {
    self.text = Array(text.utf8)
    try take("\\begin{tikzpicture}")
    for property in try properties() where property.name.hasSuffix("/.style") {
      styles.insert(String(property.name.dropLast("/.style".count)))
    }
    while !has("\\end{tikzpicture}") {
      if has("\\begin{pgfonlayer}") {
        _ = try delimited()
      } else if has("\\node") {
        try node()
      } else if has("\\draw") {
        try edge()
      } else {
        guard has("\\end{pgfonlayer}") else { throw fault("a node, an edge or a layer") }
      }
    }
    skipSpace()
    guard place == self.text.count else { throw fault("the end") }
  }

  // MARK: Commands

  private mutating func node() throws(Fault) {
    try checkStyle(try properties())
    try take("(")
    let name = try word("a node's name") { $0.isLetterOrDigit }
    try take(")")
    try take("at")
    try take("(")
    try number()
    try take(",")
    try number()
    try take(")")
    _ = try delimited()
    try take(";")
    guard nodes.insert(name).inserted else {
      throw fault("a node with another name than '\(name)'")
    }
  }

  private mutating func edge() throws(Fault) {
    try checkStyle(try properties())
    let from = try end()
    try take("to")
    let to = try end()
    guard from != to else { throw fault("another end than '\(from)'") }
    try take(";")
    edgeCount += 1
  }

  private mutating func end() throws(Fault) -> String {
    try take("(")
    let name = try word("a node's name") { $0.isLetterOrDigit }
    guard nodes.contains(name) else { throw fault("a node before this, and not '\(name)',") }
    if has(".") { _ = try word("an anchor") { $0.isLetterOrDigit } }
    try take(")")
    return name
  }

  private func checkStyle(_ properties: Properties) throws(Fault) {
    let style = properties.first { $0.name == "style" }?.value ?? ""
    guard styles.contains(style) else { throw fault("a style of the picture, and not '\(style)',") }
  }

  // MARK: Properties

  private mutating func properties() throws(Fault) -> Properties {
    var properties: Properties = []
    try take("[")
    repeat {
      let name = try value()
      properties.append((name, has("=") ? try value() : nil))
    } while has(",")
    try take("]")
    return properties
  }

  /// A text in braces, or characters that mean nothing; one of both and not one behind the other.
  private mutating func value() throws(Fault) -> String {
    skipSpace()
    if place < text.count, text[place] == UInt8(ascii: "{") { return try delimited() }
    var words = try word("a name or a value") { !Self.signs.contains($0) }
    while words.hasSuffix(" ") { words.removeLast() }
    return words
  }

  private static let signs = Set("=,{}[]()%;\t\n".utf8)

  /// A text in braces; a backslash takes the character behind it with it.
  private mutating func delimited() throws(Fault) -> String {
    try take("{")
    var (depth, bytes): (Int, [UInt8]) = (1, [])
    while place < text.count {
      let byte = text[place]
      place += 1
      if byte == UInt8(ascii: "\\"), place < text.count {
        bytes += [byte, text[place]]
        place += 1
        continue
      }
      depth += byte == UInt8(ascii: "{") ? 1 : byte == UInt8(ascii: "}") ? -1 : 0
      if depth == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(byte)
    }
    throw fault("a brace that closes")
  }

  // MARK: Characters

  private mutating func skipSpace() {
    while place < text.count {
      if text[place] == UInt8(ascii: "%") {
        while place < text.count, text[place] != UInt8(ascii: "\n") { place += 1 }
      } else if " \t\n".utf8.contains(text[place]) {
        place += 1
      } else {
        return
      }
    }
  }

  /// Whether these characters come next, which are passed then.
  private mutating func has(_ word: StaticString) -> Bool {
    skipSpace()
    let end = place + word.utf8CodeUnitCount
    guard end <= text.count else { return false }
    for offset in 0..<word.utf8CodeUnitCount
    where text[place + offset] != word.utf8Start[offset] { return false }
    place = end
    return true
  }

  private mutating func take(_ word: StaticString) throws(Fault) {
    guard has(word) else { throw fault("'\(word)'") }
  }

  private mutating func word(
    _ expected: String, of isOwn: (UInt8) -> Bool
  ) throws(Fault) -> String {
    skipSpace()
    let start = place
    while place < text.count, isOwn(text[place]) { place += 1 }
    guard place > start else { throw fault(expected) }
    return String(decoding: text[start..<place], as: UTF8.self)
  }

  /// Digits, with a sign and a point at most, and no unit.
  private mutating func number() throws(Fault) {
    _ = has("-")
    let digits = try word("a number") { $0.isDigit || $0 == UInt8(ascii: ".") }
    guard Double(digits) != nil else { throw fault("a number") }
  }

  private func fault(_ expected: String) -> Fault { Fault(place: place, expected: expected) }
}

extension UInt8 {
  fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
  fileprivate var isLetterOrDigit: Bool {
    isDigit || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
  }
}
