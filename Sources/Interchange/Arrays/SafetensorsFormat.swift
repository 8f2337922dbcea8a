import TensorKernels

/// Several arrays in the safetensors format.
///
/// The elements F32, F64, I64, I32, U32, I16, U16, I8, U8, BOOL, F16 and BF16 are read; F32, F64
/// and I64 are written. Format: the safetensors repository's README.
public enum SafetensorsFormat {
  /// What a file holds.
  public struct Content: Hashable, Sendable {
    /// The arrays.
    public var arrays: [NamedArray]
    /// The strings under `__metadata__`.
    public var metadata: [String: String]

    /// Creates a content.
    public init(arrays: [NamedArray], metadata: [String: String] = [:]) {
      self.arrays = arrays
      self.metadata = metadata
    }
  }

  /// The longest header that is read, as in the format's own library.
  static let headerLimit = 100_000_000
  static let metadataKey = "__metadata__"

  /// Reads a whole file; the arrays come in the order of the header.
  ///
  /// Every range of data is checked against the file, the shape and the other ranges before any
  /// is read: together they must cover the data once, without gaps.
  ///
  /// - Throws: an `ArrayFault`.
  /// - Complexity: linear in the bytes, and n log n in the number of arrays.
  public static func decode(_ bytes: [UInt8]) throws(ArrayFault) -> Content {
    var reader = ByteReader(bytes)
    let length = try reader.length64("the length of the header")
    guard length <= headerLimit else {
      throw ArrayFault(offset: 0, .headerTooLong(length: length, limit: headerLimit))
    }
    let text = Array(try reader.take(length, "the header"))
    let header = try parseHeader(text)
    var content = Content(arrays: [])
    var entries: [SafetensorsEntry] = []
    for member in header.members {
      if member.key == metadataKey {
        content.metadata = try metadata(member.value)
      } else {
        entries.append(try SafetensorsEntry(member, available: reader.available))
      }
    }
    try checkCoverage(entries, available: reader.available, dataStart: reader.offset)
    for entry in entries {
      let array = try entry.elementType.read(
        entry.shape, from: bytes, at: reader.offset + entry.range.lowerBound)
      content.arrays.append(NamedArray(name: entry.name, array: array))
    }
    return content
  }

  private static func parseHeader(_ text: [UInt8]) throws(ArrayFault) -> JSONObject {
    let value: JSONValue
    do {
      value = try JSONValue(parsing: text)
    } catch {
      throw ArrayFault(offset: 8 + error.offset, .json(error))
    }
    guard text.first == UInt8(ascii: "{"), let object = value.objectValue else {
      throw ArrayFault(
        offset: 8, .header(expected: "a JSON object, from the first byte on", found: value.kind))
    }
    return object
  }

  private static func metadata(_ value: JSONValue) throws(ArrayFault) -> [String: String] {
    guard let object = value.objectValue else {
      throw ArrayFault(
        offset: 8, .header(expected: "an object under __metadata__", found: value.kind))
    }
    var metadata: [String: String] = [:]
    for member in object.members {
      guard let text = member.value.stringValue else {
        throw ArrayFault(
          offset: 8,
          .header(
            expected: "strings under __metadata__",
            found: "\(member.value.kind) under \"\(member.key)\""))
      }
      metadata[member.key] = text
    }
    return metadata
  }

  private static func checkCoverage(
    _ entries: [SafetensorsEntry], available: Int, dataStart: Int
  ) throws(ArrayFault) {
    let ordered = entries.sorted {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    var end = 0
    for entry in ordered {
      guard entry.range.lowerBound == end else {
        throw ArrayFault(
          offset: dataStart + entry.range.lowerBound,
          .dataNotContiguous(name: entry.name, expected: end, found: entry.range.lowerBound))
      }
      end = entry.range.upperBound
    }
    guard end == available else {
      throw ArrayFault(offset: dataStart + end, .unclaimedData(start: end, end: available))
    }
  }
}
