/// Parses the Python dictionary literal in the header of an npy file: exactly the keys `descr`,
/// `fortran_order` and `shape`, in any order.
struct NPYHeaderParser {
  struct Fields {
    var descr: String
    var isFortranOrdered: Bool
    var sizes: [Int]
  }

  let bytes: [UInt8]
  var offset: Int
  let end: Int
  private var descr: String?
  private var isFortranOrdered: Bool?
  private var sizes: [Int]?

  init(bytes: [UInt8], offset: Int, end: Int) {
    self.bytes = bytes
    self.offset = offset
    self.end = end
  }

  mutating func parse() throws(ArrayFault) -> Fields {
    try expect("{")
    while !take("}") {
      try parseEntry()
      if take("}") { break }
      try expect(",")
    }
    skipSpace()
    guard offset == end else { throw fault("nothing behind the dictionary") }
    guard let descr, let isFortranOrdered, let sizes else {
      throw fault("the keys 'descr', 'fortran_order' and 'shape'")
    }
    return Fields(descr: descr, isFortranOrdered: isFortranOrdered, sizes: sizes)
  }

  private mutating func parseEntry() throws(ArrayFault) {
    skipSpace()
    let start = offset
    let key = try parseString()
    try expect(":")
    switch key {
    case "descr" where descr == nil: descr = try parseDescr()
    case "fortran_order" where isFortranOrdered == nil: isFortranOrdered = try parseBool()
    case "shape" where sizes == nil: sizes = try parseTuple()
    default:
      offset = start
      throw fault("'descr', 'fortran_order' and 'shape', once each")
    }
  }

  private mutating func parseDescr() throws(ArrayFault) -> String {
    skipSpace()
    if offset < end, bytes[offset] == UInt8(ascii: "[") {
      throw ArrayFault(offset: offset, .elementType("record"))
    }
    return try parseString()
  }

  private mutating func parseString() throws(ArrayFault) -> String {
    skipSpace()
    guard offset < end, [UInt8(ascii: "'"), UInt8(ascii: "\"")].contains(bytes[offset]) else {
      throw fault("a string in quotes")
    }
    let quote = bytes[offset]
    let start = offset + 1
    guard let close = bytes[start..<end].firstIndex(of: quote) else {
      throw fault("a string that ends")
    }
    offset = close + 1
    return String(decoding: bytes[start..<close], as: UTF8.self)
  }

  private mutating func parseBool() throws(ArrayFault) -> Bool {
    if take("True") { return true }
    if take("False") { return false }
    throw fault("True or False")
  }

  private mutating func parseTuple() throws(ArrayFault) -> [Int] {
    try expect("(")
    var sizes: [Int] = []
    var endsInComma = true
    while !take(")") {
      guard endsInComma else { throw fault("',' or ')'") }
      sizes.append(try parseSize())
      endsInComma = take(",")
    }
    guard sizes.count != 1 || endsInComma else {
      throw fault("a comma in a tuple of one size")
    }
    return sizes
  }

  /// Digits, perhaps with the `L` of Python 2; a minus sign too, for `Shape` to refuse.
  private mutating func parseSize() throws(ArrayFault) -> Int {
    skipSpace()
    let start = offset
    if offset < end, bytes[offset] == UInt8(ascii: "-") { offset += 1 }
    while offset < end, bytes[offset] &- UInt8(ascii: "0") < 10 { offset += 1 }
    guard let size = Int(String(decoding: bytes[start..<offset], as: UTF8.self)) else {
      offset = start
      throw fault("a size of at most 64 bits")
    }
    _ = take("L")
    return size
  }

  private mutating func skipSpace() {
    while offset < end, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[offset]) { offset += 1 }
  }

  private mutating func take(_ token: String) -> Bool {
    skipSpace()
    guard bytes[offset..<end].starts(with: token.utf8) else { return false }
    offset += token.utf8.count
    return true
  }

  private mutating func expect(_ token: String) throws(ArrayFault) {
    guard take(token) else { throw fault("'\(token)'") }
  }

  private func fault(_ expected: String) -> ArrayFault {
    let rest = bytes[min(offset, end)..<end].prefix(20)
    let visible = rest.map { (0x20...0x7e).contains($0) ? $0 : UInt8(ascii: "?") }
    let found =
      visible.isEmpty
      ? "the end of the header" : "\"" + String(decoding: visible, as: UTF8.self) + "\""
    return ArrayFault(offset: offset, .header(expected: expected, found: found))
  }
}
