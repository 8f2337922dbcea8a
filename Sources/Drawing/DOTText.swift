/// The lexical side of the DOT language.
enum DOTText {
  /// A string of the DOT language. Control characters, which it can't hold, become replacement characters, and
  /// ampersands entities, since Graphviz reads entities in labels.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "&": result += "&amp;"
      case _ where scalar.properties.generalCategory == .control: result += "\u{fffd}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
