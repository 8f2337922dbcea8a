import Diagnostics
import DiagramText
import Foundation
import Testing

/// Sebastiano Vigna's splitmix64: a seed gives the same sequence everywhere.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

/// Random changes of valid files, in bytes and in words.
struct Mutator {
  var random: SplitMix64
  private let sources: [[UInt8]]
  private let words: [[UInt8]]

  init(seed: UInt64) {
    random = SplitMix64(state: seed)
    sources = LanguageExamples.pieces.map { Array($0.utf8) }
    let extra = [
      "{", "}", "(", ")", "[", "]", "<", ">", ",", ";", ":", "=", "==", "~=", ">=", "<=", "<>",
      "->",
      "..", "*", "+", "-", ".", "#", "\n", "\n\n", " ", "\t", "\r", "0", "-1", "1e9",
      "99999999999999999999",
      "$", "é", "→", "\u{0}", "# c\n",
    ]
    let all = LanguageExamples.all.joined(separator: " ").split { $0 == " " || $0 == "\n" }
    words = all.map { Array($0.utf8) } + extra.map { Array($0.utf8) }
  }

  /// One of the files with some changes.
  mutating func next() -> [UInt8] {
    var bytes = sources[Int.random(in: 0..<sources.count, using: &random)]
    for _ in 0..<Int.random(in: 1...4, using: &random) { mutate(&bytes) }
    return bytes
  }

  /// Bytes without any meaning.
  mutating func noise() -> [UInt8] {
    (0..<Int.random(in: 0...80, using: &random)).map { _ in
      UInt8.random(in: 0...255, using: &random)
    }
  }

  private mutating func mutate(_ bytes: inout [UInt8]) {
    let start = Int.random(in: 0...bytes.count, using: &random)
    let length = Int.random(in: 0...12, using: &random)
    let range = start..<min(bytes.count, start + length)
    let word = words[Int.random(in: 0..<words.count, using: &random)]
    switch Int.random(in: 0..<9, using: &random) {
    case 0: bytes.removeSubrange(range)
    case 1: bytes.insert(contentsOf: word, at: start)
    case 2: bytes.insert(contentsOf: [0x20] + word + [0x20], at: start)
    case 3: bytes.replaceSubrange(range, with: [0x20] + word + [0x20])
    case 4: bytes.insert(contentsOf: Array(bytes[range]), at: start)
    case 5: if start < bytes.count { bytes[start] = UInt8.random(in: 0...255, using: &random) }
    case 6: if start < bytes.count { bytes[start] = 0x0A }
    case 7: joinLines(&bytes, from: start)
    default: lengthenNames(&bytes, from: start)
    }
  }

  /// Puts the next few lines on one.
  private func joinLines(_ bytes: inout [UInt8], from start: Int) {
    for offset in start..<min(bytes.count, start + 200) where bytes[offset] == 0x0A {
      bytes[offset] = 0x20
    }
  }

  /// Makes the next few names long, so that lines must be broken.
  private func lengthenNames(_ bytes: inout [UInt8], from start: Int) {
    let suffix = Array("_which_is_long".utf8)
    for offset in (start..<min(bytes.count, start + 150)).reversed() {
      guard offset > 0, bytes[offset - 1] == UInt8(ascii: "("), bytes[offset] > 0x60 else {
        continue
      }
      bytes.insert(contentsOf: [bytes[offset]] + suffix, at: offset)
    }
  }
}

extension LanguageExamples {
  /// The examples cut at their empty lines, and whole.
  static var pieces: [String] {
    var pieces: [String] = []
    for text in all {
      var piece = ""
      for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
        if line.isEmpty {
          pieces.append(piece)
          piece = ""
        }
        piece += line + "\n"
      }
    }
    return pieces
  }
}

@Suite struct SyntaxFuzzTests {
  /// 10,000, or what ANATOMY_FUZZ_COUNT says.
  private static let count =
    ProcessInfo.processInfo.environment["ANATOMY_FUZZ_COUNT"].flatMap { Int($0) } ?? 10_000
  private static let seed =
    ProcessInfo.processInfo.environment["ANATOMY_FUZZ_SEED"].flatMap { UInt64($0) } ?? 2026

  @Test("no change of a valid file traps, and those without faults format to a fixed point")
  func mutations() {
    print("seed \(Self.seed), \(Self.count) mutations")
    var mutator = Mutator(seed: Self.seed)
    var (faulty, faultless) = (0, 0)
    for index in 0..<Self.count {
      let source = SourceText(path: "m", bytes: index % 8 == 7 ? mutator.noise() : mutator.next())
      let (tree, diagnostics) = SyntaxTree.parse(source)
      if diagnostics.isEmpty {
        faultless += 1
        checkFormatting(tree, index)
      } else {
        faulty += 1
        checkFaults(diagnostics, source, index)
      }
    }
    #expect(faultless > Self.count / 20)
    #expect(faulty > Self.count / 20)
  }

  private func checkFormatting(_ tree: SyntaxTree, _ index: Int) {
    let once = Formatter.format(tree)
    let (again, diagnostics) = SyntaxTree.parse(SourceText(path: "m", text: once))
    let isFixed = diagnostics.isEmpty && Formatter.format(again) == once
    let before = String(decoding: tree.source.bytes, as: UTF8.self)
    let isKept = tokensAndComments(before) == tokensAndComments(once)
    if !isFixed || !isKept {
      Issue.record("mutation \(index), fixed \(isFixed), kept \(isKept):\n\(before)\n---\n\(once)")
    }
  }

  private func checkFaults(_ diagnostics: [Diagnostic], _ source: SourceText, _ index: Int) {
    let rendered = DiagnosticRenderer.render(diagnostics, of: source)
    let isOrdered = zip(diagnostics, diagnostics.dropFirst()).allSatisfy {
      $0.span.start <= $1.span.start
    }
    let isInside = diagnostics.allSatisfy {
      $0.span.start >= 0 && $0.span.start <= $0.span.end && $0.span.end <= source.bytes.count
    }
    if rendered.isEmpty || !isOrdered || !isInside { Issue.record("mutation \(index)") }
  }
}
