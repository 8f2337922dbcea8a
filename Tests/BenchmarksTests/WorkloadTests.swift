import DiagramIR
import Rewriting
import TensorKernels
import Testing

import Benchmarks

@Suite("Workloads")
struct WorkloadTests {
  private func count(_ name: String, _ size: Int) -> Int? {
    RewritingWorkloads.all.first { $0.name == name }?.prepare(size)()
  }

  @Test("kernels and plans are those of diagrams that have a meaning")
  func evaluation() {
    let workloads = EvaluationWorkloads.all(threads: 2)
    let counts = workloads.map { $0.prepare(4)() }
    let names = ["product-limit", "product", "softmax", "elementwise", "plan"]
    #expect(workloads.map(\.name) == names)
    #expect(counts[0] == 2 * FeatureLevel.best.runPeakLoop(steps: 4))
    #expect(counts[1] == 2 * 4 * 4 * 4)
    #expect(counts[2] == 16)
    #expect(counts[3] == 4)
    #expect(counts[4] == workloads[4].prepare(8)() / 2)
    #expect(counts[4] > 4)
  }

  @Test("pictures of random diagrams have all their boxes")
  func drawing() {
    for workload in DrawingWorkloads.all.dropLast() {
      #expect(workload.prepare(200)() == 200, "\(workload.name)")
    }
    let svg = DrawingWorkloads.all.last
    #expect(svg?.name == "drawing-svg" && (svg?.prepare(200)() ?? 0) > 20_000)
    #expect(DrawingWorkloads.all.allSatisfy { $0.sizes == [100, 1000, 10_000] })
  }

  @Test("patterns occur exactly as often as the other engines count")
  func matches() {
    #expect(count("W1-P1", 10_000) == 102)
    #expect(count("W1-P2", 10_000) == 89)
    #expect(count("W1-P3", 10_000) == 89)
    #expect(count("W1-all", 10_000) == 280)
  }

  @Test("normal forms take the steps they must")
  func normalForms() {
    #expect(count("W2a", 20) == 19)
    #expect(count("W2b", 20) == 20)
    #expect(count("W2-recorded-b", 20) == 20)
    let steps = count("W2c", 20)
    #expect((steps ?? 0) >= 10)
  }

  @Test("isomorphic diagrams are found to be so, and others not")
  func isomorphisms() {
    #expect(count("W3-iso", 300) == 1)
    #expect(count("W3-relabelled", 300) == 0)
    #expect(count("W3-scalar", 300) == 1)
    #expect(count("W3-digest", 300) == 300)
  }

  @Test("a printed diagram is read again")
  func texts() {
    let bytes = count("W4-print", 300)
    #expect((bytes ?? 0) > 1000)
    #expect(count("W4-parse", 300) == bytes)
  }

  @Test("bracketings are counted by Catalan numbers")
  func catalan() {
    #expect(count("W5", 6) == 132)
    #expect(count("W5", 8) == 1430)
  }

  @Test("of repeated sub-diagrams one stays")
  func copies() {
    #expect(count("W7-share", 1000) == 100)
    #expect(count("W7-discard", 1000) == 100)
  }

  @Test("a stack of SIMD boxes becomes one by fusing; the normal form keeps one for each box")
  func stacks() {
    #expect(count("W7-fuse", 200) == 201)
    #expect(count("W7-simd", 200) == 400)
  }

  @Test("a size that would take too long is skipped and named")
  func guarded() {
    let done = [
      Measurement(workload: "w", size: 10, count: 1, median: 1, minimum: 1),
      Measurement(workload: "w", size: 20, count: 1, median: 4, minimum: 4),
    ]
    #expect(Workload.expectation([], 10) == nil)
    #expect(Workload.expectation([done[0]], 20) == 4)
    #expect(Workload.expectation(done, 40) == 16)
    let workload = Workload("w", [1, 1_000_000_000]) { size in
      { (0..<10_000).reduce(size, &+) }
    }
    var sizes: [Int] = []
    let skipped = workload.measure(secondsAllowed: 1) { sizes.append($0.size) }
    #expect(sizes == [1])
    #expect(skipped?.size == 1_000_000_000)
  }

  @Test("wrong arguments are refused, and a filter selects by the front of a name")
  func arguments() {
    var (lines, faults): ([String], [String]) = ([], [])
    func run(_ arguments: String...) -> Int32 {
      BenchmarkTool.run(arguments, output: { lines.append($0) }, error: { faults.append($0) })
    }
    #expect(run("W9") == 64)
    #expect(faults.last?.contains("W7-share") == true)
    #expect(run("--fast") == 64)
    #expect(run("W1", "W2") == 64)
    #expect(lines.isEmpty)
    #expect(run("W5", "--csv", "--seconds", "0.000001") == 0)
    #expect(lines.first == "workload,n,count,median_ms,min_ms")
    #expect(lines.count == 2 && lines.last?.hasPrefix("W5,6,132,") == true)
    #expect(faults.last?.hasPrefix("W5: sizes from 8 on are skipped") == true)
    #expect(run("W2-recorded-a", "--csv", "--size", "7") == 0)
    #expect(lines.count == 4 && lines.last?.hasPrefix("W2-recorded-a,7,6,") == true)
    #expect(run("W2", "--size", "0") == 64)
    #expect(Measurement.milliseconds(0.0123456) == "12.346")
  }
}
