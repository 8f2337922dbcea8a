import Diagnostics
import DiagramIR
import DiagramText

/// What files say about their declarations in comments: the lines above one, and the works that they cite.
struct SourceNotes {
  private let workspace: Workspace
  private let files: [String: Program.File]

  /// The notes of the files of a workspace.
  init(_ workspace: Workspace) {
    self.workspace = workspace
    files = Dictionary(workspace.files.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The lines of comments directly above a declaration, as one text; empty when there are none.
  func note(on symbol: Symbol, _ space: NameSpace) -> String {
    guard let file = files[symbol.module], let span = file.spans[space]?[symbol] else { return "" }
    let before = String(decoding: file.source.bytes.prefix(span.start), as: UTF8.self)
    var lines: [Substring] = []
    for line in before.split(separator: "\n", omittingEmptySubsequences: false).dropLast().reversed() {
      guard line.hasPrefix("#") else { break }
      lines.append(line)
    }
    return Self.words(lines.reversed())
  }

  /// The declaration as its file writes it; empty when there is no text.
  func declaration(of symbol: Symbol, _ space: NameSpace) -> String {
    guard let file = files[symbol.module], let span = file.spans[space]?[symbol] else { return "" }
    return String(decoding: file.source.bytes[span.start..<span.end], as: UTF8.self)
  }

  /// The works that a diagram is taken from: those cited above it, and at the head of the files of the diagrams that
  /// it uses; when there are none, at the head of its own file.
  func works(of definition: Definition) -> [String] {
    var works = [Self.work(in: note(on: definition.symbol, .callables))]
    let own = definition.symbol.module
    let used = definition.diagram.symbols.filter {
      $0.module != own && workspace.environment.definition($0) != nil
    }
    works += used.map { Self.work(in: head(of: $0.module)) }
    if works.allSatisfy({ $0 == nil }) { works.append(Self.work(in: head(of: own))) }
    var known: [String] = []
    for case let work? in works where !known.contains(work) { known.append(work) }
    return known
  }

  private func head(of module: String) -> String {
    guard let file = files[module] else { return "" }
    let text = String(decoding: file.source.bytes, as: UTF8.self)
    return Self.words(Array(text.split(separator: "\n").prefix { $0.hasPrefix("#") }))
  }

  private static func words(_ lines: [Substring]) -> String {
    lines.map { line in
      let text = line.drop { $0 == "#" }
      return String(text.drop { $0 == " " })
    }.joined(separator: " ")
  }
}

extension SourceNotes {
  /// The first work that a text cites, as the library's files do: authors, title, year, and where it appeared.
  static func work(in text: String) -> String? {
    guard let year = text.firstMatch(of: /, (19|20)[0-9][0-9](, arXiv [0-9]+\.[0-9]+)?/) else {
      return nil
    }
    var start = text.startIndex
    for end in text[..<year.range.lowerBound].matches(of: #/[.] /#) {
      let sentence = text[..<end.range.lowerBound]
      let word = sentence.split(whereSeparator: { $0 == " " }).last ?? ""
      // The points of "et al." and of initials don't end a sentence.
      guard word != "al", word.count > 1 else { continue }
      start = end.range.upperBound
    }
    return String(text[start..<year.range.upperBound])
  }

  /// The first author and the year of a work: `Vaswani et al., 2017`.
  static func short(_ work: String) -> String {
    guard let year = work.matches(of: /, ((19|20)[0-9][0-9])/).last else { return work }
    let author = work.prefix { $0 != "," }
    return "\(author), \(year.1)"
  }
}
