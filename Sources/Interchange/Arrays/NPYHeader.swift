import TensorKernels

/// What the header of an npy file says, and where the data begin.
struct NPYHeader {
  /// The bytes before the header's text, which end in the version.
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// The longest header that is read.
  ///
  /// numpy itself stops at 10,000 unless told otherwise.
  static let lengthLimit = 1 << 16
  /// numpy's own limit.
  static let axisLimit = 64
  /// The most bytes that come before the data of an npy file that is read.
  static let extentLimit = 12 + lengthLimit

  let elementType: ElementType
  let isFortranOrdered: Bool
  let shape: Shape
  /// From the start of the bytes that the header was read from.
  let dataOffset: Int

  /// The bytes that the data take.
  var dataLength: Int { shape.elementCount * elementType.width }

  /// Reads the header at the start of a range, and checks nothing about the data.
  init(_ bytes: [UInt8], in range: Range<Int>) throws(ArrayFault) {
    var reader = ByteReader(bytes, in: range)
    let start = reader.offset
    let magic = reader.available < 6 ? [] : Array(try reader.take(6, "the first bytes"))
    guard magic == NPYHeader.magic else {
      throw ArrayFault(offset: start, .notTheFormat(name: "an npy"))
    }
    let version = Array(try reader.take(2, "the version"))
    let isKnown = (1...3).contains(version[0]) && version[1] == 0
    guard isKnown else {
      throw ArrayFault(
        offset: start + 6,
        .unsupportedVersion(major: Int(version[0]), minor: Int(version[1])))
    }
    let part = "the length of the header"
    let length = version[0] == 1 ? try reader.uint16(part) : try reader.uint32(part)
    guard length <= NPYHeader.lengthLimit else {
      throw ArrayFault(
        offset: start + 8, .headerTooLong(length: length, limit: NPYHeader.lengthLimit))
    }
    let textStart = reader.offset
    _ = try reader.take(length, "the header")
    var parser = NPYHeaderParser(bytes: bytes, offset: textStart, end: reader.offset)
    let fields = try parser.parse()
    elementType = try NPYHeader.elementType(fields.descr, at: textStart)
    isFortranOrdered = fields.isFortranOrdered
    shape = try NPYHeader.shape(fields.sizes, at: textStart)
    dataOffset = reader.offset
  }

  private static func elementType(
    _ descr: String, at offset: Int
  ) throws(ArrayFault) -> ElementType {
    let code = descr.dropFirst()
    guard let type = ElementType.allCases.first(where: { $0.numpyCode == String(code) }) else {
      throw ArrayFault(offset: offset, .elementType(descr))
    }
    switch descr.first {
    case "<": return type
    case "|" where type.width == 1: return type
    case ">" where type.width == 1: return type
    case ">": throw ArrayFault(offset: offset, .bigEndian(descr))
    default: throw ArrayFault(offset: offset, .elementType(descr))
    }
  }

  private static func shape(_ sizes: [Int], at offset: Int) throws(ArrayFault) -> Shape {
    guard sizes.count <= axisLimit else {
      throw ArrayFault(offset: offset, .tooManyAxes(found: sizes.count, limit: axisLimit))
    }
    do {
      return try Shape(sizes)
    } catch {
      throw ArrayFault(offset: offset, .shape(error))
    }
  }

  /// The header of version 1.0, padded so that the data start at a multiple of 64.
  static func text(for array: NumericArray) -> [UInt8] {
    let sizes = array.shape.sizes
    let tuple =
      sizes.count == 1
      ? "(\(sizes[0]),)" : "(" + sizes.map(String.init).joined(separator: ", ") + ")"
    let code = array.elementType.numpyCode ?? ""
    var text = Array("{'descr': '<\(code)', 'fortran_order': False, 'shape': \(tuple), }".utf8)
    let unpadded = magic.count + 2 + 2 + text.count + 1
    text += repeatElement(UInt8(ascii: " "), count: (64 - unpadded % 64) % 64)
    text.append(0x0a)
    var bytes = magic + [1, 0]
    bytes.append(little: text.count, width: 2)
    return bytes + text
  }
}
