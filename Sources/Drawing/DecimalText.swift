/// Numbers of pictures: in decimals, without an exponent.
enum DecimalText {
  /// A number rounded to so many digits behind the point, without zeros at its end. What is no number is zero, and
  /// nothing is farther from it than 10¹².
  static func text(_ value: Double, digits: Int) -> String {
    guard value.isFinite else { return "0" }
    var scale: UInt = 1
    for _ in 0..<digits { scale *= 10 }
    let units = Int((min(max(value, -1e12), 1e12) * Double(scale)).rounded())
    var (whole, rest) = units.magnitude.quotientAndRemainder(dividingBy: scale)
    var text = (units < 0 ? "-" : "") + String(whole)
    guard rest > 0 else { return text }
    text += "."
    while rest > 0 {
      scale /= 10
      (whole, rest) = rest.quotientAndRemainder(dividingBy: scale)
      text += String(whole)
    }
    return text
  }
}
