/// A form in which `anatomy taxonomy` writes its graph, which the ending of the file's name says.
enum TaxonomyForm: String, CaseIterable {
  case dot, json, html, svg

  /// The form that `-o` asks for: DOT where it is not given, or the name has no ending.
  ///
  /// - Throws: `CommandFailure`, when the ending is that of no form.
  init(_ arguments: Arguments) throws(CommandFailure) {
    try arguments.checkEnding(
      WrittenForm(
        writer: "taxonomy", endings: Self.allCases.map(\.rawValue), isPlain: false))
    self = arguments.ending(of: "-o").flatMap { Self(rawValue: $0.text) } ?? .dot
  }

  /// What a form that can't show many mechanisms is called; `nil` for the others.
  var drawing: String? {
    switch self {
    case .dot, .json: nil
    case .html: "a page"
    case .svg: "SVG"
    }
  }
}
