/// Why a diagram can't be written in the language.
public enum PrintingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A wire has several producers, as only Frobenius diagrams do; the language has no word for that.
  case severalProducers
  /// Boxes depend on each other in a circle.
  case cycle
  /// Bodies are nested deeper than the language allows.
  case nesting

  /// The reason, in words.
  public var description: String {
    switch self {
    case .severalProducers:
      "a wire has several producers, which the language can't write; use JSON or DOT"
    case .cycle: "boxes depend on each other in a circle"
    case .nesting: "bodies are nested too deep for the language"
    }
  }
}
