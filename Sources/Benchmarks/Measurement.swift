/// One workload at one size, timed.
public struct Measurement: Sendable {
  /// The workload's name.
  public let workload: String
  /// Its size.
  public let size: Int
  /// What was counted: it shows that the work was done.
  public let count: Int
  /// The median of the times, in seconds.
  public let median: Double
  /// The least of the times, in seconds.
  public let minimum: Double

  package init(workload: String, size: Int, count: Int, median: Double, minimum: Double) {
    self.workload = workload
    self.size = size
    self.count = count
    self.median = median
    self.minimum = minimum
  }

  /// The times of the same work done again and again: three times, and up to seven where that takes less than a
  /// second.
  static func measuring(_ workload: String, _ size: Int, _ work: () -> Int) -> Measurement {
    let clock = ContinuousClock()
    var (times, total, count): ([Double], Double, Int) = ([], 0, 0)
    repeat {
      let elapsed = clock.measure { count = work() }
      let seconds =
        Double(elapsed.components.seconds)
        + Double(elapsed.components.attoseconds) * 1e-18
      times.append(seconds)
      total += seconds
    } while (times.count < 3 && total < 20) || (times.count < 7 && total < 1)
    times.sort()
    return Measurement(
      workload: workload, size: size, count: count, median: times[times.count / 2],
      minimum: times[0])
  }

  /// The times of the same work, as other engines' benchmarks take them: after two runs that don't count, at least
  /// five times, and again for 1.5 s, at most 200 times.
  static func repeated(_ workload: String, _ work: () -> Int) -> Measurement {
    let (clock, budget) = (ContinuousClock(), Duration.milliseconds(1500))
    var count = work()
    count = work()
    var times: [Duration] = []
    let start = clock.now
    while times.count < 5 || (clock.now - start < budget && times.count < 200) {
      times.append(clock.measure { count = work() })
    }
    times.sort()
    return Measurement(
      workload: workload, size: count, count: count, median: times[times.count / 2] / .seconds(1),
      minimum: times[0] / .seconds(1))
  }

  /// The fields of a line: `workload, n, count, median_ms, min_ms`.
  public var fields: [String] {
    [workload, String(size), String(count), Self.milliseconds(median), Self.milliseconds(minimum)]
  }

  /// The names of the fields.
  public static let fieldNames = ["workload", "n", "count", "median_ms", "min_ms"]

  /// Milliseconds to the microsecond.
  package static func milliseconds(_ seconds: Double) -> String {
    let micro = Int((seconds * 1e6).rounded())
    let fraction = String(micro % 1000)
    return "\(micro / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
  }
}
