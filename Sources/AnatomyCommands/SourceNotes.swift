import Diagnostics
import DiagramIR
import DiagramText

/// What files say about their declarations in comments: the lines above one, and the works that they cite.
struct SourceNotes {
  private let files: [String: Program.File]
  /// What the comment at the head of each file says.
  private let heads: [String: String]
  /// The files of derivations.
  private let derivationModules: Set<String>

  /// The notes of the files of a workspace.
  ///
  /// - Complexity: linear in what the files begin with.
  init(_ workspace: Workspace) {
    files = Dictionary(
      workspace.files.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    heads = files.mapValues { Self.head($0.source.bytes) }
    derivationModules = Set(workspace.environment.derivations.map(\.symbol.module))
  }

  /// The lines of comments directly above a declaration, as one text; empty when there are none.
  ///
  /// - Complexity: linear in the lines, and in the one that the declaration begins in.
  func note(on symbol: Symbol, _ space: NameSpace) -> String {
    guard let file = files[symbol.module], let span = file.spans[space]?[symbol] else { return "" }
    let bytes = file.source.bytes
    let lineStart = { (end: Int) in (bytes[..<end].lastIndex(of: newline) ?? -1) + 1 }
    var (lines, start) = ([ArraySlice<UInt8>](), lineStart(span.start))
    while start > 0 {
      let line = bytes[lineStart(start - 1)..<(start - 1)]
      guard line.first == hash else { break }
      lines.append(line)
      start = line.startIndex
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
    let ownWork = Self.work(in: heads[own] ?? "")
    if let ownWork, !derivationModules.contains(own) { return [ownWork] }
    var works: [String] = []
    for module in definition.diagram.symbols.map(\.module) where module != own {
      if let work = Self.work(in: heads[module] ?? ""), !works.contains(work) { works.append(work) }
    }
    return works.isEmpty ? [ownWork].compactMap { $0 } : works
  }

  private static func head(_ bytes: [UInt8]) -> String {
    var (lines, start) = ([ArraySlice<UInt8>](), 0)
    while start < bytes.count, bytes[start] == hash || bytes[start] == newline {
      let end = bytes[start...].firstIndex(of: newline) ?? bytes.count
      if end > start { lines.append(bytes[start..<end]) }
      start = end + 1
    }
    return words(lines)
  }

  /// Lines of comments as one text.
  private static func words(_ lines: [ArraySlice<UInt8>]) -> String {
    lines.map { line in
      let text = line.drop { $0 == hash }.drop { $0 == space }
      return String(decoding: text.last == carriageReturn ? text.dropLast() : text, as: UTF8.self)
    }.joined(separator: " ")
  }
}

private let (newline, carriageReturn, space, hash) = (
  UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: " "), UInt8(ascii: "#")
)

extension SourceNotes {
  /// The first work that a text cites, as the library's files do: authors, title and year, or what arXiv calls it.
  ///
  /// - Complexity: linear in the text.
  static func work(in text: String) -> String? {
    var starts = sentenceStarts(in: text)[...]
    return text.matches(of: /, (19|20)[0-9][0-9](, arXiv [0-9]+\.[0-9]+)?/).lazy.compactMap {
      year in
      let end = year.range.lowerBound
      while let next = starts.dropFirst().first, next <= end { starts.removeFirst() }
      var names = text[(starts.first ?? text.startIndex)..<end]
      // A work is no longer than this; what stands before it is left out below.
      let isCut = names.utf8.count > longestWork
      if isCut { names = names.suffix(longestWork) }
      let whole = names.startIndex
      // What leads to the authors is left out: "the common form of the mechanisms in".
      for word in [": ", " of ", " by ", " in "] {
        let authors = names.prefix { $0 != "," }
        if let end = authors.ranges(of: word).last?.upperBound { names = names[end...] }
      }
      if isCut && names.startIndex == whole { return nil }
      let isWhole = year.2 != nil || (names.contains(",") && names.first?.isUppercase == true)
      guard isWhole, names.firstMatch(of: /(19|20)[0-9][0-9]/) == nil else { return nil }
      return names + text[year.range]
    }.first.map { String($0) }
  }

  private static let longestWork = 600

  /// Where sentences begin. The points of "et al." and of initials don't end one.
  private static func sentenceStarts(in text: String) -> [String.Index] {
    [text.startIndex]
      + text.ranges(of: ". ").compactMap { point in
        var end = point.lowerBound
        while end > text.startIndex, text[text.index(before: end)] == " " {
          end = text.index(before: end)
        }
        var start = end
        while start > text.startIndex, text[text.index(before: start)] != " " {
          start = text.index(before: start)
        }
        let word = text[start..<end]
        return word != "al" && word.count > 1 ? point.upperBound : nil
      }
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
