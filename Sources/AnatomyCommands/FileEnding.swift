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

  /// Whether it names a kind of pictures or pages that no command writes.
  var isForeignPicture: Bool { Self.foreignPictures.contains(text) }

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

extension Arguments {
  /// The ending of the file of `-o`; `nil` where there is no such file, or its name has no ending.
  var destinationEnding: FileEnding? {
    guard let path = value("-o") else { return nil }
    let ending = FileEnding(of: path)
    return ending.text.isEmpty ? nil : ending
  }
}
