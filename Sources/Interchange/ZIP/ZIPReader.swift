/// An entry of a ZIP archive.
struct ZIPEntry {
  var name: String
  var isDeflated: Bool
  var checksum: UInt32
  /// The length of the content.
  var length: Int
  /// Where its bytes, perhaps compressed, lie in the file.
  var stored: Range<Int>
  /// Where its header lies.
  var headerOffset: Int
}

/// Reads the directory of a ZIP archive of stored and deflated entries.
///
/// ZIP64, encryption, archives in several parts and other compression are refused by name. Entries
/// that overlap are refused. Format: PKWARE's APPNOTE 6.3.
struct ZIPReader {
  private let bytes: [UInt8]
  private static let endLength = 22
  private static let markers16 = 0xffff
  private static let markers32 = 0xffff_ffff

  /// The entries in the order of the archive's directory.
  static func entries(of bytes: [UInt8]) throws(ArrayFault) -> [ZIPEntry] {
    let archive = ZIPReader(bytes: bytes)
    let entries = try archive.directory()
    let ordered = entries.sorted { $0.stored.lowerBound < $1.stored.lowerBound }
    for (earlier, later) in zip(ordered, ordered.dropFirst())
    where later.headerOffset < earlier.stored.upperBound {
      throw archive.inconsistent(later.headerOffset, "entries overlap")
    }
    return entries
  }

  private func directory() throws(ArrayFault) -> [ZIPEntry] {
    let end = try endRecord()
    var reader = ByteReader(bytes, in: end + 4..<bytes.count)
    let part = "the end record of the archive"
    let disk = try reader.uint16(part)
    let directoryDisk = try reader.uint16(part)
    let countHere = try reader.uint16(part)
    let count = try reader.uint16(part)
    let length = try reader.uint32(part)
    let start = try reader.uint32(part)
    if count == ZIPReader.markers16 || [length, start].contains(ZIPReader.markers32) {
      throw ArrayFault(offset: end, .zipFeature("ZIP64 (an archive over 4 GiB)"))
    }
    guard disk == 0, directoryDisk == 0, countHere == count else {
      throw ArrayFault(offset: end, .zipFeature("an archive in several parts"))
    }
    guard start + length == end else {
      throw inconsistent(end, "the directory does not end where the end record begins")
    }
    return try entries(in: start..<end, count: count)
  }

  /// Where the end record begins: the last place from which a record reaches the end of the file.
  private func endRecord() throws(ArrayFault) -> Int {
    guard bytes.starts(with: [0x50, 0x4b]) else {
      throw ArrayFault(offset: 0, .notTheFormat(name: "an npz (ZIP)"))
    }
    let last = bytes.count - ZIPReader.endLength
    let first = max(0, last - 0xffff)
    for start in stride(from: last, through: first, by: -1)
    where bytes[start] == 0x50 && bytes[start...].starts(with: [0x50, 0x4b, 5, 6]) {
      let comment = Int(bytes[start + 20]) | Int(bytes[start + 21]) << 8
      if comment == last - start { return start }
    }
    throw ArrayFault(
      offset: bytes.count,
      .truncated(
        part: "the archive, before its directory", needed: ZIPReader.endLength, available: 0))
  }

  private func entries(
    in range: Range<Int>, count: Int
  ) throws(ArrayFault) -> [ZIPEntry] {
    var reader = ByteReader(bytes, in: range)
    var entries: [ZIPEntry] = []
    for _ in 0..<count { entries.append(try entry(&reader, before: range.lowerBound)) }
    guard reader.available == 0 else {
      throw inconsistent(reader.offset, "the directory holds more than its entries")
    }
    return entries
  }

  private func entry(
    _ reader: inout ByteReader, before directory: Int
  ) throws(ArrayFault) -> ZIPEntry {
    let start = reader.offset
    let part = "the directory of the archive"
    guard Array(try reader.take(4, part)) == [0x50, 0x4b, 1, 2] else {
      throw inconsistent(start, "an entry of the directory does not begin as one")
    }
    _ = try reader.take(4, part)
    let flags = try reader.uint16(part)
    let method = try reader.uint16(part)
    _ = try reader.take(4, part)
    let checksum = try reader.uint32(part)
    let storedLength = try reader.uint32(part)
    let length = try reader.uint32(part)
    let nameLength = try reader.uint16(part)
    let extraLength = try reader.uint16(part)
    let commentLength = try reader.uint16(part)
    _ = try reader.take(8, part)
    let headerOffset = try reader.uint32(part)
    let nameBytes = Array(try reader.take(nameLength, part))
    _ = try reader.take(extraLength + commentLength, part)
    guard UTF8Validation.firstFault(in: nameBytes) == nil else {
      throw ArrayFault(offset: start + 46, .zipFeature("a name that is not UTF-8"))
    }
    let name = String(decoding: nameBytes, as: UTF8.self)
    try refuseFeatures(
      name, flags, method, isLarge: [storedLength, length, headerOffset].contains(0xffff_ffff))
    let content = try contentStart(headerOffset, nameBytes, before: directory, in: name)
    guard storedLength <= directory - content else {
      throw inconsistent(start, "the content leaves the archive", in: name)
    }
    guard method == 8 || storedLength == length else {
      throw inconsistent(start, "an uncompressed entry has two lengths", in: name)
    }
    return ZIPEntry(
      name: name, isDeflated: method == 8, checksum: UInt32(truncatingIfNeeded: checksum),
      length: length, stored: content..<content + storedLength, headerOffset: headerOffset)
  }

  private func refuseFeatures(
    _ name: String, _ flags: Int, _ method: Int, isLarge: Bool
  ) throws(ArrayFault) {
    let feature: String? =
      if flags & 0x2041 != 0 {
        "encryption"
      } else if isLarge {
        "ZIP64 (an entry over 4 GiB)"
      } else if method != 0, method != 8 {
        "compression method \(method)"
      } else {
        nil
      }
    if let feature { throw ArrayFault(entry: name, offset: 0, .zipFeature(feature)) }
  }

  /// Where the content begins, after the entry's own header, which must carry the same name.
  ///
  /// The lengths there are not used: numpy writes markers of ZIP64 into them.
  private func contentStart(
    _ offset: Int, _ name: [UInt8], before directory: Int, in entry: String
  ) throws(ArrayFault) -> Int {
    var reader = ByteReader(bytes, in: min(offset, directory)..<directory)
    let part = "the header of an entry"
    guard Array(try reader.take(4, part)) == [0x50, 0x4b, 3, 4] else {
      throw inconsistent(offset, "there is no entry where the directory says", in: entry)
    }
    _ = try reader.take(22, part)
    let nameLength = try reader.uint16(part)
    let extraLength = try reader.uint16(part)
    guard Array(try reader.take(nameLength, part)) == name else {
      throw inconsistent(offset, "an entry and the directory differ in the name", in: entry)
    }
    _ = try reader.take(extraLength, part)
    return reader.offset
  }

  private func inconsistent(_ offset: Int, _ what: String, in entry: String? = nil) -> ArrayFault {
    ArrayFault(entry: entry, offset: offset, .zipInconsistent(what))
  }
}
