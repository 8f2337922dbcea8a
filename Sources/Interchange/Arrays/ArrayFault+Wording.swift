extension ArrayFault {
  /// What is wrong, in one sentence without a full stop.
  public var message: String {
    let place = entry.map { "byte \(offset) of the entry \"\($0)\"" } ?? "byte \(offset)"
    return "\(place): \(sentence)"
  }

  private var sentence: String {
    switch problem {
    case .truncated(let part, _, _): "the file ends inside \(part)"
    case .notTheFormat(let name): "this is not \(name) file"
    case .unsupportedVersion(let major, let minor):
      "npy version \(major).\(minor) is not known"
    case .headerTooLong: "the header claims to be too long"
    case .header: "the header is malformed"
    case .json(let error): "the header is malformed: \(error.message)"
    case .elementType(let name): "elements of type \(name) are not read"
    case .bigEndian(let name): "elements of type \(name) are big-endian"
    case .shape(let error): error.description
    case .tooManyAxes(let found, _): "the array has \(found) axes"
    case .dataLength: "the data do not have the length that the header says"
    case .duplicateName(let name): "the name \"\(name)\" occurs twice"
    case .dataRange(let name, let start, let end, _):
      "the data of \"\(name)\" cannot lie at \(start)..<\(end)"
    case .dataNotContiguous(let name, let expected, let found):
      found < expected
        ? "the data of \"\(name)\" overlap those of the array before"
        : "there is a gap before the data of \"\(name)\""
    case .unclaimedData: "some data belong to no array"
    case .zipFeature(let feature): "\(feature) is not read"
    case .zipInconsistent(let what): "the ZIP archive contradicts itself: \(what)"
    case .checksum: "the content is damaged: its CRC-32 is wrong"
    case .deflate(let fault): "the compressed content is damaged: \(fault.sentence)"
    case .notAnArray: "the entry is not an npy file"
    }
  }

  /// What was expected and found, and how to mend it; one sentence each.
  public var notes: [String] { [evidence, mend].compactMap { $0 } }

  private var evidence: String? {
    switch problem {
    case .truncated(_, let needed, let available):
      "expected \(needed) bytes, found \(available)"
    case .headerTooLong(let length, let limit):
      "expected at most \(limit) bytes, found \(length)"
    case .header(let expected, let found): "expected \(expected), found \(found)"
    case .json(let error): "the header is JSON; its byte \(error.offset) is at fault"
    case .tooManyAxes(let found, let limit): "expected at most \(limit) axes, found \(found)"
    case .dataLength(let expected, let found):
      "expected \(expected) bytes of data, found \(found)"
    case .dataRange(_, _, _, let available):
      "expected a range within the \(available) bytes of data"
    case .dataNotContiguous(_, let expected, let found):
      "expected the start \(expected), found \(found)"
    case .unclaimedData(let start, let end):
      "the bytes \(start)..<\(end) of the data are in no array's range"
    case .checksum(let expected, let found):
      "expected 0x\(String(expected, radix: 16)), found 0x\(String(found, radix: 16))"
    default: nil
    }
  }

  private var mend: String? {
    switch problem {
    case .notTheFormat: "check that the extension says what the file is"
    case .elementType:
      "convert it first, for instance with array.astype(\"float32\") or .astype(\"int64\") in numpy"
    case .bigEndian:
      "convert it first, with array.astype(array.dtype.newbyteorder(\"<\")) in numpy"
    case .unsupportedVersion: "write it again with numpy.save, or as safetensors"
    case .zipFeature: "write it again with numpy.savez, or as safetensors if it is over 4 GiB"
    case .notAnArray: "an npz file holds one file NAME.npy an array and nothing else"
    case .duplicateName: "rename one of the two"
    case .truncated, .dataLength, .checksum, .deflate:
      "the file was probably cut off or damaged on its way; fetch or write it again"
    default: nil
    }
  }
}

extension DeflateFault {
  fileprivate var sentence: String {
    switch self {
    case .truncated: "it ends inside a block"
    case .blockType: "a block is of the reserved type"
    case .storedLength: "the length of a stored block disagrees with its complement"
    case .codeLengths: "the code lengths make no prefix code"
    case .code: "there are bits that are no code"
    case .distance: "it refers to before its start"
    case .tooLong(let limit): "it is longer than the \(limit) bytes that the archive says"
    case .tooShort(let expected, let found):
      "it has \(found) bytes, where the archive says \(expected)"
    case .trailingBytes(let count): "\(count) bytes are left over behind it"
    }
  }
}
