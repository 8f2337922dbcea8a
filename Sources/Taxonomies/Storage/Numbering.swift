/// Distinct things, numbered from zero in the order in which they came.
struct Numbering<Element: Hashable & Sendable>: Sendable {
  /// The things, by number.
  private(set) var elements: [Element] = []
  private var numbers: [Element: Int] = [:]

  /// The number of a thing, which gets the next one when it is new.
  mutating func number(of element: Element) -> Int {
    if let known = numbers[element] { return known }
    numbers[element] = elements.count
    elements.append(element)
    return elements.count - 1
  }
}
