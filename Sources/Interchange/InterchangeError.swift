/// Why a file could not be read or written.
public enum InterchangeError: Error, Equatable, Sendable {
  /// The path ends in no extension that says how arrays are stored.
  case unknownExtension(path: String)
  /// The system did not let the file be read.
  case cannotRead(path: String, reason: String)
  /// The system did not let the file be written; what stood there is unchanged.
  case cannotWrite(path: String, reason: String)
  /// The file is larger than any that is read.
  case tooLarge(path: String, size: Int, limit: Int)
  /// The content of the file is at fault.
  case malformed(path: String, fault: ArrayFault)
  /// An npy file was to hold no array, or several, or a named one.
  case needsOneArray(path: String, names: [String])
  /// Two arrays of one name were to be written.
  case duplicateName(path: String, name: String)
  /// A name that the format keeps for itself.
  case reservedName(path: String, name: String)
  /// Metadata were to be written to a format that has none.
  case noMetadata(path: String)
  /// The arrays do not fit an npz file.
  case tooLargeForNPZ(path: String)
}

extension InterchangeError: CustomStringConvertible {
  /// The file and what is wrong with it, in one sentence without a full stop.
  public var description: String { "\(path): \(message)" }

  /// The file, as the user gave it.
  public var path: String {
    switch self {
    case .unknownExtension(let path), .cannotRead(let path, _), .cannotWrite(let path, _),
      .tooLarge(let path, _, _), .malformed(let path, _), .needsOneArray(let path, _),
      .duplicateName(let path, _), .reservedName(let path, _), .noMetadata(let path),
      .tooLargeForNPZ(let path):
      path
    }
  }

  /// What is wrong, without the file's name.
  public var message: String {
    switch self {
    case .unknownExtension: "the name does not say how arrays are stored"
    case .cannotRead(_, let reason): "cannot read the file: \(reason)"
    case .cannotWrite(_, let reason): "cannot write the file: \(reason)"
    case .tooLarge(_, let size, _): "the file is too large: \(size) bytes"
    case .malformed(_, let fault): fault.message
    case .needsOneArray(_, let names):
      names.isEmpty
        ? "an npy file holds one array, and there is none"
        : "an npy file holds one array without a name, not "
          + names.map { "\"\($0)\"" }.joined(separator: ", ")
    case .duplicateName(_, let name): "two arrays are called \"\(name)\""
    case .reservedName(_, let name): "no array can be called \"\(name)\" in this format"
    case .noMetadata: "this format cannot keep metadata"
    case .tooLargeForNPZ: "the arrays do not fit an npz file (4 GiB, 65,534 arrays)"
    }
  }

  /// What was expected and found, and how to mend it; one sentence each.
  public var notes: [String] {
    switch self {
    case .unknownExtension: ["expected .npy, .npz or .safetensors"]
    case .tooLarge(_, _, let limit): ["expected at most \(limit) bytes"]
    case .malformed(_, let fault): fault.notes
    case .needsOneArray: ["write several or named arrays to .npz or .safetensors"]
    case .noMetadata, .tooLargeForNPZ: ["write to .safetensors instead"]
    case .duplicateName, .reservedName: ["rename it"]
    case .cannotRead, .cannotWrite: []
    }
  }
}
