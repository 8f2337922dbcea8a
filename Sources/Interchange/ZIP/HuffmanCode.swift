/// A canonical prefix code of at most 15 bits, as deflate uses it (RFC 1951, section 3.2.2).
///
/// Codes of up to `tableBits` bits are found in a table indexed by the next bits of the stream;
/// longer ones by comparing with the first code of each length.
struct HuffmanCode {
  static let longest = 15
  private static let tableBits = 10

  /// For each `tableBits` next bits, symbol · 16 + length; 0 where the code is longer or missing.
  private var table: [UInt16]
  /// The symbols by length, then by value.
  private var symbols: [UInt16] = []
  /// For each length, one past its last code, written with 15 bits.
  private var limits = [Int](repeating: 0, count: longest + 1)
  /// For each length, the index in `symbols` of its first code, less that code.
  private var bases = [Int](repeating: 0, count: longest + 1)

  /// Builds the code of which symbol i takes `lengths[i]` bits, 0 for a symbol that is not used.
  ///
  /// - Throws: `codeLengths` if there is no such code, or bits would be left without meaning; but
  ///   a code with no symbol at all, or one symbol of one bit, is allowed, as deflate wants it.
  init(lengths: [UInt8]) throws(DeflateFault) {
    table = [UInt16](repeating: 0, count: 1 << HuffmanCode.tableBits)
    var counts = [Int](repeating: 0, count: HuffmanCode.longest + 1)
    for length in lengths where length > 0 { counts[Int(length)] += 1 }
    var code = 0
    var used = 0
    var firstCodes = counts
    for length in 1...HuffmanCode.longest {
      code <<= 1
      firstCodes[length] = code
      bases[length] = used - code
      code += counts[length]
      used += counts[length]
      limits[length] = code << (HuffmanCode.longest - length)
      guard code <= 1 << length else { throw .codeLengths }
    }
    let isComplete = code == 1 << HuffmanCode.longest
    guard isComplete || used == 0 || (used == 1 && counts[1] == 1) else { throw .codeLengths }
    assign(lengths, firstCodes, used)
  }

  private mutating func assign(_ lengths: [UInt8], _ firstCodes: [Int], _ used: Int) {
    symbols = [UInt16](repeating: 0, count: used)
    var nextCodes = firstCodes
    for (symbol, length) in lengths.enumerated() where length > 0 {
      let length = Int(length)
      let code = nextCodes[length]
      nextCodes[length] += 1
      symbols[bases[length] + code] = UInt16(symbol)
      guard length <= HuffmanCode.tableBits else { continue }
      let entry = UInt16(symbol << 4 | length)
      let first = HuffmanCode.reversed(code) >> (HuffmanCode.longest - length)
      for index in stride(from: first, to: table.count, by: 1 << length) { table[index] = entry }
    }
  }

  /// The symbol that the next 15 bits start with (the first bit lowest), and its length.
  func symbol(for bits: Int) -> (symbol: Int, length: Int)? {
    let entry = Int(table[bits & (table.count - 1)])
    if entry != 0 { return (entry >> 4, entry & 15) }
    let code = HuffmanCode.reversed(bits)
    for length in 1...HuffmanCode.longest where code < limits[length] {
      let index = bases[length] + code >> (HuffmanCode.longest - length)
      guard symbols.indices.contains(index) else { return nil }
      return (Int(symbols[index]), length)
    }
    return nil
  }

  /// The lowest 15 bits in reverse order.
  private static func reversed(_ bits: Int) -> Int {
    var value = UInt16(truncatingIfNeeded: bits)
    value = (value & 0x5555) << 1 | (value >> 1) & 0x5555
    value = (value & 0x3333) << 2 | (value >> 2) & 0x3333
    value = (value & 0x0f0f) << 4 | (value >> 4) & 0x0f0f
    return Int(value.byteSwapped) >> 1
  }
}
