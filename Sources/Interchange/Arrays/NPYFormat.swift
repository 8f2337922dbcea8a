import TensorKernels

/// One array in numpy's `.npy` format.
///
/// Versions 1, 2 and 3 are read, in C and Fortran order, with elements of type b1, i1, u1, i2, u2,
/// i4, u4, i8, f2, f4 and f8, little-endian. Version 1.0 in C order is written, with f4, f8 and i8.
/// Format: NumPy Enhancement Proposal 1 and `numpy.lib.format`.
public enum NPYFormat {
  /// Reads a whole npy file.
  ///
  /// - Throws: an `ArrayFault` at the first offending byte; also when bytes are left over.
  /// - Complexity: linear in the bytes. Nothing is allocated before the header's claims are found
  ///   to agree with the number of bytes.
  public static func decode(_ bytes: [UInt8]) throws(ArrayFault) -> NumericArray {
    try decode(bytes, in: 0..<bytes.count)
  }

  /// Reads an npy file that takes up a range of bytes.
  static func decode(
    _ bytes: [UInt8], in range: Range<Int>
  ) throws(ArrayFault) -> NumericArray {
    let header = try NPYHeader(bytes, in: range)
    let found = range.upperBound - header.dataOffset
    guard found == header.dataLength else {
      throw ArrayFault(
        offset: header.dataOffset, .dataLength(expected: header.dataLength, found: found))
    }
    guard header.isFortranOrdered, header.shape.rank > 1 else {
      return try header.elementType.read(header.shape, from: bytes, at: header.dataOffset)
    }
    return try readColumnMajor(header, bytes)
  }

  /// Writes an array as npy version 1.0.
  public static func encode(_ array: NumericArray) -> [UInt8] {
    var bytes = NPYHeader.text(for: array)
    array.append(to: &bytes)
    return bytes
  }

  /// Reads the elements as if the axes were reversed, then puts them in row-major order.
  private static func readColumnMajor(
    _ header: NPYHeader, _ bytes: [UInt8]
  ) throws(ArrayFault) -> NumericArray {
    let stored = try header.elementType.read(header.shape, from: bytes, at: header.dataOffset)
    do {
      switch stored {
      case .float32(let tensor): return .float32(try rowMajor(tensor))
      case .float64(let tensor): return .float64(try rowMajor(tensor))
      case .int64(let tensor): return .int64(try rowMajor(tensor))
      }
    } catch {
      throw ArrayFault(offset: header.dataOffset, .shape(error))
    }
  }

  /// Reorders elements whose first axis varies fastest.
  private static func rowMajor<Element>(
    _ stored: Tensor<Element>
  ) throws(TensorError) -> Tensor<Element> {
    let sizes = stored.shape.sizes
    var strides: [Int] = []
    var stride = 1
    for size in sizes {
      strides.append(stride)
      stride *= size
    }
    var index = [Int](repeating: 0, count: sizes.count)
    var from = 0
    var elements: [Element] = []
    elements.reserveCapacity(stored.elements.count)
    for _ in stored.elements.indices {
      elements.append(stored.elements[from])
      for axis in sizes.indices.reversed() {
        index[axis] += 1
        from += strides[axis]
        if index[axis] < sizes[axis] { break }
        from -= index[axis] * strides[axis]
        index[axis] = 0
      }
    }
    return try Tensor(shape: stored.shape, elements: elements)
  }
}
