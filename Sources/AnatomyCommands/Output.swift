import Foundation
import Interchange

extension Arguments {
  /// Finds out before anything is written whether the files of some options can be, so that none is replaced when
  /// another can't be.
  func checkDestinations(_ options: String...) throws(CommandFailure) {
    let paths = options.compactMap { value($0) }
    let places = Set(paths.map { URL(fileURLWithPath: $0).standardizedFileURL.path })
    guard places.count == paths.count else {
      throw .usage("\(options.joined(separator: " and ")) name the same file")
    }
    for path in paths {
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
      var isFolder: ObjCBool = false
      let exists = FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder)
      guard exists, isFolder.boolValue else {
        throw .failure("\(path): cannot write the file: there is no folder '\(folder)'")
      }
      guard FileManager.default.isWritableFile(atPath: folder) else {
        throw .failure("\(path): cannot write the file: the folder '\(folder)' is not writable")
      }
      if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
        throw .failure("\(path): cannot write the file: there is a folder of this name")
      }
      guard FileBytes.canReplace(path) else {
        throw .failure("\(path): cannot write the file: it is not a regular file")
      }
    }
  }

  /// Writes a command's result to the file of `-o`, replacing it in one step, or else to stdout.
  func deliver(_ text: String, _ console: Console) throws(CommandFailure) {
    guard let path = value("-o") else { return console.write(text) }
    do { try FileBytes.replace(path, with: Array(text.utf8)) } catch { throw .failure("\(error)") }
    console.note("wrote \(path)")
  }

  /// Writes a command's result, which comes in pieces, to the file of `-o`, replacing it in one step, or else to
  /// stdout.
  func deliver(
    _ console: Console, writing body: (TextOutput) throws(InterchangeError) -> Void
  ) throws(CommandFailure) {
    do throws(InterchangeError) {
      guard let path = value("-o") else {
        let output = TextOutput { console.write(String(decoding: $0, as: UTF8.self)) }
        try body(output)
        return try output.flush()
      }
      try FileBytes.replace(path) { file throws(InterchangeError) in
        let output = TextOutput { bytes throws(InterchangeError) in try file.write(bytes) }
        try body(output)
        try output.flush()
      }
      console.note("wrote \(path)")
    } catch { throw .failure("\(error)") }
  }
}

/// Gathers pieces of a text, and hands them on when there are many.
final class TextOutput {
  private static let pieceLimit = 1 << 16

  private let take: ([UInt8]) throws(InterchangeError) -> Void
  private var pending: [UInt8] = []

  init(_ take: @escaping ([UInt8]) throws(InterchangeError) -> Void) { self.take = take }

  /// Writes the next piece.
  func write(_ text: String) throws(InterchangeError) {
    pending += text.utf8
    if pending.count >= Self.pieceLimit { try flush() }
  }

  /// Hands on what is left.
  func flush() throws(InterchangeError) {
    guard !pending.isEmpty else { return }
    try take(pending)
    pending.removeAll(keepingCapacity: true)
  }
}
