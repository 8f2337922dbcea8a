import DiagramIR
import Foundation
import Testing

@testable import Interchange

@Suite("Diagrams in JSON: mutations") struct DiagramJSONFuzzTests {
  private struct Tally {
    var accepted = 0
    var refused = 0
  }

  private static var count: Int {
    ProcessInfo.processInfo.environment["ANATOMY_FUZZ_COUNT"].flatMap { Int($0) } ?? 5_000
  }

  private static var seed: UInt64 {
    ProcessInfo.processInfo.environment["ANATOMY_FUZZ_SEED"].flatMap { UInt64($0) } ?? 2407
  }

  private static let documents =
    [
      DiagramDocuments.value, DiagramDocuments.laneValue, DiagramDocuments.scanValue,
      DiagramDocuments.symmetricValue,
    ]
    + DiagramSamples.all.compactMap { environment, definition in
      try? JSONValue(parsing: DiagramJSON.encode(definition, environment: environment))
    }

  /// Decodes; what is accepted must satisfy every invariant and come back once more.
  private func decode(_ bytes: [UInt8], _ tally: inout Tally) throws {
    do {
      let (environment, symbol) = try DiagramJSON.decode(bytes, path: "x.json")
      tally.accepted += 1
      let definition = try #require(environment.definition(symbol))
      for definition in environment.definitions { try environment.verify(definition.diagram) }
      let text = DiagramJSON.encode(definition, environment: environment)
      let (again, _) = try DiagramJSON.decode(Array(text.utf8), path: "x.json")
      #expect(again.definition(symbol)?.diagram.digest() == definition.diagram.digest())
    } catch let error as DiagramJSONError {
      #expect(error.path == "x.json")
      tally.refused += 1
    }
  }

  @Test("no change of bytes makes the decoder trap")
  func bytes() throws {
    print("seed \(Self.seed)")
    var mutation = DiagramMutation(seed: Self.seed)
    let texts = Self.documents.map(\.compactBytes)
    var tally = Tally()
    for _ in 0..<(Self.count / 2) {
      guard let text = texts.randomElement(using: &mutation) else { continue }
      try decode(mutation.change(text), &tally)
    }
    print("accepted \(tally.accepted), refused \(tally.refused)")
    #expect(tally.accepted > 0 && tally.refused > tally.accepted)
  }

  @Test("no change of values makes the decoder trap")
  func values() throws {
    print("seed \(Self.seed)")
    var mutation = DiagramMutation(seed: Self.seed)
    var tally = Tally()
    for _ in 0..<(Self.count / 2) {
      guard var value = Self.documents.randomElement(using: &mutation) else { continue }
      for _ in 0...Int.random(in: 0...1, using: &mutation) { value = mutation.change(value) }
      try decode(value.compactBytes, &tally)
    }
    print("accepted \(tally.accepted), refused \(tally.refused)")
    #expect(tally.accepted > 0 && tally.refused > tally.accepted)
  }
}
