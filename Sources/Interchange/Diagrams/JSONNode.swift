/// A place in a JSON text.
indirect enum JSONLocation: Sendable {
  case file(String)
  case member(JSONLocation, String)
  case element(JSONLocation, Int)

  /// The file, and the place in it as it is written: `boxes[7].inputs`.
  var written: (path: String, location: String) {
    var steps: [String] = []
    var place = self
    while true {
      switch place {
      case .file(let path):
        let text = steps.reversed().joined()
        return (path, text.hasPrefix(".") ? String(text.dropFirst()) : text)
      case .member(let outer, let key):
        steps.append("." + key)
        place = outer
      case .element(let outer, let index):
        steps.append("[\(index)]")
        place = outer
      }
    }
  }
}

/// A value and where it stands.
struct JSONNode {
  let value: JSONValue
  let location: JSONLocation

  /// The error that something else is expected here.
  func mismatch(_ expected: String, found: String? = nil) -> DiagramJSONError {
    fail(.mismatch(expected: expected, found: found ?? description))
  }

  /// The error that something is wrong here.
  func fail(_ fault: DiagramJSONError.Fault) -> DiagramJSONError {
    DiagramJSONError(at: location, fault)
  }

  /// The value as messages show it.
  var description: String {
    switch value {
    case .string(let text): Self.quoted(text)
    case .integer(let value): String(value)
    case .decimal(let value): value.text.count > 40 ? "a long number" : value.text
    case .bool(let value): String(value)
    default: value.kind
    }
  }

  /// A text in quotes, without control characters and not too long.
  static func quoted(_ text: String) -> String {
    let short = text.count > 40 ? text.prefix(40) + "…" : text[...]
    return JSONValue.string(String(short)).compactText
  }

  // MARK: Members and elements

  /// Requires an object without members other than these.
  func requireMembers(_ known: [String]) throws(DiagramJSONError) {
    guard let object = value.objectValue else { throw mismatch("an object") }
    for member in object.members where !known.contains(member.key) {
      throw fail(.unknownMember(member.key, known: known))
    }
  }

  /// A member that must be there.
  func member(_ key: String) throws(DiagramJSONError) -> JSONNode {
    guard value.objectValue != nil else { throw mismatch("an object") }
    guard let member = optionalMember(key) else { throw fail(.missingMember(key)) }
    return member
  }

  /// A member that may be left out.
  func optionalMember(_ key: String) -> JSONNode? {
    value[key].map { JSONNode(value: $0, location: .member(location, key)) }
  }

  /// The elements of an array.
  func elements() throws(DiagramJSONError) -> [JSONNode] {
    guard let values = value.arrayValue else { throw mismatch("an array") }
    return values.enumerated().map {
      JSONNode(value: $1, location: .element(location, $0))
    }
  }

  /// What a function makes of each element of an array.
  func map<Result>(
    _ transform: (JSONNode) throws(DiagramJSONError) -> Result
  ) throws(DiagramJSONError) -> [Result] {
    var results: [Result] = []
    for element in try elements() { results.append(try transform(element)) }
    return results
  }

  // MARK: Plain values

  /// A string.
  func string() throws(DiagramJSONError) -> String {
    guard let text = value.stringValue else { throw mismatch("a string") }
    return text
  }

  /// An integer that isn't negative.
  func count() throws(DiagramJSONError) -> Int {
    guard let count = value.intValue, count >= 0 else {
      throw mismatch("an integer that is not negative")
    }
    return count
  }

  /// A position in a list of that many things.
  func position(in count: Int, _ list: String) throws(DiagramJSONError) -> Int {
    guard let position = value.intValue else { throw mismatch("the position of a \(list)") }
    guard position >= 0, position < count else {
      throw fail(.outOfRange(position, count: count, list: list))
    }
    return position
  }
}
