import DiagramIR

/// Bytes don't say what they should.
struct ByteFault: Error {}

/// Reads what was appended to bytes, from the front. Whatever the bytes are, it reads none that aren't there.
struct ByteScanner {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0

  /// A scanner of bytes that outlive it.
  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// How many bytes are left.
  @inline(__always)
  var count: Int { bytes.count &- position }

  /// The next number, which is not negative.
  @inline(__always)
  mutating func number() throws(ByteFault) -> Int {
    if position < bytes.count, bytes[position] < 0x80 {
      position &+= 1
      return Int(bytes[position &- 1])
    }
    var (result, shift) = (UInt64(0), UInt64(0))
    while position < bytes.count, shift < 63 {
      let byte = bytes[position]
      position &+= 1
      result |= UInt64(byte & 0x7F) &<< shift
      if byte < 0x80 { return Int(result) }
      shift &+= 7
    }
    throw ByteFault()
  }

  /// The next number, which is smaller than that.
  @inline(__always)
  mutating func number(below end: Int) throws(ByteFault) -> Int {
    let number = try number()
    guard number < end else { throw ByteFault() }
    return number
  }

  /// The number of things that follow, each of so many bytes at least.
  @inline(__always)
  mutating func count(ofAtLeast size: Int = 1) throws(ByteFault) -> Int {
    try number(below: count / size + 1)
  }

  /// The next eight bytes.
  mutating func word() throws(ByteFault) -> UInt64 {
    guard count >= 8 else { throw ByteFault() }
    let word = UnsafeRawBufferPointer(bytes).loadUnaligned(
      fromByteOffset: position, as: UInt64.self)
    position += 8
    return UInt64(littleEndian: word)
  }

  /// The next 32 bytes.
  mutating func digest() throws(ByteFault) -> Digest {
    Digest(parts: (try word(), try word(), try word(), try word()))
  }

  /// The next bytes.
  mutating func take(_ length: Int) throws(ByteFault) -> UnsafeBufferPointer<UInt8> {
    guard length >= 0, length <= count else { throw ByteFault() }
    defer { position += length }
    return UnsafeBufferPointer(rebasing: bytes[position..<(position + length)])
  }

  /// The next text.
  mutating func text() throws(ByteFault) -> String {
    let length = try number()
    guard let text = String(validating: try take(length), as: UTF8.self) else {
      throw ByteFault()
    }
    return text
  }

  /// Nothing is left.
  func finish() throws(ByteFault) {
    guard count == 0 else { throw ByteFault() }
  }
}
