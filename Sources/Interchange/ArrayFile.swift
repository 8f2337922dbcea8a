/// A file of arrays: `.npy`, `.npz` or `.safetensors`, as its name says.
///
///     let file = try ArrayFile.read("weights.safetensors")
///     try ArrayFile(arrays: file.arrays).write(to: "weights.npz")
public struct ArrayFile: Hashable, Sendable {
  /// The arrays; that of an npy file has the empty name.
  public var arrays: [NamedArray]
  /// The strings that a safetensors file carries besides; empty for the others.
  public var metadata: [String: String]

  /// Creates the content of a file.
  public init(arrays: [NamedArray], metadata: [String: String] = [:]) {
    self.arrays = arrays
    self.metadata = metadata
  }

  /// The array of a name; nil if there is none.
  public subscript(name: String) -> NumericArray? {
    arrays.first { $0.name == name }?.array
  }

  /// The formats, by extension.
  private enum Format: String {
    case npy, npz, safetensors

    init(_ path: String) throws(InterchangeError) {
      let name = path.split(separator: "/").last ?? ""
      let parts = name.split(separator: ".", omittingEmptySubsequences: false)
      guard parts.count > 1, let last = parts.last,
        let format = Format(rawValue: last.lowercased())
      else { throw .unknownExtension(path: path) }
      self = format
    }
  }

  /// Whether a path has an extension of array files, in capitals or not.
  public static func isArrayFile(_ path: String) -> Bool { (try? Format(path)) != nil }

  /// Reads a file.
  ///
  /// - Throws: an `InterchangeError` that says the file, the byte, what was expected and found.
  public static func read(_ path: String) throws(InterchangeError) -> ArrayFile {
    let format = try Format(path)
    let bytes = try FileBytes.read(path)
    do throws(ArrayFault) {
      switch format {
      case .npy:
        return ArrayFile(arrays: [NamedArray(name: "", array: try NPYFormat.decode(bytes))])
      case .npz:
        return ArrayFile(arrays: try NPZFormat.decode(bytes))
      case .safetensors:
        let content = try SafetensorsFormat.decode(bytes)
        return ArrayFile(arrays: content.arrays, metadata: content.metadata)
      }
    } catch {
      throw .malformed(path: path, fault: error)
    }
  }

  /// Writes a file, replacing what stood there in one step; if anything fails, what stood there
  /// stays as it was.
  ///
  /// - Throws: an `InterchangeError`.
  public func write(to path: String) throws(InterchangeError) {
    try FileBytes.replace(path, with: encoded(as: Format(path), for: path))
  }

  private func encoded(
    as format: Format, for path: String
  ) throws(InterchangeError) -> [UInt8] {
    guard metadata.isEmpty || format == .safetensors else { throw .noMetadata(path: path) }
    try checkNames(format, path)
    switch format {
    case .npy:
      guard arrays.count == 1, let only = arrays.first, only.name.isEmpty else {
        throw .needsOneArray(path: path, names: arrays.map(\.name))
      }
      return NPYFormat.encode(only.array)
    case .npz:
      guard let bytes = NPZFormat.encode(arrays) else { throw .tooLargeForNPZ(path: path) }
      return bytes
    case .safetensors:
      return SafetensorsFormat.encode(.init(arrays: arrays, metadata: metadata))
    }
  }

  private func checkNames(_ format: Format, _ path: String) throws(InterchangeError) {
    var names: Set<String> = []
    for item in arrays {
      if format == .safetensors, item.name == SafetensorsFormat.metadataKey {
        throw .reservedName(path: path, name: item.name)
      }
      guard names.insert(item.name).inserted || format == .npy else {
        throw .duplicateName(path: path, name: item.name)
      }
    }
  }
}
