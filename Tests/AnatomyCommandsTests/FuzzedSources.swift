import DiagramText
import Foundation

/// Sebastiano Vigna's splitmix64: a seed gives the same sequence everywhere.
struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// A number from 0 up to a limit.
  mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }
}

/// Texts for the whole pipeline: declarations of the library with random changes, and random bytes.
struct FuzzedSources {
  private var random: SplitMix64
  /// Declarations of the library, one a text.
  private let declarations: [String]
  /// Whole files whose declarations use one another.
  private let files: [String]
  private let tokens: [String]

  init(seed: UInt64) {
    random = SplitMix64(seed: seed)
    let paths = Repository.library.filter { !$0.hasSuffix("/tensor.rules") }
    files = paths.map(Repository.text).filter { $0.utf8.count < 3000 }
    declarations = paths.map(Repository.text).flatMap(Self.declarations(in:))
    tokens =
      Array(Set(declarations.flatMap(Self.tokens(in:)))).sorted()
      + [
        "0", "1e9", "99999999999999999999", "-3", "..s", "per", "as", "scan", "size", "\u{0}", "é",
      ]
  }

  /// A text to read.
  mutating func next() -> [UInt8] {
    switch random.below(16) {
    case 0:
      return (0..<random.below(60)).map { _ in UInt8(truncatingIfNeeded: random.below(256)) }
    case 1:
      let words = (0..<random.below(40)).map { _ in tokens[random.below(tokens.count)] }
      return Array(words.joined(separator: " ").utf8)
    default:
      var words: [String] = []
      if random.below(6) == 0 {
        words = Self.tokens(in: files[random.below(files.count)])
      } else {
        for _ in 0...random.below(2) {
          words += Self.tokens(in: declarations[random.below(declarations.count)])
        }
      }
      for _ in 0..<random.below(3) { change(&words) }
      return Array(words.joined().utf8)
    }
  }

  private mutating func change(_ words: inout [String]) {
    guard !words.isEmpty else { return }
    let place = random.below(words.count)
    switch random.below(7) {
    case 0: words.remove(at: place)
    case 1: words.insert(" \(tokens[random.below(tokens.count)]) ", at: place)
    case 2: words[place] = tokens[random.below(tokens.count)]
    case 3: words.swapAt(place, random.below(words.count))
    case 4: words[place] = words[random.below(words.count)]
    case 5:
      let end = min(words.count, place + 1 + random.below(8))
      words.insert(contentsOf: words[place..<end], at: random.below(words.count))
    default: words[place] = String(words[place].dropLast()) + String(random.below(10))
    }
  }

  /// The texts of a file's declarations.
  static func declarations(in text: String) -> [String] {
    let starts = ["theory", "sort", "box", "diagram", "rule", "derivation", "import"]
    var found: [String] = []
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      if starts.contains(where: { line.hasPrefix($0 + " ") }) {
        found.append(String(line))
      } else if !found.isEmpty {
        found[found.count - 1] += "\n" + line
      }
    }
    return found
  }

  /// The words, signs and spaces of a text, which make it up one after another; comments are left out.
  static func tokens(in text: String) -> [String] {
    var tokens: [String] = []
    for line in text.split(separator: "\n") {
      var word = ""
      for character in line.prefix(while: { $0 != "#" }) {
        if character.isLetter || character.isNumber || character == "_" || character == "." {
          word.append(character)
          continue
        }
        if !word.isEmpty { tokens.append(word) }
        word = ""
        tokens.append(String(character))
      }
      if !word.isEmpty { tokens.append(word) }
      tokens.append("\n")
    }
    return tokens
  }
}
