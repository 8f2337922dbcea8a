import DiagramIR
import RandomDiagrams
import Testing

/// Runs a law on many seeds; a failure names the seed.
func forEachSeed(_ count: Int, _ check: (inout SplitMix64) throws -> Void) throws {
  for seed in 0..<count {
    var random = SplitMix64(seed: UInt64(seed))
    do {
      try check(&random)
    } catch {
      Issue.record("seed \(seed): \(error)")
      throw error
    }
  }
}

/// A law that does not hold.
struct LawBroken: Error, CustomStringConvertible {
  let description: String
}

/// Requires two diagrams to be isomorphic.
func requireEqual(
  _ left: Diagram, _ right: Diagram, _ what: @autoclosure () -> String = "law"
) throws {
  guard left.digest() == right.digest() else { throw LawBroken(description: what()) }
}

/// Requires a condition.
func require(_ condition: Bool, _ what: @autoclosure () -> String) throws {
  guard condition else { throw LawBroken(description: what()) }
}

extension Diagram {
  /// A random diagram of a doctrine, over arrays in one of two cartesian cases.
  static func random(
    _ doctrine: Doctrine, domain: [WireType]? = nil, upTo limit: Int = 200,
    _ random: inout SplitMix64
  ) -> Diagram {
    let boxes = random.boxCount(upTo: limit)
    let isSorted = domain?.contains { if case .sort = $0 { true } else { false } }
    if doctrine == .cartesian, !(isSorted ?? random.chance(30)) {
      return RandomTensorDiagram.make(boxes: boxes, domain: domain, &random)
    }
    return RandomSortedDiagram.make(doctrine, boxes: boxes, domain: domain, &random)
  }
}
