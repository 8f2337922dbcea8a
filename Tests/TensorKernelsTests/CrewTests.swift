import Dispatch
import Synchronization
import Testing

@testable import TensorKernels

@Suite("Threads that share a kernel")
struct CrewTests {
  /// Counts how often items are run, and whether two threads ever were the same worker.
  private final class Record: Sendable {
    let runs: [Counter]
    let busy: [Counter]
    let clashes = Counter()

    final class Counter: Sendable {
      let value = Atomic(0)
    }

    init(items: Int, workers: Int) {
      runs = (0..<items).map { _ in Counter() }
      busy = (0..<workers).map { _ in Counter() }
    }

    func run(_ worker: Int, _ items: Range<Int>) {
      let others = busy[worker].value.add(1, ordering: .sequentiallyConsistent).oldValue
      if others > 0 { clashes.value.add(1, ordering: .relaxed) }
      for item in items { runs[item].value.add(1, ordering: .relaxed) }
      busy[worker].value.subtract(1, ordering: .sequentiallyConsistent)
    }

    var isEachOnce: Bool { runs.allSatisfy { $0.value.load(ordering: .relaxed) == 1 } }
    var clashCount: Int { clashes.value.load(ordering: .relaxed) }
  }

  @Test("Each item is run once, and each worker is one thread at a time", arguments: [1, 2, 5, 64])
  func eachOnce(count: Int) {
    let workers = Workers(count, leastWork: 1)
    for items in [0, 1, 2, 3, 7, 100, 1001] {
      for leastItems in [1, 4, 2000] {
        let record = Record(items: items, workers: workers.count)
        workers.run(items: items, work: .max, leastItems: leastItems) { record.run($0, $1) }
        #expect(record.isEachOnce && record.clashCount == 0, "\(items) items, \(leastItems)")
      }
    }
  }

  @Test("The same with several callers at once, and with runs inside of runs")
  func severalCallers() {
    let workers = Workers(3, leastWork: 1)
    DispatchQueue.concurrentPerform(iterations: 4) { _ in
      for items in 1...200 {
        let record = Record(items: items, workers: workers.count)
        workers.run(items: items, work: .max) { worker, part in
          record.run(worker, part)
          let inner = Record(items: 5, workers: workers.count)
          workers.run(items: 5, work: .max) { inner.run($0, $1) }
          #expect(inner.isEachOnce && inner.clashCount == 0)
        }
        #expect(record.isEachOnce && record.clashCount == 0)
      }
    }
  }

  @Test("What the record is for: items left out or run twice, and workers that clash, are seen")
  func recordsFaults() {
    let record = Record(items: 3, workers: 1)
    record.run(0, 0..<2)
    #expect(!record.isEachOnce)
    record.run(0, 1..<3)
    #expect(!record.isEachOnce)
    record.busy[0].value.add(1, ordering: .relaxed)
    record.run(0, 0..<1)
    #expect(record.clashCount == 1)
  }

  @Test("There are at most as many threads as a crew has members")
  func mostMembers() {
    #expect(Workers(1000).count == Crew.mostMembers)
    #expect(Workers(-1).count == 1)
  }
}
