import TensorKernels

/// The types of elements that array files hold and that are understood here.
enum ElementType: CaseIterable, Sendable {
  case bool, int8, uint8, int16, uint16, int32, uint32, int64
  case float16, bfloat16, float32, float64

  /// Bytes an element.
  var width: Int {
    switch self {
    case .bool, .int8, .uint8: 1
    case .int16, .uint16, .float16, .bfloat16: 2
    case .int32, .uint32, .float32: 4
    case .int64, .float64: 8
    }
  }

  /// numpy's code without the byte order; nil where numpy has no such type.
  var numpyCode: String? {
    switch self {
    case .bool: "b1"
    case .int8: "i1"
    case .uint8: "u1"
    case .int16: "i2"
    case .uint16: "u2"
    case .int32: "i4"
    case .uint32: "u4"
    case .int64: "i8"
    case .float16: "f2"
    case .bfloat16: nil
    case .float32: "f4"
    case .float64: "f8"
    }
  }

  /// The name in a safetensors header.
  var safetensorsName: String {
    switch self {
    case .bool: "BOOL"
    case .int8: "I8"
    case .uint8: "U8"
    case .int16: "I16"
    case .uint16: "U16"
    case .int32: "I32"
    case .uint32: "U32"
    case .int64: "I64"
    case .float16: "F16"
    case .bfloat16: "BF16"
    case .float32: "F32"
    case .float64: "F64"
    }
  }
}

extension ElementType {
  /// Reads the elements of a shape from little-endian bytes.
  ///
  /// - Throws: `truncated` unless all of them lie within the bytes.
  func read(
    _ shape: Shape, from bytes: [UInt8], at start: Int
  ) throws(ArrayFault) -> NumericArray {
    let needed = shape.elementCount * width
    guard start >= 0, start <= bytes.count, needed <= bytes.count - start else {
      throw ArrayFault(
        offset: start,
        .truncated(part: "the data", needed: needed, available: max(0, bytes.count - start)))
    }
    do {
      return try readChecked(shape, bytes, start)
    } catch {
      throw ArrayFault(offset: start, .shape(error))
    }
  }

  private func readChecked(
    _ shape: Shape, _ bytes: [UInt8], _ start: Int
  ) throws(TensorError) -> NumericArray {
    func load<Raw: FixedWidthInteger, Element: Sendable>(
      _ raw: Raw.Type, _ convert: (Raw) -> Element
    ) throws(TensorError) -> Tensor<Element> {
      try Tensor(
        shape: shape,
        elements: ElementType.load(raw, bytes, start, shape.elementCount, convert))
    }
    switch self {
    case .bool: return .int64(try load(UInt8.self) { $0 == 0 ? 0 : 1 })
    case .int8: return .int64(try load(Int8.self) { Int($0) })
    case .uint8: return .int64(try load(UInt8.self) { Int($0) })
    case .int16: return .int64(try load(Int16.self) { Int($0) })
    case .uint16: return .int64(try load(UInt16.self) { Int($0) })
    case .int32: return .int64(try load(Int32.self) { Int($0) })
    case .uint32: return .int64(try load(UInt32.self) { Int($0) })
    case .int64: return .int64(try load(Int64.self) { Int($0) })
    case .float16: return .float32(try load(UInt16.self) { ElementType.widenHalf($0) })
    case .bfloat16:
      return .float32(try load(UInt16.self) { Float(bitPattern: UInt32($0) << 16) })
    case .float32: return .float32(try load(UInt32.self) { Float(bitPattern: $0) })
    case .float64: return .float64(try load(UInt64.self) { Double(bitPattern: $0) })
    }
  }

  /// The caller has checked that all the bytes are there.
  private static func load<Raw: FixedWidthInteger, Element>(
    _ raw: Raw.Type, _ bytes: [UInt8], _ start: Int, _ count: Int, _ convert: (Raw) -> Element
  ) -> [Element] {
    let width = MemoryLayout<Raw>.size
    precondition(start + count * width <= bytes.count)
    return bytes.withUnsafeBytes { buffer in
      (0..<count).map { index in
        var value: Raw = 0
        withUnsafeMutableBytes(of: &value) { target in
          let from = start + index * width
          target.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[from..<from + width]))
        }
        return convert(Raw(littleEndian: value))
      }
    }
  }

  static func append<Element, Raw: FixedWidthInteger>(
    _ elements: [Element], to bytes: inout [UInt8], _ convert: (Element) -> Raw
  ) {
    bytes.reserveCapacity(bytes.count + elements.count * MemoryLayout<Raw>.size)
    for element in elements {
      withUnsafeBytes(of: convert(element).littleEndian) { bytes.append(contentsOf: $0) }
    }
  }

  /// The value of an IEEE 754 half-precision number (1 sign, 5 exponent, 10 fraction bits).
  static func widenHalf(_ bits: UInt16) -> Float {
    let sign: Float = bits >> 15 == 0 ? 1 : -1
    let exponent = Int(bits >> 10) & 0x1f
    let fraction = UInt32(bits & 0x3ff)
    switch exponent {
    case 0: return sign * Float(fraction) * 0x1p-24
    case 0x1f:
      let signBit = UInt32(bits >> 15) << 31
      return Float(bitPattern: signBit | 0x7f80_0000 | fraction << 13)
    default:
      let rebased = UInt32(exponent - 15 + 127) << 23 | fraction << 13
      return sign * Float(bitPattern: rebased)
    }
  }
}
