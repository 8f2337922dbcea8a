/// The checksum of ZIP: CRC-32 of ISO 3309, polynomial 0xEDB88320 reflected.
enum CRC32 {
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in
      value & 1 == 0 ? value >> 1 : value >> 1 ^ 0xedb8_8320
    }
  }

  /// The checksum of a run of bytes; linear in their number.
  static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    let table = table
    var value: UInt32 = 0xffff_ffff
    for byte in bytes {
      value = table[Int((value ^ UInt32(byte)) & 0xff)] ^ value >> 8
    }
    return ~value
  }
}
