/// Named values in the order in which they were added; no name occurs twice.
///
/// Names are compared as Swift strings, so that two spellings of one accented letter are the same.
/// Looking up a member takes constant time on average in large objects, and a short search in
/// small ones.
public struct JSONObject: Sendable {
  /// A name and its value.
  public struct Member: Hashable, Sendable {
    /// The name.
    public let key: String
    /// The value.
    public var value: JSONValue

    /// Creates a member.
    public init(key: String, value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  /// Up to this many members, a search beats a table.
  private static let searchLimit = 8

  /// The members, in order.
  public private(set) var members: [Member] = []
  /// Where each name is; empty up to `searchLimit` members.
  private var positions: [String: Int] = [:]

  /// An object without members.
  public init() {}

  /// An object with the given members; a later member of the same name replaces the value of an
  /// earlier one, in its place.
  public init(_ members: [(key: String, value: JSONValue)]) {
    for (key, value) in members { self[key] = value }
  }

  /// The number of members.
  public var count: Int { members.count }
  /// Whether there are no members.
  public var isEmpty: Bool { members.isEmpty }
  /// The names, in order.
  public var keys: [String] { members.map(\.key) }

  /// Appends a member unless its name is taken; says whether it was appended.
  @discardableResult
  public mutating func append(_ key: String, _ value: JSONValue) -> Bool {
    guard position(of: key) == nil else { return false }
    members.append(Member(key: key, value: value))
    if members.count == JSONObject.searchLimit + 1 {
      for (index, member) in members.enumerated() { positions[member.key] = index }
    } else if members.count > JSONObject.searchLimit {
      positions[key] = members.count - 1
    }
    return true
  }

  /// The value of a name.
  ///
  /// Setting it replaces the value in place, or appends a member; setting nil removes the member,
  /// in linear time.
  public subscript(key: String) -> JSONValue? {
    get { position(of: key).map { members[$0].value } }
    set {
      switch (position(of: key), newValue) {
      case (let index?, let value?): members[index].value = value
      case (nil, let value?): append(key, value)
      case (let index?, nil): removeMember(at: index)
      case (nil, nil): break
      }
    }
  }

  private func position(of key: String) -> Int? {
    if members.count > JSONObject.searchLimit { return positions[key] }
    return members.firstIndex { $0.key == key }
  }

  private mutating func removeMember(at index: Int) {
    let kept = members[..<index] + members[(index + 1)...]
    self = JSONObject(kept.map { ($0.key, $0.value) })
  }
}

extension JSONObject: Hashable {
  /// Equal when the same members come in the same order.
  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    left.members == right.members
  }

  /// Hashes the members in order.
  public func hash(into hasher: inout Hasher) { hasher.combine(members) }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  /// An object with the members of a literal, in the order written.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self.init(elements.map { (key: $0.0, value: $0.1) })
  }
}
