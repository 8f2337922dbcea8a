/// How much room a text takes, without a font at hand.
///
/// The widths are those of a wide sans-serif face, so that a text in Helvetica, Arial, Liberation Sans or DejaVu
/// Sans stays in the room that it is given. Characters that the table doesn't have count as wide ones.
enum TextMetrics {
  /// The width of a line at a font size.
  static func width(_ text: String, size: Double) -> Double {
    var units = 0
    for scalar in text.unicodeScalars { units += width(of: scalar) }
    return Double(units) * size / 1000
  }

  /// The height of a line at a font size.
  static func height(size: Double) -> Double { size * 1.2 }

  /// A text in lines that aren't wider than this, broken between words; a word that is wider is broken in itself.
  static func lines(_ text: String, size: Double, within width: Double) -> [String] {
    var (lines, line) = ([String](), "")
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      let longer = line.isEmpty ? String(word) : "\(line) \(word)"
      guard Self.width(longer, size: size) > width else {
        line = longer
        continue
      }
      if !line.isEmpty { lines.append(line) }
      line = ""
      for character in word {
        if !line.isEmpty, Self.width("\(line)\(character)", size: size) > width {
          lines.append(line)
          line = ""
        }
        line.append(character)
      }
    }
    return line.isEmpty && !lines.isEmpty ? lines : lines + [line]
  }

  private static func width(of scalar: Unicode.Scalar) -> Int {
    let place = Int(scalar.value) - 32
    if ascii.indices.contains(place) { return ascii[place] }
    if scalar.value < 0x250 { return 700 }
    if scalar.properties.generalCategory == .nonspacingMark { return 0 }
    return scalar.value < 0x1100 ? 900 : 1200
  }

  /// In thousandths of the font size, from the space to the tilde.
  private static let ascii: [Int] = [
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636,
    636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, 1015, 684, 686, 722, 770, 667,
    611, 778, 752, 295, 500, 667, 557, 863, 748, 787, 667, 787, 722, 667, 611, 732, 684, 989, 685,
    667, 685, 390, 337, 390, 838, 556, 500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579,
    278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
  ]
}
