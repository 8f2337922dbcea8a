import DiagramIR
import Rewriting

/// The workloads of rewriting, W1 to W7.
public enum RewritingWorkloads {
  /// All of them.
  public static var all: [Workload] {
    matching + normalizing + comparing + TextWorkloads.all + [reaching] + copying
  }

  private static let large = [1000, 10_000, 100_000, 1_000_000]

  /// W1: all convex matches of three patterns in a random diagram. `W1-index` is preparing the diagram, which the
  /// others don't time; `W1-all` counts the three patterns one after the other.
  static var matching: [Workload] {
    let index = Workload("W1-index", large) { size in
      let diagram = PortGraph.random(size).diagram()
      return { MatchCounter(diagram).diagram.boxCount }
    }
    let all = counting("W1-all", PortGraph.SearchPattern.allCases)
    return [index, all]
      + PortGraph.SearchPattern.allCases.map { counting("W1-\($0.rawValue)", [$0]) }
  }

  private static func counting(
    _ name: String, _ patterns: [PortGraph.SearchPattern]
  ) -> Workload {
    Workload(name, large) { size in
      let counter = MatchCounter(PortGraph.random(size).diagram())
      let patterns = patterns.map { Pattern($0.graph.diagram()) }
      return { patterns.reduce(0) { $0 + counter.count(of: $1).matches } }
    }
  }

  /// W2: normal forms; the count is of rewriting steps. `W2-recorded-…` also lists the steps with the names
  /// of their places.
  static var normalizing: [Workload] {
    let systems: [(String, @Sendable (Int) -> PortGraph, [Rule])] = [
      ("W2a", { .chain($0) }, [PortGraph.idempotence]),
      ("W2b", { .parallel($0) }, [PortGraph.fusion]),
      (
        "W2c", { .comb($0, units: true) },
        [PortGraph.leftUnit, PortGraph.rightUnit, PortGraph.associativity]
      ),
    ]
    let sizes = [100, 400, 1000, 10_000, 100_000, 1_000_000]
    return systems.map { name, graph, rules in
      Workload(name, sizes) { normalizing(graph($0), rules, recordingSteps: false) }
    }
      + systems.map { name, graph, rules in
        Workload("W2-recorded-\(name.suffix(1))", [100, 400, 1000]) {
          normalizing(graph($0), rules, recordingSteps: true)
        }
      }
  }

  private static func normalizing(
    _ graph: PortGraph, _ rules: [Rule], recordingSteps: Bool
  ) -> () -> Int {
    var environment = Environment()
    for rule in rules { environment.add(rule) }
    let rewriter = Rewriter(environment)
    let diagram = graph.diagram()
    return {
      let result = try? rewriter.rewrite(
        diagram, by: rules.map { .rule($0.symbol) }, .normalize(limit: 100 * graph.boxCount),
        recordingSteps: recordingSteps)
      guard let result, !result.reachedLimit else { return -1 }
      return result.stepCount
    }
  }

  /// W3: isomorphism, which counts one when it holds, and digests, which count boxes when they agree.
  static var comparing: [Workload] {
    [
      Workload("W3-iso", large) { size in
        let graph = PortGraph.random(size)
        return comparing(graph, graph.shuffled())
      },
      Workload("W3-relabelled", large) { size in
        let graph = PortGraph.random(size)
        return comparing(graph, graph.relabelled().shuffled())
      },
      Workload("W3-scalar", large) { size in
        let graph = PortGraph.scalars(size / 3)
        return comparing(graph, graph.shuffled())
      },
      Workload("W3-digest", large) { size in
        let graph = PortGraph.random(size)
        let (diagram, expected) = (graph.diagram(), graph.shuffled().diagram().digest())
        return { diagram.digest() == expected ? diagram.boxCount : -1 }
      },
    ]
  }

  private static func comparing(_ left: PortGraph, _ right: PortGraph) -> () -> Int {
    let (left, right) = (left.diagram(), right.diagram())
    return { left.isIsomorphic(to: right) ? 1 : 0 }
  }

  /// W5: everything that associativity makes of a comb, in both directions; Catalan numbers.
  static var reaching: Workload {
    Workload("W5", [6, 8, 10, 12, 14]) { size in
      let diagram = PortGraph.comb(size).diagram()
      let rule = PortGraph.associativity
      return {
        guard let forward = try? Rewrite(rule, .forward),
          let backward = try? Rewrite(rule, .backward),
          let reached = try? Closure([forward, backward], limit: 10_000_000).explore(diagram),
          reached.isComplete
        else { return -1 }
        return reached.count
      }
    }
  }
}
