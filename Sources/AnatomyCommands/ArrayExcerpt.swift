import Foundation
import Interchange

/// The first entries of an array, for people.
struct ArrayExcerpt {
  private static let rows = 6
  private static let columns = 6

  private let sizes: [Int]
  private let elements: [Double]

  init(_ array: NumericArray) {
    sizes = array.shape.sizes
    elements = array.asFloat64.elements
  }

  /// Rows of numbers, each line ended by `\n`; of arrays with more than two axes, the leading matrices.
  var text: String {
    guard !elements.isEmpty else { return "  (empty)\n" }
    guard let width = sizes.last else { return line(elements[...]) }
    let height = elements.count / width
    var text = ""
    for row in 0..<min(height, Self.rows) {
      text += line(elements[(row * width)..<((row + 1) * width)])
    }
    if height > Self.rows {
      text += "  … \(height - Self.rows) more row\(height == Self.rows + 1 ? "" : "s")\n"
    }
    return text
  }

  private func line(_ row: ArraySlice<Double>) -> String {
    let shown = row.prefix(Self.columns).map { number in
      let text = number.isNaN ? "nan" : String(format: "%.4g", number)
      return String(repeating: " ", count: max(1, 11 - text.count)) + text
    }
    return " " + shown.joined() + (row.count > Self.columns ? "  …" : "") + "\n"
  }
}
