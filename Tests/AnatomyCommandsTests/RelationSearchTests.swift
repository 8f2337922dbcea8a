import DiagramIR
import RandomDiagrams
import Rewriting
import Testing

/// The search for relations, on diagrams that were rewritten at random.
struct RelationSearchTests {
  static let rules = LibraryProgram.environment.rules.filter {
    $0.symbol.module == "tensor_laws" && $0.relation == .equal
  }
  static let sources = [
    "linear_attention_quadratic", "linear_attention", "dot_product_attention_matrix",
  ]

  /// A diagram after some random steps by rules, in either direction.
  private func rewritten(
    _ diagram: Diagram, _ random: inout SplitMix64
  ) -> (diagram: Diagram, steps: Int) {
    let rewriter = Rewriter(LibraryProgram.environment)
    var (current, count) = (diagram, 0)
    for _ in 0..<200 where count < 2 {
      let rule = Self.rules[random.below(Self.rules.count)]
      let step = DerivationStep.apply(
        .rule(rule.symbol), isBackward: random.below(2) == 0, at: nil, sizes: [])
      guard let next = try? rewriter.apply(step, to: current) else { continue }
      (current, count) = (next, count + 1)
    }
    return (current, count)
  }

  @Test("a diagram and what random steps make of it are found equal", arguments: 0..<6)
  func rewritings(_ seed: Int) throws {
    var random = SplitMix64(seed: UInt64(seed))
    let name = Self.sources[seed % Self.sources.count]
    let definition = try #require(
      LibraryProgram.environment.definitions.first { $0.symbol.name == name })
    let (result, count) = rewritten(definition.diagram, &random)
    #expect(count > 0, "seed \(seed)")
    let search = RelationSearch(LibraryProgram.environment, rules: Self.rules, limit: 400)
    let finding = try search.relation(from: definition.diagram, to: result)
    guard case .equal(let links) = finding else {
      Issue.record("seed \(seed): not found after \(count) steps")
      return
    }
    #expect(result.isIsomorphic(to: definition.diagram) || !links.isEmpty, "seed \(seed)")
  }

  @Test("the search tells how far it is, and ends where it is told to")
  func progress() throws {
    let definitions = LibraryProgram.environment.definitions
    let softmax = try #require(definitions.first { $0.symbol.name == "dot_product_attention" })
    let linear = try #require(definitions.first { $0.symbol.name == "linear_attention" })
    var left: [Int] = []
    let search = RelationSearch(
      LibraryProgram.environment, rules: Self.rules, limit: 40,
      progress: {
        left.append($0)
        return true
      })
    let finding = try search.relation(from: softmax.diagram, to: linear.diagram)
    #expect(finding.relation == nil)
    #expect(!left.isEmpty && left.allSatisfy { $0 < 40 } && left.contains(0))
  }
}
