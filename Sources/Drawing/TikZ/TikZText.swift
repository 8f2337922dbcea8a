/// The lexical side of TikZ.
enum TikZText {
  /// How many points of a layout a unit of the picture is, and a point of the picture.
  static let unit = 32.0
  static let point = unit / 28.4527559

  /// Characters of a text. Those that a plain LaTeX font may lack become question marks.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\textbackslash{}"
      case "~": result += "\\textasciitilde{}"
      case "^": result += "\\textasciicircum{}"
      case "<": result += "\\textless{}"
      case ">": result += "\\textgreater{}"
      case "|": result += "\\textbar{}"
      case "\"": result += "\\textquotedbl{}"
      case "{", "}", "$", "&", "#", "_", "%": result += "\\\(scalar)"
      case " "..."\u{7e}", "\u{c0}"..."\u{17f}": result.unicodeScalars.append(scalar)
      default: result += "?"
      }
    }
    return result
  }

  /// A number with at most three digits behind the point.
  static func number(_ value: Double) -> String { DecimalText.text(value, digits: 3) }

  /// A place of a layout as coordinates, up positive.
  static func coordinates(_ place: Point) -> String {
    "(\(number(place.x / unit)), \(number(-place.y / unit)))"
  }

  /// A length of a layout.
  static func length(_ value: Double) -> String { "\(number(value / point))pt" }
}
