import DiagramIR
import DiagramText
import Foundation
import Rewriting
import Testing

/// The files of the package, found from where this test stands.
private struct PackageFiles: FileProvider {
  let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  func read(_ path: String) -> [UInt8]? {
    FileManager.default.contents(atPath: path).map { [UInt8]($0) }
  }

  func locate(import name: String, from path: String) -> String? {
    paths.first { URL(filePath: $0).deletingPathExtension().lastPathComponent == name }
  }

  func identity(of path: String) -> String { path }

  var paths: [String] {
    ["Rules", "Diagrams"].flatMap { folder in
      let folder = root.appending(path: folder)
      let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String }
      return (names ?? []).filter { $0.hasSuffix(".rules") || $0.hasSuffix(".diagram") }
        .map { folder.appending(path: $0).path }
    }.sorted()
  }
}

@Suite("The library")
struct LibraryTests {
  private static let environment: Environment = {
    let files = PackageFiles()
    return Program(paths: files.paths, provider: files).environment
  }()

  @Test("every derivation replays")
  func derivations() throws {
    let checker = DerivationChecker(Self.environment)
    let derivations = Self.environment.derivations
    #expect(derivations.count >= 4)
    for derivation in derivations {
      do throws(DerivationFault) {
        let report = try checker.check(derivation)
        #expect(report.steps.count == derivation.steps.count)
      } catch {
        Issue.record("\(derivation.symbol): \(error)")
      }
      let idle = Derivation(
        symbol: derivation.symbol, source: derivation.source, target: derivation.target,
        relation: derivation.relation, steps: [])
      #expect(throws: DerivationFault.self, "\(derivation.symbol)") { try checker.check(idle) }
    }
  }

  @Test("every exact rule turns its left side into its right side, and back")
  func rules() throws {
    var (applied, refused) = (0, 0)
    for rule in Self.environment.rules where rule.relation == .equal {
      for direction in [Direction.forward, .backward] {
        let (from, to) =
          direction == .forward ? (rule.left, rule.right) : (rule.right, rule.left)
        guard from.boxCount > 0, let rewrite = try? Rewrite(rule, direction) else {
          refused += 1
          continue
        }
        let matcher = Matcher(from)
        let results = try matcher.matches(of: rewrite.pattern).map { match in
          try rewrite.apply(match, in: matcher)
        }
        for result in results { try Self.environment.verify(result) }
        #expect(results.contains { $0.isIsomorphic(to: to) }, "\(rule.symbol) \(direction)")
        applied += 1
      }
    }
    #expect(applied > 150 && refused < applied / 2, "\(applied) applied, \(refused) refused")
  }

  @Test("every diagram that uses another folds back after unfolding")
  func folding() throws {
    let rewriter = Rewriter(Self.environment)
    var (folded, total) = (0, 0)
    for definition in Self.environment.definitions {
      for used in definition.diagram.usedDefinitions {
        total += 1
        let unfolded = try rewriter.apply(.unfold(used, at: nil), to: definition.diagram)
        guard let back = try? rewriter.apply(.fold(used, at: nil), to: unfolded) else { continue }
        try Self.environment.verify(back)
        if back.isIsomorphic(to: definition.diagram) { folded += 1 }
      }
    }
    #expect(folded == total && total > 40, "\(folded) of \(total)")
  }
}
