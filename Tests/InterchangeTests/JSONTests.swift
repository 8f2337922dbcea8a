import Interchange
import Testing

@Suite("JSON")
struct JSONTests {
  @Test("every kind of value parses")
  func kinds() throws {
    let text =
      " {\"a\" : [ null , true, false ] ,\n\t\"b\":{}, \"c\":\"x\",\r\"d\":-12, \"e\":1.50e+3} "
    let value = try JSONValue(parsing: text)
    #expect(value["a"]?[0]?.isNull == true)
    #expect(value["a"]?[1]?.boolValue == true)
    #expect(value["a"]?[3] == nil)
    #expect(value["b"]?.objectValue?.isEmpty == true)
    #expect(value["c"]?.stringValue == "x")
    #expect(value["d"]?.intValue == -12)
    #expect(value["e"]?.doubleValue == 1500)
    #expect(value["e"]?.intValue == nil)
    #expect(value["missing"] == nil)
    #expect(value.objectValue?.keys == ["a", "b", "c", "d", "e"])
  }

  @Test(
    "numbers are written as they were read",
    arguments: [
      "0", "-0", "-0.0", "1.50e+3", "9223372036854775807", "9223372036854775808", "1E400",
      "0.1000000000000000055511151231257827", "-9223372036854775808",
      "123456789012345678901234567890",
    ])
  func exactNumbers(_ text: String) throws {
    #expect(try JSONValue(parsing: text).compactText == text)
  }

  @Test("integers that fit are integers, all others decimals")
  func numberKinds() throws {
    #expect(try JSONValue(parsing: "9223372036854775807") == .integer(.max))
    #expect(try JSONValue(parsing: "9223372036854775808").intValue == nil)
    #expect(try JSONValue(parsing: "9223372036854775808").doubleValue == 0x1p63)
    #expect(try JSONValue(parsing: "-0").doubleValue?.sign == .minus)
    #expect(JSONDecimal(0.1)?.text == "0.1")
    #expect(JSONDecimal(.infinity) == nil)
    #expect(JSONDecimal("1.") == nil)
    #expect(JSONDecimal("1e5")?.doubleValue == 100_000)
  }

  @Test("escapes resolve, surrogate pairs to one character")
  func escapes() throws {
    let text = #""\"\\\/\b\f\n\r\t\u00e9\uD83D\uDE00é😀\u0000""#
    let value = try JSONValue(parsing: text)
    #expect(value.stringValue == "\"\\/\u{8}\u{c}\n\r\té😀é😀\0")
    #expect(value.compactText == #""\"\\/\u0008\u000c\n\r\té😀é😀\u0000""#)
  }

  static let faults: [(String, Int, JSONError.Fault)] = [
    ("", 0, .unexpectedEnd), ("  ", 2, .unexpectedEnd), ("{", 1, .unexpectedEnd),
    ("[1", 2, .unexpectedEnd), ("\"a", 2, .unexpectedEnd), ("tru", 3, .unexpectedEnd),
    ("-", 1, .unexpectedEnd), ("1e", 2, .unexpectedEnd), ("\"\\", 2, .unexpectedEnd),
    ("1 2", 2, .trailingContent), ("{}}", 2, .trailingContent),
    ("trux", 3, .unexpected(byte: 0x78, expected: "'true'")),
    ("[1,]", 3, .unexpected(byte: 0x5d, expected: "a value")),
    ("[1 2]", 3, .unexpected(byte: 0x32, expected: "',' or ']'")),
    ("{\"a\" 1}", 5, .unexpected(byte: 0x31, expected: "':'")),
    ("{\"a\":1,}", 7, .unexpected(byte: 0x7d, expected: "a name in quotes")),
    ("{a:1}", 1, .unexpected(byte: 0x61, expected: "a name in quotes")),
    ("// x", 0, .unexpected(byte: 0x2f, expected: "a value")),
    ("01", 1, .malformedNumber), ("+1", 0, .malformedNumber), (".5", 0, .malformedNumber),
    ("[1.]", 3, .malformedNumber), ("[-]", 2, .malformedNumber), ("[1e+]", 4, .malformedNumber),
    ("\"\n\"", 1, .controlCharacter(10)), ("\"\\x\"", 1, .malformedEscape),
    ("\"\\u12g4\"", 1, .malformedEscape), ("\"\\uD800\"", 1, .loneSurrogate),
    ("\"a\\uDC00\"", 2, .loneSurrogate), ("\"\\uD800\\u0041\"", 1, .loneSurrogate),
    ("{\"a\":1,\"b\":2,\"a\":3}", 13, .duplicateKey("a")),
    ("\u{feff}{}", 0, .byteOrderMark),
  ]

  @Test("a fault is found at its byte", arguments: faults)
  func faultOffsets(_ text: String, _ offset: Int, _ fault: JSONError.Fault) {
    #expect(throws: JSONError(offset: offset, fault: fault)) { try JSONValue(parsing: text) }
  }

  static let malformedUTF8: [[UInt8]] = [
    [0xff], [0x80], [0xc0, 0x80], [0xc1, 0xbf], [0xe0, 0x9f, 0xbf], [0xed, 0xa0, 0x80],
    [0xf0, 0x8f, 0xbf, 0xbf], [0xf4, 0x90, 0x80, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xc3],
    [0xe2, 0x82], [0xf0, 0x9f, 0x98], [0xc3, 0x41],
  ]

  @Test("bytes that are not UTF-8 are a fault at their offset", arguments: malformedUTF8)
  func utf8(_ bytes: [UInt8]) {
    #expect(throws: JSONError(offset: 1, fault: .malformedUTF8)) {
      try JSONValue(parsing: [0x22] + bytes + [0x22])
    }
  }

  @Test("nesting is accepted up to the limit, and refused beyond it")
  func depth() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    _ = try JSONValue(parsing: nested(200))
    #expect(throws: JSONError(offset: 200, fault: .tooDeep(limit: 200))) {
      try JSONValue(parsing: nested(201))
    }
    #expect(throws: JSONError(offset: 200, fault: .tooDeep(limit: 200))) {
      try JSONValue(parsing: String(repeating: "[", count: 100_000))
    }
    #expect(throws: JSONError(offset: 2, fault: .tooDeep(limit: 2))) {
      try JSONValue(parsing: nested(3), depthLimit: 2)
    }
  }

  @Test("indented text reads well and parses back")
  func indentation() throws {
    let value = JSONValue.object([
      "name": "x", "sizes": [1, 2], "parts": .array([.object(["a": true]), .array([])]),
      "none": .object([:]),
    ])
    #expect(
      value.indentedText == """
        {
          "name": "x",
          "sizes": [1, 2],
          "parts": [
            {
              "a": true
            },
            []
          ],
          "none": {}
        }

        """)
    #expect(try JSONValue(parsing: value.indentedText) == value)
    #expect(try JSONValue(parsing: value.compactText) == value)
  }

  @Test(
    "objects keep their order, replace in place, and remove, small and large", arguments: [3, 40])
  func objects(_ count: Int) throws {
    var object = JSONObject()
    for index in 0..<count { object["k\(index)"] = .integer(index) }
    let isNew = object.append("k1", 7)
    #expect(!isNew)
    object["k1"] = "new"
    object["k0"] = nil
    #expect(object.keys == (1..<count).map { "k\($0)" })
    #expect(object["k1"] == "new")
    #expect(object["k\(count - 1)"] == .integer(count - 1))
    #expect(object["k0"] == nil)
    #expect(try JSONValue(parsing: JSONValue.object(object).compactText) == .object(object))
  }
}
