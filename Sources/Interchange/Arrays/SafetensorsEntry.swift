import TensorKernels

/// What a safetensors header says about one array, checked against the number of bytes of data.
struct SafetensorsEntry {
  let name: String
  let elementType: ElementType
  let shape: Shape
  /// Where the data lie, from the end of the header.
  let range: Range<Int>

  /// - Throws: an `ArrayFault` unless the member has exactly a `dtype` that is read, a `shape`, and
  ///   `data_offsets` within the data that are as far apart as the shape needs.
  init(_ member: JSONObject.Member, available: Int) throws(ArrayFault) {
    name = member.key
    guard let fields = member.value.objectValue else {
      throw SafetensorsEntry.fault(name, "an object", member.value.kind)
    }
    for key in fields.keys where !["dtype", "shape", "data_offsets"].contains(key) {
      throw SafetensorsEntry.fault(
        name, "only \"dtype\", \"shape\" and \"data_offsets\"", "\"\(key)\"")
    }
    elementType = try SafetensorsEntry.elementType(fields["dtype"], name)
    shape = try SafetensorsEntry.shape(fields["shape"], name)
    range = try SafetensorsEntry.range(fields["data_offsets"], name, available)
    let needed = shape.elementCount * elementType.width
    guard range.count == needed else {
      throw ArrayFault(
        entry: name, offset: 8, .dataLength(expected: needed, found: range.count))
    }
  }

  private static func elementType(
    _ value: JSONValue?, _ name: String
  ) throws(ArrayFault) -> ElementType {
    guard let text = value?.stringValue else {
      throw fault(name, "a string under \"dtype\"", value?.kind ?? "nothing")
    }
    guard let type = ElementType.allCases.first(where: { $0.safetensorsName == text }) else {
      throw ArrayFault(entry: name, offset: 8, .elementType(text))
    }
    return type
  }

  private static func shape(_ value: JSONValue?, _ name: String) throws(ArrayFault) -> Shape {
    let sizes = try integers(value, name, key: "shape")
    do {
      return try Shape(sizes)
    } catch {
      throw ArrayFault(entry: name, offset: 8, .shape(error))
    }
  }

  private static func range(
    _ value: JSONValue?, _ name: String, _ available: Int
  ) throws(ArrayFault) -> Range<Int> {
    let offsets = try integers(value, name, key: "data_offsets")
    guard offsets.count == 2 else {
      throw fault(name, "two numbers under \"data_offsets\"", "\(offsets.count)")
    }
    let (start, end) = (offsets[0], offsets[1])
    guard start >= 0, start <= end, end <= available else {
      throw ArrayFault(
        entry: name, offset: 8,
        .dataRange(name: name, start: start, end: end, available: available))
    }
    return start..<end
  }

  private static func integers(
    _ value: JSONValue?, _ name: String, key: String
  ) throws(ArrayFault) -> [Int] {
    guard let elements = value?.arrayValue else {
      throw fault(name, "an array under \"\(key)\"", value?.kind ?? "nothing")
    }
    var result: [Int] = []
    for element in elements {
      guard let number = element.intValue else {
        throw fault(name, "integers of at most 64 bits under \"\(key)\"", element.kind)
      }
      result.append(number)
    }
    return result
  }

  private static func fault(_ name: String, _ expected: String, _ found: String) -> ArrayFault {
    ArrayFault(entry: name, offset: 8, .header(expected: expected, found: found))
  }
}
