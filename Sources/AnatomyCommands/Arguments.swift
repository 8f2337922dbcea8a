/// An option of a command.
struct Option {
  /// How many values follow it.
  enum Arity {
    /// It is a switch.
    case none
    /// One value.
    case one
    /// All words up to the next option; it may be given again.
    case several
  }

  let name: String
  let arity: Arity
  /// What the value is called in the help; empty for a switch.
  let value: String
  let help: String

  /// `--name`.
  static func flag(_ name: String, _ help: String) -> Option {
    Option(name: name, arity: .none, value: "", help: help)
  }

  /// `--name VALUE`.
  static func one(_ name: String, _ value: String, _ help: String) -> Option {
    Option(name: name, arity: .one, value: value, help: help)
  }

  /// `--name VALUE…`.
  static func several(_ name: String, _ value: String, _ help: String) -> Option {
    Option(name: name, arity: .several, value: value, help: help)
  }

  /// Options of every command.
  static let common: [Option] = [
    .several("--library", "DIR", "look for imported files in DIR too"),
    .flag("--quiet", "print results and errors only"),
    .flag("--help", "print this help"),
  ]

  /// The option as the help shows it.
  var usage: String {
    switch arity {
    case .none: name
    case .one: "\(name) \(value)"
    case .several: "\(name) \(value)\(value.hasSuffix("…") ? "" : "…")"
    }
  }
}

/// The words after a command's name, taken apart.
struct Arguments {
  private(set) var positionals: [String] = []
  private var values: [String: [String]] = [:]

  /// Takes words apart by the options that a command has; `--` ends the options.
  init(_ words: [String], options: [Option]) throws(CommandFailure) {
    var rest = words[...]
    while let word = rest.popFirst() {
      if word == "--" {
        positionals += rest
        return
      }
      guard word.hasPrefix("-"), word.count > 1 else {
        positionals.append(word)
        continue
      }
      let (name, attached) = Self.divide(word)
      guard let option = options.first(where: { $0.name == name }) else {
        let known = options.map(\.name).joined(separator: ", ")
        throw .usage("unknown option \(name); there are \(known)")
      }
      try take(option, attached, &rest)
    }
  }

  private mutating func take(
    _ option: Option, _ attached: String?, _ rest: inout ArraySlice<String>
  ) throws(CommandFailure) {
    var taken: [String] = attached.map { [$0] } ?? []
    switch option.arity {
    case .none:
      if attached != nil { throw .usage("\(option.name) takes no value") }
    case .one:
      if taken.isEmpty, let value = rest.popFirst() { taken = [value] }
      if values[option.name] != nil { throw .usage("\(option.name) is given twice") }
    case .several:
      if attached == nil {
        while let next = rest.first, !Self.isOption(next) { taken.append(rest.removeFirst()) }
      }
    }
    if option.arity != .none, taken.isEmpty {
      throw .usage("\(option.name) needs a value: \(option.usage)")
    }
    values[option.name, default: []] += taken
  }

  /// `--name=value` as a name and a value.
  private static func divide(_ word: String) -> (String, String?) {
    guard word.hasPrefix("--"), let equals = word.firstIndex(of: "=") else { return (word, nil) }
    return (String(word[..<equals]), String(word[word.index(after: equals)...]))
  }

  private static func isOption(_ word: String) -> Bool {
    guard word.hasPrefix("-"), word.count > 1 else { return false }
    return Double(word) == nil
  }

  /// Whether an option was given.
  func has(_ name: String) -> Bool { values[name] != nil }

  /// The value of an option that takes one.
  func value(_ name: String) -> String? { values[name]?.first }

  /// All values of an option.
  func values(_ name: String) -> [String] { values[name] ?? [] }

  /// All values of an option, each divided at commas.
  func list(_ name: String) -> [String] {
    values(name).flatMap { $0.split(separator: ",").map(String.init) }
  }

  /// The value of an option as a number that is not negative.
  func count(_ name: String) throws(CommandFailure) -> Int? {
    guard let text = value(name) else { return nil }
    guard let number = Int(text), number >= 0 else {
      throw .usage("\(name) takes a whole number, and '\(text)' is none")
    }
    return number
  }

  /// `NAME=VALUE` words of an option, in order.
  func assignments(_ name: String) throws(CommandFailure) -> [(name: String, value: String)] {
    var pairs: [(name: String, value: String)] = []
    for word in values(name) {
      guard let equals = word.firstIndex(of: "="), equals != word.startIndex else {
        throw .usage("\(name) takes NAME=VALUE, and '\(word)' has no '='")
      }
      let pair = (String(word[..<equals]), String(word[word.index(after: equals)...]))
      if pairs.contains(where: { $0.name == pair.0 }) {
        throw .usage("\(name) gives '\(pair.0)' twice")
      }
      pairs.append(pair)
    }
    return pairs
  }
}
