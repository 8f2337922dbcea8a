/// Counts what searches find, and asks whether to go on.
final class SearchCounter {
  private var found = 0
  private let goingOn: (Int) -> Bool
  /// Whether the answer was no.
  private(set) var isStopped = false

  /// - Parameter goingOn: is given how many diagrams were found.
  init(_ goingOn: @escaping (Int) -> Bool) { self.goingOn = goingOn }

  /// Counts one more.
  func count() {
    found += 1
    if !isStopped { isStopped = !goingOn(found) }
  }
}
