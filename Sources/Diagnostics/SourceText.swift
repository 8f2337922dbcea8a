/// The bytes of one file, and where its lines begin.
///
/// Offsets are UTF-8 bytes from the start. Lines and columns are counted from one; a column counts
/// Unicode scalars, as editors do.
public struct SourceText: Sendable {
  /// The path as the user gave it; it heads every diagnostic.
  public let path: String
  /// The content.
  public let bytes: [UInt8]

  /// Wraps the bytes of a file.
  public init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }

  /// Wraps a string.
  public init(path: String, text: String) {
    self.init(path: path, bytes: Array(text.utf8))
  }
}

/// A half-open range of byte offsets in a `SourceText`.
public struct SourceSpan: Hashable, Sendable {
  /// The first byte.
  public var start: Int
  /// One past the last byte.
  public var end: Int

  /// The bytes from `start` up to but not including `end`.
  public init(_ start: Int, _ end: Int) {
    self.start = start
    self.end = end
  }
}
