import DiagramIR

/// A taxonomy as a file, from which a search goes on.
///
/// ```
/// anatomy taxonomy 1\n          the format
/// 32 bytes                      TaxonomySearch.fingerprint(of:)
/// tables, nodes, edges          see CheckpointWriting
/// 32 bytes                      SHA-256 of everything before
/// ```
///
/// Numbers are of seven bits a byte, low bits first, but for those of 4, 8 and 32 bytes, which are little-endian.
public enum TaxonomyCheckpoint {
  /// How a checkpoint begins.
  public static let format = "anatomy taxonomy 1"

  /// Writes what is known, piece by piece.
  ///
  /// - Parameters:
  ///   - fingerprint: that of the search.
  ///   - take: takes the next piece.
  /// - Throws: what `take` throws.
  /// - Complexity: linear.
  public static func write<Failure: Error>(
    _ taxonomy: Taxonomy, fingerprint: Digest,
    to take: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    try withoutActuallyEscaping(take) { take throws(Failure) in
      var writing = CheckpointWriting(take)
      try writing.write(Array("\(format)\n".utf8))
      try writing.write(fingerprint)
      try writing.write(taxonomy)
      try writing.finish()
    }
  }

  /// Reads what `write` wrote, and looks at all of it.
  ///
  /// - Parameters:
  ///   - bytes: a whole file.
  ///   - root: the diagram from which the search starts.
  /// - Throws: `CheckpointError`, whatever the bytes are.
  /// - Complexity: linear; diagrams are looked at on all cores.
  public static func read(
    _ bytes: [UInt8], for search: TaxonomySearch, from root: Diagram
  ) throws(CheckpointError) -> Taxonomy {
    try checkFormat(of: bytes)
    let start = format.utf8.count + 1
    guard bytes.count >= start + 64 else { throw .damaged }
    let end = bytes.count - 32
    let (stored, actual, written) = bytes.withUnsafeBufferPointer { bytes in
      var hashing = Digest.Hashing()
      hashing.add(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[..<end]))
      return (digest(in: bytes, at: start), hashing.finish(), digest(in: bytes, at: end))
    }
    guard actual == written else { throw .damaged }
    guard stored == search.fingerprint(of: root) else { throw .otherSearch }
    let taxonomy = bytes.withUnsafeBufferPointer { bytes in
      var reading = CheckpointReading(
        UnsafeBufferPointer(rebasing: bytes[(start + 32)..<end]), root.doctrine)
      return try? reading.taxonomy()
    }
    guard let taxonomy, taxonomy.isSound(for: root, in: search.identity.environment) else {
      throw .inconsistent
    }
    return taxonomy
  }

  private static func digest(in bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Digest? {
    var scanner = ByteScanner(UnsafeBufferPointer(rebasing: bytes[start...]))
    return try? scanner.digest()
  }

  private static func checkFormat(of bytes: [UInt8]) throws(CheckpointError) {
    let expected = Array("\(format)\n".utf8)
    if bytes.starts(with: expected) { return }
    let line = bytes.prefix(40).prefix { $0 != 10 }
    let word = Array("anatomy taxonomy ".utf8)
    guard line.starts(with: word) else {
      throw expected.starts(with: bytes) && !bytes.isEmpty ? .damaged : .noCheckpoint
    }
    if expected.starts(with: bytes) { throw .damaged }
    throw .version(String(decoding: line, as: UTF8.self))
  }
}
