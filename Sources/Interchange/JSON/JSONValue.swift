/// A JSON text as a tree (RFC 8259).
///
/// Objects keep the order of their members, and numbers keep their value exactly: what has been
/// parsed and is written again says the same, and the same value always gives the same bytes.
///
///     let value = try JSONValue(parsing: Array("{\"a\": [1, 2.50]}".utf8))
///     value["a"]?[1]            // .decimal(2.50)
///     value.compactText         // {"a":[1,2.50]}
public enum JSONValue: Hashable, Sendable {
  /// `null`
  case null
  /// `true` or `false`
  case bool(Bool)
  /// A number without fraction or exponent that fits an `Int`.
  case integer(Int)
  /// Any other number, by its text.
  case decimal(JSONDecimal)
  /// A string, its escapes resolved.
  case string(String)
  /// A list of values.
  case array([JSONValue])
  /// Named values, in order.
  case object(JSONObject)
}

extension JSONValue {
  /// Whether this is `null`.
  public var isNull: Bool { self == .null }

  /// The value of a boolean; nil for anything else.
  public var boolValue: Bool? {
    guard case .bool(let value) = self else { return nil }
    return value
  }

  /// The value of an integer; nil for anything else, also for `1.0` and `1e2`.
  public var intValue: Int? {
    guard case .integer(let value) = self else { return nil }
    return value
  }

  /// The value of any number, rounded to a `Double`; nil for anything else.
  public var doubleValue: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .decimal(let value): value.doubleValue
    default: nil
    }
  }

  /// The value of a string; nil for anything else.
  public var stringValue: String? {
    guard case .string(let value) = self else { return nil }
    return value
  }

  /// The elements of an array; nil for anything else.
  public var arrayValue: [JSONValue]? {
    guard case .array(let value) = self else { return nil }
    return value
  }

  /// The members of an object; nil for anything else.
  public var objectValue: JSONObject? {
    guard case .object(let value) = self else { return nil }
    return value
  }

  /// The member of an object; nil if there is none, or this is no object.
  public subscript(key: String) -> JSONValue? { objectValue?[key] }

  /// The element of an array; nil if there is none, or this is no array.
  public subscript(index: Int) -> JSONValue? {
    guard let elements = arrayValue, elements.indices.contains(index) else { return nil }
    return elements[index]
  }

  /// What kind of value this is, for messages.
  ///
  /// One of `null`, `a boolean`, `a number`, `a string`, `an array`, `an object`.
  public var kind: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .integer, .decimal: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral
{
  /// A string.
  public init(stringLiteral value: String) { self = .string(value) }
  /// An integer.
  public init(integerLiteral value: Int) { self = .integer(value) }
  /// A boolean.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// An array.
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
}
