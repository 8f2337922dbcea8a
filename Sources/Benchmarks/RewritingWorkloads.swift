import DiagramIR
import Rewriting

/// The workloads of rewriting, W1 to W7.
public enum RewritingWorkloads {
  /// All of them.
  public static var all: [Workload] {
    matching + normalizing + comparing + TextWorkloads.all + [reaching] + copying
  }

  private static let large = [1000, 10_000, 100_000, 1_000_000]

  /// W1: all convex matches of three patterns in a random diagram. `W1-index` is preparing the diagram.
  static var matching: [Workload] {
    let index = Workload("W1-index", large) { size in
      let diagram = PortGraph.random(size).diagram()
      return { Matcher(diagram).diagram.boxCount }
    }
    return [index]
      + PortGraph.SearchPattern.allCases.map { pattern in
        Workload("W1-\(pattern.rawValue)", large) { size in
          let matcher = Matcher(PortGraph.random(size).diagram())
          let pattern = Pattern(pattern.graph.diagram())
          return { matcher.matches(of: pattern).count }
        }
      }
  }

  /// W2: normal forms; the count is of rewriting steps.
  static var normalizing: [Workload] {
    let sizes = [100, 400, 1000, 10_000, 100_000, 1_000_000]
    return [
      Workload("W2a", sizes) { size in
        normalizing(.chain(size), [PortGraph.idempotence])
      },
      Workload("W2b", sizes) { size in
        normalizing(.parallel(size), [PortGraph.fusion])
      },
      Workload("W2c", sizes) { size in
        normalizing(
          .comb(size, units: true),
          [PortGraph.leftUnit, PortGraph.rightUnit, PortGraph.associativity])
      },
    ]
  }

  private static func normalizing(_ graph: PortGraph, _ rules: [Rule]) -> () -> Int {
    var environment = Environment()
    for rule in rules { environment.add(rule) }
    let rewriter = Rewriter(environment)
    let diagram = graph.diagram()
    return {
      let result = try? rewriter.rewrite(
        diagram, by: rules.map { .rule($0.symbol) }, .normalize(limit: 100 * graph.boxCount))
      guard let result, !result.reachedLimit else { return -1 }
      return result.steps.count
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
