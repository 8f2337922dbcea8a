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
    files = Dictionary(
      workspace.files.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The lines of comments directly above a declaration, as one text; empty when there are none.
  func note(on symbol: Symbol, _ space: NameSpace) -> String {
    guard let file = files[symbol.module], let span = file.spans[space]?[symbol] else { return "" }
    let before = String(decoding: file.source.bytes.prefix(span.start), as: UTF8.self)
    var lines: [Substring] = []
    for line in before.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      .reversed()
    {
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

  /// The works that a diagram is taken from: the one cited above it; else that at the head of its file; else those at
  /// the heads of the files of the diagrams that it uses. A file of derivations cites what is said about mechanisms, and
  /// comes last.
  func works(of definition: Definition) -> [String] {
    let own = definition.symbol.module
    if let work = Self.work(in: note(on: definition.symbol, .callables)) { return [work] }
    let ownWork = Self.work(in: head(of: own))
    let isOfDerivations = workspace.environment.derivations.contains { $0.symbol.module == own }
    if let ownWork, !isOfDerivations { return [ownWork] }
    var works: [String] = []
    for module in definition.diagram.symbols.map(\.module) where module != own {
      if let work = Self.work(in: head(of: module)), !works.contains(work) { works.append(work) }
    }
    return works.isEmpty ? [ownWork].compactMap { $0 } : works
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
  /// The first work that a text cites, as the library's files do: authors, title and year, or what arXiv calls it.
  static func work(in text: String) -> String? {
    text.matches(of: /, (19|20)[0-9][0-9](, arXiv [0-9]+\.[0-9]+)?/).lazy.compactMap { year in
      let start = sentenceStart(in: text, before: year.range.lowerBound)
      var names = text[start..<year.range.lowerBound]
      // What leads to the authors is left out: "the common form of the mechanisms in".
      for word in [": ", " of ", " by ", " in "] {
        let authors = names.prefix { $0 != "," }
        if let end = authors.ranges(of: word).last?.upperBound { names = names[end...] }
      }
      let isWhole = year.2 != nil || (names.contains(",") && names.first?.isUppercase == true)
      guard isWhole, names.firstMatch(of: /(19|20)[0-9][0-9]/) == nil else { return nil }
      return names + text[year.range]
    }.first.map { String($0) }
  }

  private static func sentenceStart(in text: String, before end: String.Index) -> String.Index {
    for point in text[..<end].ranges(of: ". ").reversed() {
      let word = text[..<point.lowerBound].split(separator: " ").last ?? ""
      // The points of "et al." and of initials don't end a sentence.
      if word != "al", word.count > 1 { return point.upperBound }
    }
    return text.startIndex
  }

  /// The authors and the year of a work, in short: `Vaswani et al., 2017`.
  static func short(_ work: String) -> String {
    guard let year = work.matches(of: /, ((19|20)[0-9][0-9])/).last else { return work }
    let parts = work[..<year.range.lowerBound].split(separator: ",")
    let first = parts.first.map(String.init) ?? ""
    // Several authors are "Luong, Pham and Manning", with a title after them.
    let later = parts.dropFirst().prefix(8).prefix { $0.split(separator: " ").count < 5 }
    let isList = later.contains {
      $0.wholeMatch(of: /( \p{L}+)? [\p{Lu}][\p{L}-]* and [\p{Lu}][\p{L}-]*/) != nil
    }
    return isList ? "\(first) et al., \(year.1)" : "\(first), \(year.1)"
  }
}
