/// The ending of a file's name, which tells people and programs what is in the file.
struct FileEnding: Equatable, CustomStringConvertible {
  /// What follows the last dot, in small letters; empty where nothing does, or nothing is before it.
  let text: String

  /// The ending of the last part of a path.
  init(of path: String) {
    let name = path.split(separator: "/").last ?? ""
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    text = name.drop { $0 == "." }.contains(".") ? (parts.last ?? "").lowercased() : ""
  }

  /// The ending with its dot.
  var description: String { ".\(text)" }

  /// Whether it says what is in a file: something that a command writes, or pictures of a kind that none does.
  var saysForm: Bool { Self.forms.contains(text) || Self.foreignPictures.contains(text) }

  private static let forms: Set = [
    "diagram", "dot", "gv", "htm", "html", "json", "npy", "npz", "safetensors", "svg", "tex",
    "tikz",
  ]
  private static let foreignPictures: Set = [
    "bmp", "eps", "gif", "jpeg", "jpg", "pdf", "png", "ps", "tif", "tiff", "webp",
  ]

  /// Endings as people list them.
  static func list(_ endings: [String]) -> String {
    let words = endings.map { ".\($0)" }
    guard let last = words.last, words.count > 1 else { return words.joined() }
    return words.dropLast().joined(separator: ", ") + " or " + last
  }
}

/// What an option has a command write to a file.
struct WrittenForm {
  /// Who writes it, as a message begins.
  let writer: String
  /// How names of such files end; none where any name will do that says nothing else.
  var endings: [String] = []
  /// Whether it is a text that can have any name that says nothing else.
  var isPlain = true
  /// What a message says is written, where that is no list of endings.
  var content = "plain text"
  /// What a message says of another ending, at its end.
  var advice: (FileEnding) -> String = { _ in "" }

  /// A file of the language.
  static func language(_ writer: String) -> WrittenForm {
    WrittenForm(writer: writer, endings: ["diagram"])
  }

  /// Whether a file of this ending is what it seems to be.
  func allows(_ ending: FileEnding) -> Bool {
    endings.contains(ending.text) || (isPlain && !ending.saysForm)
  }
}

extension Arguments {
  /// The ending of the file of an option; `nil` where there is no such file, or its name has no ending.
  func ending(of option: String) -> FileEnding? {
    guard let path = value(option) else { return nil }
    let ending = FileEnding(of: path)
    return ending.text.isEmpty ? nil : ending
  }

  /// Refuses a file whose name says that something else is in it than what is written: the one rule for all commands.
  ///
  /// - Throws: `CommandFailure`, for wrong usage.
  func checkEnding(of option: String = "-o", _ form: WrittenForm) throws(CommandFailure) {
    guard let ending = ending(of: option), !form.allows(ending) else { return }
    let written = form.endings.isEmpty ? form.content : FileEnding.list(form.endings)
    throw .usage("\(form.writer) writes \(written), and not \(ending)\(form.advice(ending))")
  }
}
