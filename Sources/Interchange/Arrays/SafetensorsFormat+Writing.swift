extension SafetensorsFormat {
  /// Writes a file; the same content always gives the same bytes.
  ///
  /// The header lists the arrays by name (in the order of their UTF-8 bytes) and is padded with
  /// spaces to a multiple of 8. The data of types of eight bytes come first, then those of four,
  /// each sorted by name, so that all of them are aligned.
  ///
  /// - Precondition: no two arrays have the same name, and none is called `__metadata__`.
  public static func encode(_ content: Content) -> [UInt8] {
    let arrays = content.arrays.sorted { precedes($0.name, $1.name) }
    let layout =
      arrays.filter { $0.array.elementType.width == 8 }
      + arrays.filter { $0.array.elementType.width != 8 }
    var text = header(arrays, layout, content.metadata).compactBytes
    text += repeatElement(UInt8(ascii: " "), count: (8 - text.count % 8) % 8)
    var bytes: [UInt8] = []
    bytes.append(little: text.count, width: 8)
    bytes += text
    for item in layout { item.array.append(to: &bytes) }
    return bytes
  }

  private static func header(
    _ arrays: [NamedArray], _ layout: [NamedArray], _ metadata: [String: String]
  ) -> JSONValue {
    var ends: [String: Int] = [:]
    var end = 0
    for item in layout {
      end += item.array.byteCount
      ends[item.name] = end
    }
    var members: [(key: String, value: JSONValue)] = []
    if !metadata.isEmpty { members.append((metadataKey, object(metadata))) }
    for item in arrays {
      let end = ends[item.name] ?? 0
      members.append((item.name, entry(item.array, end: end)))
    }
    return .object(JSONObject(members))
  }

  private static func entry(_ array: NumericArray, end: Int) -> JSONValue {
    .object([
      "dtype": .string(array.elementType.safetensorsName),
      "shape": .array(array.shape.sizes.map { .integer($0) }),
      "data_offsets": [.integer(end - array.byteCount), .integer(end)],
    ])
  }

  private static func object(_ metadata: [String: String]) -> JSONValue {
    let ordered = metadata.sorted { precedes($0.key, $1.key) }
    return .object(JSONObject(ordered.map { ($0.key, .string($0.value)) }))
  }

  private static func precedes(_ left: String, _ right: String) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
  }
}
