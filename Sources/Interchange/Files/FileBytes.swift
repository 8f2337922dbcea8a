#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Whole files, read at once and replaced in one step.
public enum FileBytes {
  /// The largest file that is read: 32 GiB.
  public static let sizeLimit = 1 << 35

  /// Reads a regular file.
  ///
  /// - Throws: `cannotRead` with the system's reason, also for folders and devices; `tooLarge`.
  public static func read(_ path: String) throws(InterchangeError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw .cannotRead(path: path, reason: systemReason()) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw .cannotRead(path: path, reason: systemReason())
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .cannotRead(path: path, reason: "it is not a regular file")
    }
    let size = Int(status.st_size)
    guard size <= sizeLimit else {
      throw .tooLarge(path: path, size: size, limit: sizeLimit)
    }
    return try contents(descriptor, size, path)
  }

  private static func contents(
    _ descriptor: Int32, _ size: Int, _ path: String
  ) throws(InterchangeError) -> [UInt8] {
    var failure: String?
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let rest = UnsafeMutableBufferPointer(rebasing: buffer[count...])
        let got = Platform.read(descriptor, UnsafeMutableRawBufferPointer(rest))
        if got < 0, errno == EINTR { continue }
        if got < 0 { failure = systemReason() }
        if got <= 0 { return }
        count += got
      }
    }
    if let failure { throw .cannotRead(path: path, reason: failure) }
    return bytes
  }

  /// Replaces a file, or makes it, in one step.
  ///
  /// The bytes go to a new file in the same folder, which is then renamed. Whoever opens the path
  /// meets either the old content or the new, whole. The permissions of an existing file are kept,
  /// and a symbolic link is followed.
  ///
  /// - Throws: `cannotWrite` with the system's reason; then the old file is as it was and the new
  ///   one is removed.
  public static func replace(
    _ path: String, with bytes: [UInt8]
  ) throws(InterchangeError) {
    try replace(path) { output throws(InterchangeError) in try output.write(bytes) }
  }

  /// Replaces a file, or makes it, in one step, with what is written piece by piece.
  ///
  /// - Throws: `cannotWrite` with the system's reason, or what `body` throws; then the old file is as it was and the
  ///   new one is removed.
  public static func replace(
    _ path: String, writing body: (FileOutput) throws(InterchangeError) -> Void
  ) throws(InterchangeError) {
    let target = resolved(path)
    guard canReplace(target) else {
      throw .cannotWrite(path: path, reason: "it is not a regular file")
    }
    let (temporary, descriptor) = try makeTemporary(besides: target, for: path)
    let output = FileOutput(descriptor, of: path)
    var status = stat()
    if stat(target, &status) == 0 { fchmod(descriptor, status.st_mode & 0o777) }
    var failure: InterchangeError?
    do throws(InterchangeError) {
      try body(output)
      try output.flush()
      if fsync(descriptor) != 0 { throw .cannotWrite(path: path, reason: systemReason()) }
    } catch { failure = error }
    if close(descriptor) != 0, failure == nil {
      failure = .cannotWrite(path: path, reason: systemReason())
    }
    if failure == nil, rename(temporary, target) != 0 {
      failure = .cannotWrite(path: path, reason: systemReason())
    }
    if let failure {
      unlink(temporary)
      throw failure
    }
  }

  /// Whether a path leads to a regular file or to nothing: devices and pipes must not be replaced by a file.
  public static func canReplace(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG
  }

  /// The file that a path leads to through symbolic links; the path itself if there is none.
  private static func resolved(_ path: String) -> String {
    guard let pointer = realpath(path, nil) else { return path }
    defer { free(pointer) }
    return String(cString: pointer)
  }

  private static func makeTemporary(
    besides target: String, for path: String
  ) throws(InterchangeError) -> (name: String, descriptor: Int32) {
    let folder = target.lastIndex(of: "/").map { String(target[...$0]) } ?? ""
    for attempt in 0..<10_000 {
      let name = "\(folder).anatomy-\(getpid())-\(attempt).partial"
      let descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 { return (name, descriptor) }
      if errno != EEXIST { break }
    }
    throw .cannotWrite(path: path, reason: systemReason())
  }

  fileprivate static func writeAll(_ buffer: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
    var start = 0
    while start < buffer.count {
      let rest = UnsafeRawBufferPointer(rebasing: buffer[start...])
      let put = Platform.write(descriptor, rest)
      if put < 0, errno == EINTR { continue }
      if put <= 0 { return false }
      start += put
    }
    return true
  }

  fileprivate static func systemReason() -> String {
    guard let text = strerror(errno) else { return "error \(errno)" }
    return String(cString: text)
  }
}

/// Where a new file is written that takes another's place once all is there; see `FileBytes.replace`.
public final class FileOutput {
  private static let pieceLimit = 1 << 18

  private let descriptor: Int32
  private let path: String
  private var pending: [UInt8] = []

  fileprivate init(_ descriptor: Int32, of path: String) {
    (self.descriptor, self.path) = (descriptor, path)
  }

  /// Writes the next bytes; small pieces are gathered.
  ///
  /// - Throws: `cannotWrite` with the system's reason.
  public func write(_ bytes: some Collection<UInt8>) throws(InterchangeError) {
    pending += bytes
    if pending.count >= Self.pieceLimit { try flush() }
  }

  fileprivate func flush() throws(InterchangeError) {
    guard pending.withUnsafeBytes({ FileBytes.writeAll($0, to: descriptor) }) else {
      throw .cannotWrite(path: path, reason: FileBytes.systemReason())
    }
    pending.removeAll(keepingCapacity: true)
  }
}

/// The system's calls whose names are taken inside `FileBytes`, at most 1 GiB at a time (Darwin
/// refuses more than an `Int32` can count).
private enum Platform {
  private static let largestTransfer = 1 << 30

  static func read(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(buffer.count, largestTransfer)
    #if canImport(Darwin)
      return Darwin.read(descriptor, buffer.baseAddress, count)
    #elseif canImport(Glibc)
      return Glibc.read(descriptor, buffer.baseAddress, count)
    #elseif canImport(Musl)
      return Musl.read(descriptor, buffer.baseAddress, count)
    #endif
  }

  static func write(_ descriptor: Int32, _ buffer: UnsafeRawBufferPointer) -> Int {
    let count = min(buffer.count, largestTransfer)
    #if canImport(Darwin)
      return Darwin.write(descriptor, buffer.baseAddress, count)
    #elseif canImport(Glibc)
      return Glibc.write(descriptor, buffer.baseAddress, count)
    #elseif canImport(Musl)
      return Musl.write(descriptor, buffer.baseAddress, count)
    #endif
  }
}
