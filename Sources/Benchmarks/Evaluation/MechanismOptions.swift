/// The sizes at which mechanisms are timed, and which of them.
struct MechanismOptions {
  private(set) var batch = 1
  private var heads = 8
  private var tokens = 1024
  private var width = 512
  private var headWidth = 64
  private(set) var threads = 2
  /// `nil` for all.
  private(set) var names: [String]?

  /// - Returns: `nil` for arguments that it doesn't know.
  init?(_ arguments: some Sequence<String>) {
    var rest = Array(arguments)[...]
    while let option = rest.popFirst() {
      guard let value = rest.popFirst() else { return nil }
      if option == "--only" {
        names = value.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        continue
      }
      guard let number = Int(value), number > 0 else { return nil }
      switch option {
      case "--batch": batch = number
      case "--heads": heads = number
      case "--tokens": tokens = number
      case "--width": width = number
      case "--head-width": headWidth = number
      case "--threads": threads = number
      default: return nil
      }
    }
  }

  /// The size of an axis, by the library's names for axes: 8 for those that no option gives.
  func size(_ axis: String) -> Int {
    switch axis {
    case "b", "batch": batch
    case "h": heads
    case "n", "m": tokens
    case "d": width
    case "a", "e", "k": headWidth
    default: 8
    }
  }
}
