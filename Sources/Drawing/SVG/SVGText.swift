/// The lexical side of SVG.
enum SVGText {
  /// Characters of a text or of an attribute. Those that XML can't hold become replacement characters.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\u{fffe}", "\u{ffff}": result += "\u{fffd}"
      case _ where scalar.properties.generalCategory == .control: result += "\u{fffd}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A number with at most two digits behind the point.
  static func number(_ value: Double) -> String {
    let hundredths = Int(min(max(value, -1e12), 1e12) * 100 + (value < 0 ? -0.5 : 0.5))
    let (whole, rest) = (hundredths.magnitude / 100, hundredths.magnitude % 100)
    let sign = hundredths < 0 ? "-" : ""
    if rest == 0 { return "\(sign)\(whole)" }
    if rest % 10 == 0 { return "\(sign)\(whole).\(rest / 10)" }
    return "\(sign)\(whole).\(rest < 10 ? "0" : "")\(rest)"
  }

  /// A place as `x,y`.
  static func point(_ point: Point) -> String { "\(number(point.x)),\(number(point.y))" }

  /// The data of a path.
  static func data(_ path: WirePath) -> String {
    var text = "M\(point(path.start))"
    for piece in path.pieces {
      switch piece {
      case .line(let end): text += "L\(point(end))"
      case .curve(let first, let second, let end):
        text += "C\(point(first)) \(point(second)) \(point(end))"
      }
    }
    return text
  }
}
