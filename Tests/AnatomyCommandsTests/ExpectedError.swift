import Foundation

/// An error that a fixture announces, `# expected-error {{id: part of the message}}`, or that a command reports.
///
/// `expected-error@+1` means the next line; several `{{…}}` may follow one another.
struct ExpectedError: Hashable, CustomStringConvertible {
  let file: String
  let line: Int
  let id: String
  let message: String

  var description: String { "\(file):\(line): \(message) [\(id)]" }

  /// Whether a reported error is what this one announces.
  func isMet(by reported: ExpectedError) -> Bool {
    file == reported.file && line == reported.line && id == reported.id
      && (message.isEmpty || reported.message.contains(message))
  }

  /// The errors that a file announces.
  static func announced(in path: String) -> [ExpectedError] {
    var errors: [ExpectedError] = []
    let lines = Repository.bytes(path).split(separator: 10, omittingEmptySubsequences: false)
    for (index, bytes) in lines.enumerated() {
      let line = String(decoding: bytes, as: UTF8.self)
      guard let marker = line.range(of: "expected-error") else { continue }
      let rest = line[marker.upperBound...]
      var number = index + 1
      if rest.hasPrefix("@"), let offset = Int(rest.dropFirst().prefix { $0 != " " }) {
        number += offset
      }
      for part in rest.components(separatedBy: "{{").dropFirst() {
        let text = part.components(separatedBy: "}}").dropLast().joined(separator: "}}")
        let id = text.prefix { $0 != ":" }
        errors.append(
          ExpectedError(
            file: path, line: number, id: String(id),
            message: String(text.dropFirst(id.count + 2))))
      }
    }
    return errors
  }

  /// The errors in what a command wrote to stderr: `file:line:column: error: message [id]`.
  static func reported(in text: String) -> [ExpectedError] {
    text.split(separator: "\n").compactMap { line in
      guard line.hasSuffix("]"), let bracket = line.range(of: " [", options: .backwards),
        let word = line.range(of: ": error: ")
      else { return nil }
      let place = line[..<word.lowerBound].split(separator: ":")
      guard place.count == 3, let number = Int(place[1]) else { return nil }
      return ExpectedError(
        file: String(place[0]), line: number, id: String(line[bracket.upperBound...].dropLast()),
        message: String(line[word.upperBound..<bracket.lowerBound]))
    }
  }

  /// Expected errors that weren't reported, and reported ones that weren't expected.
  static func differences(expected: [ExpectedError], reported: [ExpectedError]) -> [String] {
    var open = reported
    var differences: [String] = []
    for error in expected {
      if let position = open.firstIndex(where: { error.isMet(by: $0) }) {
        open.remove(at: position)
      } else {
        differences.append("missing: \(error)")
      }
    }
    return differences + open.map { "unexpected: \($0)" }
  }
}
