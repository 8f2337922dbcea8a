import Interchange

extension Arguments {
  /// Writes a command's result to the file of `-o`, replacing it in one step, or else to stdout.
  func deliver(_ text: String, _ console: Console) throws(CommandFailure) {
    guard let path = value("-o") else { return console.write(text) }
    do { try FileBytes.replace(path, with: Array(text.utf8)) } catch { throw .failure("\(error)") }
    console.note("wrote \(path)")
  }
}
