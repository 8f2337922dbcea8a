import DiagramIR
import DiagramText
import Testing

@testable import Interchange

@Suite("Diagrams in JSON: round trips") struct DiagramJSONRoundTripTests {
  /// Encodes, decodes, and compares everything that should be kept.
  private func check(_ definition: Definition, _ environment: Environment) throws {
    let text = DiagramJSON.encode(definition, environment: environment)
    #expect(text.hasSuffix("}\n"))
    #expect(text == DiagramJSON.encode(definition, environment: environment))
    let (decoded, symbol) = try DiagramJSON.decode(Array(text.utf8), path: "x.json")
    #expect(symbol == definition.symbol)
    let copy = try #require(decoded.definition(symbol))
    #expect(copy.diagram.digest() == definition.diagram.digest(), "\(symbol)")
    #expect(copy.sizes == definition.sizes)
    #expect(copy.openSizes == definition.openSizes)
    #expect(copy.resultNames == definition.resultNames)
    #expect(copy.isLearned == definition.isLearned)
    #expect(names(copy.diagram) == names(definition.diagram))
    #expect(copy.diagram.types == definition.diagram.types)
    #expect(copy.diagram.operations == definition.diagram.operations)
    #expect(DiagramJSON.encode(copy, environment: decoded) == text, "\(symbol)")
    for box in decoded.boxes { #expect(environment.box(box.symbol)?.linear == box.linear) }
  }

  private func names(_ diagram: Diagram) -> [String] {
    diagram.domain.map { diagram.name(of: $0) }
      + (0..<diagram.wireCount).map { diagram.name(of: WireID($0)) }.sorted()
  }

  @Test("every diagram of the library comes back as it was")
  func library() throws {
    let library = DiagramLibrary()
    let program = Program(paths: library.paths, provider: library)
    #expect(!program.hasErrors)
    #expect(program.environment.definitions.count > 30)
    for definition in program.environment.definitions {
      try check(definition, program.environment)
    }
  }

  @Test("unfolded diagrams of the library come back as they were")
  func unfolded() throws {
    let library = DiagramLibrary()
    let environment = Program(paths: library.paths, provider: library).environment
    var largest = 0
    for definition in environment.definitions {
      let diagram = try environment.unfoldingAll(definition.diagram)
      largest = max(largest, diagram.boxCount)
      let copy = Definition(
        symbol: definition.symbol, diagram: diagram, resultNames: definition.resultNames,
        sizeOrder: definition.sizes)
      try check(copy, environment)
    }
    #expect(largest > 50)
  }

  @Test("both sides of every rule of the library come back as they were")
  func rules() throws {
    let library = DiagramLibrary()
    let environment = Program(paths: library.paths, provider: library).environment
    #expect(environment.rules.count > 50)
    for rule in environment.rules {
      for diagram in [rule.left, rule.right] {
        try check(
          Definition(symbol: rule.symbol, diagram: diagram, resultNames: []), environment)
      }
    }
  }

  @Test("diagrams of all doctrines, made by hand, come back as they were")
  func samples() throws {
    #expect(DiagramSamples.all.count == 12)
    for (environment, definition) in DiagramSamples.all { try check(definition, environment) }
  }

  @Test("a different diagram has a different text and digest")
  func difference() throws {
    let (environment, definition) = DiagramSamples.symmetric
    let other = try #require(environment.definitions.first)
    #expect(
      DiagramJSON.encode(definition, environment: environment)
        != DiagramJSON.encode(other, environment: environment))
    #expect(definition.diagram.digest() != other.diagram.digest())
  }

  @Test("constants keep all their bits")
  func numbers() throws {
    let (environment, definition) = DiagramSamples.numbers
    let text = DiagramJSON.encode(definition, environment: environment)
    let (decoded, symbol) = try DiagramJSON.decode(Array(text.utf8), path: "x.json")
    let patterns = decoded.definition(symbol)?.diagram.operations.compactMap { operation in
      if case .number(let pattern) = operation { pattern } else { UInt64?.none }
    }
    #expect(patterns == DiagramSamples.patterns)
    #expect(text.contains(#""value": "0x7ff0000000000001""#))
    #expect(text.contains(#""value": -0.0"#))
  }

  @Test("bodies may be nested as deep as a diagram allows, and no deeper")
  func nesting() async throws {
    try check(DiagramSamples.nested(50), Environment())
    let limit = DiagramBuilder.maximumNesting
    let deepest = await LargeStack.run { decoding(DiagramSamples.nested(limit)) }
    #expect(try deepest.get() == DiagramSamples.nested(limit).diagram.digest())
    let deeper = await LargeStack.run { decoding(DiagramSamples.nested(limit + 1)) }
    #expect {
      try deeper.get()
    } throws: { error in
      let error = error as? DiagramJSONError
      return error?.fault == .nesting && error?.location.hasSuffix(".boxes[0].body") == true
    }
  }

  /// The digest after encoding without indentation, which would be most of the text, and decoding.
  private func decoding(_ definition: Definition) -> Result<Digest?, DiagramJSONError> {
    let bytes = DiagramDocument(of: definition, in: Environment()).json.compactBytes
    do {
      let (decoded, symbol) = try DiagramJSON.decode(bytes, path: "x.json")
      return .success(decoded.definition(symbol)?.diagram.digest())
    } catch {
      return .failure(error)
    }
  }

  @Test("a diagram that uses another of its own name gets a number")
  func ownName() throws {
    let (environment, definition) = DiagramSamples.symmetric
    let inner = try #require(environment.definitions.first)
    let renamed = Definition(
      symbol: inner.symbol, diagram: definition.diagram, resultNames: [])
    let text = DiagramJSON.encode(renamed, environment: environment)
    let (decoded, symbol) = try DiagramJSON.decode(Array(text.utf8), path: "x.json")
    #expect(symbol == Symbol(module: "hand", name: "twist_2"))
    #expect(decoded.definition(symbol)?.diagram.digest() == definition.diagram.digest())
    #expect(decoded.definitions.count == 2)
  }

  @Test("inputs of bodies in another order, repeated or unused give the same diagram")
  func normalForm() throws {
    let diagram: [JSONValue] = ["definitions", 0, "diagram"]
    let body = diagram + ["boxes", 0, "body"]
    let permuted = DiagramDocuments.laneValue
      .setting(diagram + ["boxes", 0, "inputs"], to: [1, 0, 1, 0])
      .setting(diagram + ["operations", 1, "mapped"], to: 3)
      .setting(body + ["domain"], to: [1, 0, 3, 4])
      .setting(
        body + ["wires"], to: [[1, "x"], [1, "y"], [1, ""], [1, "again"], [0, "whole"]]
      )
      .setting(body + ["boxes", 0, "inputs"], to: [0, 3])
    let (first, symbol) = try DiagramJSON.decode(
      DiagramDocuments.laneValue.compactBytes, path: "x.json")
    let (second, _) = try DiagramJSON.decode(permuted.compactBytes, path: "x.json")
    let diagrams = [first, second].compactMap { $0.definition(symbol)?.diagram }
    #expect(diagrams.count == 2)
    #expect(diagrams.first?.digest() == diagrams.last?.digest())
    #expect(diagrams.last?.wireCount == 6)
    let swapped = permuted.setting(body + ["boxes", 0, "inputs"], to: [3, 0])
    let (third, _) = try DiagramJSON.decode(swapped.compactBytes, path: "x.json")
    #expect(third.definition(symbol)?.diagram.digest() != diagrams.first?.digest())
  }
}
