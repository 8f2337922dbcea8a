import TensorKernels

/// What is wrong with the bytes of an array file, and where.
public struct ArrayFault: Error, Equatable, Sendable {
  /// What is wrong; the wording is in `message` and `notes`.
  public enum Problem: Equatable, Sendable {
    /// The bytes end before a part does.
    case truncated(part: String, needed: Int, available: Int)
    /// The first bytes are not those of the format.
    case notTheFormat(name: String)
    /// An npy version that is not known.
    case unsupportedVersion(major: Int, minor: Int)
    /// A header claims to be longer than any sensible one.
    case headerTooLong(length: Int, limit: Int)
    /// A header holds something else than it should.
    case header(expected: String, found: String)
    /// A header is not JSON.
    case json(JSONError)
    /// A type of elements that is not read.
    case elementType(String)
    /// Elements stored most significant byte first.
    case bigEndian(String)
    /// Sizes that no tensor can have.
    case shape(TensorError)
    /// More axes than numpy allows.
    case tooManyAxes(found: Int, limit: Int)
    /// The header's shape and the number of bytes that follow disagree.
    case dataLength(expected: Int, found: Int)
    /// Two arrays of one name.
    case duplicateName(String)
    /// A range of data that is reversed or leaves the file.
    case dataRange(name: String, start: Int, end: Int, available: Int)
    /// An array's data do not begin where the previous array's end.
    case dataNotContiguous(name: String, expected: Int, found: Int)
    /// Data that belong to no array.
    case unclaimedData(start: Int, end: Int)
    /// Something of ZIP that is not read.
    case zipFeature(String)
    /// The parts of a ZIP archive contradict each other.
    case zipInconsistent(String)
    /// The content of a ZIP entry has another CRC-32 than the archive says.
    case checksum(expected: UInt32, found: UInt32)
    /// Compressed data that no deflate stream can hold.
    case deflate(DeflateFault)
    /// An entry of an npz file that is no npy file.
    case notAnArray
  }

  /// The entry of an npz file; nil elsewhere, and for faults of the archive itself.
  public var entry: String?
  /// The byte, counted from 0: from the start of the file, or for a compressed entry of an npz
  /// file, of its uncompressed content.
  public var offset: Int
  /// What is wrong.
  public var problem: Problem

  /// Creates a fault.
  public init(entry: String? = nil, offset: Int, _ problem: Problem) {
    self.entry = entry
    self.offset = offset
    self.problem = problem
  }

  func inEntry(_ name: String) -> ArrayFault {
    var copy = self
    copy.entry = entry ?? name
    return copy
  }
}

/// Why compressed data can't be decompressed (RFC 1951).
public enum DeflateFault: Error, Equatable, Sendable {
  /// The input ends inside a block.
  case truncated
  /// The reserved block type.
  case blockType
  /// A stored block whose length and its complement disagree.
  case storedLength
  /// Code lengths that make no prefix code.
  case codeLengths
  /// Bits that are no code.
  case code
  /// A reference to before the start of the output.
  case distance
  /// The output is longer than the archive says.
  case tooLong(limit: Int)
  /// The output is shorter than the archive says.
  case tooShort(expected: Int, found: Int)
  /// Bytes are left over behind the last block.
  case trailingBytes(Int)
}
