/// Several arrays in numpy's `.npz` format: a ZIP archive of one file `NAME.npy` an array.
///
/// Stored and deflated entries are read (`numpy.savez` and `numpy.savez_compressed`); stored ones
/// are written, in the order given.
public enum NPZFormat {
  /// Reads a whole npz file; the arrays come in the order of its directory.
  ///
  /// A compressed entry is only expanded after the npy header at its start was found to agree with
  /// the length that the archive states.
  ///
  /// - Throws: an `ArrayFault` that says the entry and the byte.
  /// - Complexity: linear in the bytes and in the arrays.
  public static func decode(_ bytes: [UInt8]) throws(ArrayFault) -> [NamedArray] {
    var names: Set<String> = []
    var arrays: [NamedArray] = []
    for entry in try ZIPReader.entries(of: bytes) {
      guard entry.name.hasSuffix(".npy") else {
        throw ArrayFault(entry: entry.name, offset: entry.headerOffset, .notAnArray)
      }
      let name = String(entry.name.dropLast(4))
      guard names.insert(name).inserted else {
        throw ArrayFault(offset: entry.headerOffset, .duplicateName(name))
      }
      do {
        arrays.append(NamedArray(name: name, array: try decode(entry, in: bytes)))
      } catch {
        throw error.inEntry(name)
      }
    }
    return arrays
  }

  /// Writes arrays; nil if a name is longer than 65,000 bytes, or the file would need ZIP64
  /// (4 GiB, or 65,535 arrays).
  public static func encode(_ arrays: [NamedArray]) -> [UInt8]? {
    var writer = ZIPWriter()
    for item in arrays {
      guard
        writer.append(name: item.name + ".npy", content: NPYFormat.encode(item.array))
      else { return nil }
    }
    return writer.finish()
  }

  private static func decode(
    _ entry: ZIPEntry, in bytes: [UInt8]
  ) throws(ArrayFault) -> NumericArray {
    guard entry.isDeflated else {
      try check(bytes[entry.stored], entry)
      return try NPYFormat.decode(bytes, in: entry.stored)
    }
    let content = try inflate(entry, bytes)
    try check(content[...], entry)
    return try NPYFormat.decode(content)
  }

  /// Expands an entry whose npy header claims what the archive says.
  private static func inflate(
    _ entry: ZIPEntry, _ bytes: [UInt8]
  ) throws(ArrayFault) -> [UInt8] {
    let start = try expand(entry, bytes, limit: NPYHeader.extentLimit, overrun: .isCut)
    let header = try NPYHeader(start, in: 0..<start.count)
    guard header.dataOffset + header.dataLength == entry.length else {
      throw ArrayFault(
        offset: header.dataOffset,
        .dataLength(expected: header.dataLength, found: entry.length - header.dataOffset))
    }
    let content = try expand(entry, bytes, limit: entry.length, overrun: .isFault)
    guard content.count == entry.length else {
      let fault = DeflateFault.tooShort(expected: entry.length, found: content.count)
      throw ArrayFault(offset: entry.stored.lowerBound, .deflate(fault))
    }
    return content
  }

  private static func expand(
    _ entry: ZIPEntry, _ bytes: [UInt8], limit: Int, overrun: Inflater.Overrun
  ) throws(ArrayFault) -> [UInt8] {
    do {
      return try Inflater.inflate(bytes, in: entry.stored, limit: limit, overrun: overrun)
    } catch {
      throw ArrayFault(offset: entry.stored.lowerBound, .deflate(error))
    }
  }

  private static func check(
    _ content: ArraySlice<UInt8>, _ entry: ZIPEntry
  ) throws(ArrayFault) {
    let found = CRC32.checksum(content)
    guard found == entry.checksum else {
      throw ArrayFault(
        offset: entry.stored.lowerBound, .checksum(expected: entry.checksum, found: found))
    }
  }
}
