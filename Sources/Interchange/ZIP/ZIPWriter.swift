/// Writes a ZIP archive of uncompressed entries, the same bytes for the same content: every entry
/// is dated 1 January 1980.
struct ZIPWriter {
  private(set) var bytes: [UInt8] = []
  private var directory: [UInt8] = []
  private var count = 0

  /// The largest length, offset and count that ZIP can say without ZIP64.
  private static let largest32 = 0xffff_fffe
  private static let largest16 = 0xfffe

  /// Appends an entry; false, and nothing is appended, if it doesn't fit ZIP's fields.
  mutating func append(name: String, content: [UInt8]) -> Bool {
    let name = Array(name.utf8)
    guard name.count <= ZIPWriter.largest16, count < ZIPWriter.largest16,
      bytes.count + content.count + directory.count + 2 * name.count + 200 <= ZIPWriter.largest32
    else { return false }
    var fields: [UInt8] = []
    fields.append(little: 20, width: 2)  // version needed
    fields.append(little: name.allSatisfy { $0 < 0x80 } ? 0 : 0x800, width: 2)  // UTF-8 name
    fields.append(little: 0, width: 2)  // stored
    fields.append(little: 0, width: 2)  // midnight
    fields.append(little: 1 << 5 | 1, width: 2)  // 1980-01-01
    fields.append(little: Int(CRC32.checksum(content[...])), width: 4)
    fields.append(little: content.count, width: 4)
    fields.append(little: content.count, width: 4)
    fields.append(little: name.count, width: 2)
    fields.append(little: 0, width: 2)  // no extra field
    directory += [0x50, 0x4b, 1, 2, 20, 0] + fields
    directory.append(little: 0, width: 10)  // no comment, disk 0, no attributes
    directory.append(little: bytes.count, width: 4)
    directory += name
    bytes += [0x50, 0x4b, 3, 4] + fields + name + content
    count += 1
    return true
  }

  /// Appends the directory; the archive is then complete.
  mutating func finish() -> [UInt8] {
    let start = bytes.count
    bytes += directory
    bytes += [0x50, 0x4b, 5, 6, 0, 0, 0, 0]
    bytes.append(little: count, width: 2)
    bytes.append(little: count, width: 2)
    bytes.append(little: directory.count, width: 4)
    bytes.append(little: start, width: 4)
    bytes.append(little: 0, width: 2)
    return bytes
  }
}
