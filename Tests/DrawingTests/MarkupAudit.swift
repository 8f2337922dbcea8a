/// Whether a text is well-formed markup: elements are closed in order, attributes are quoted, and nothing else has
/// signs that must be escaped.
struct MarkupAudit {
  /// The names of all elements, in order.
  private(set) var elements: [String] = []
  /// What is wrong.
  private(set) var faults: [String] = []

  init(_ text: String) {
    var open: [String] = []
    var rest = text[...]
    while let start = rest.firstIndex(of: "<") {
      checkText(rest[..<start])
      guard let end = rest[start...].firstIndex(of: ">") else {
        faults.append("an element has no end")
        return
      }
      let tag = rest[rest.index(after: start)..<end]
      rest = rest[rest.index(after: end)...]
      if tag.hasPrefix("!") { continue }
      if tag.hasPrefix("/") {
        if open.popLast() != String(tag.dropFirst()) { faults.append("</\(tag.dropFirst())>") }
        continue
      }
      let name = String(tag.prefix { $0 != " " && $0 != "/" })
      elements.append(name)
      checkAttributes(tag.dropFirst(name.count))
      if !tag.hasSuffix("/") { open.append(name) }
    }
    checkText(rest)
    if !open.isEmpty { faults.append("open: \(open)") }
  }

  private mutating func checkText(_ text: Substring) {
    if text.contains(">") { faults.append("a bare >") }
    var rest = text
    while let sign = rest.firstIndex(of: "&") {
      let entity = rest[sign...].prefix(6)
      if !["&amp;", "&lt;", "&gt;", "&quot;", "&#39;"].contains(where: { entity.hasPrefix($0) }) {
        faults.append("a bare &")
      }
      rest = rest[rest.index(after: sign)...]
    }
  }

  private mutating func checkAttributes(_ text: Substring) {
    let parts = text.split(separator: "\"", omittingEmptySubsequences: false)
    if parts.count % 2 == 0 { faults.append("an open quote") }
    for (place, part) in parts.enumerated() {
      if place % 2 == 1 {
        checkText(part)
      } else if place < parts.count - 1, !part.hasSuffix("=") || !part.hasPrefix(" ") {
        faults.append("an attribute '\(part)'")
      }
    }
  }
}
