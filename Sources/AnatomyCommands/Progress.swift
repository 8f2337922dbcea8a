/// A line on the terminal that says how far long work is, and the place where ^C is noticed.
///
/// ```
/// let progress = Progress("rewrite", unit: "step", on: console)
/// while let step = next(), progress.reached(count) { … }
/// try progress.finish()   // takes the line away; throws when ^C was pressed
/// ```
///
/// The line appears after half a second, on a terminal only and without `--quiet`. Between beginning and `finish()` ^C
/// asks the work to stop at its next step; pressed again, and at all other times, it ends the process at once.
final class Progress {
  private static let delay = Duration.milliseconds(500)
  private static let interval = Duration.milliseconds(100)
  private static let barWidth = 30

  private let title: String
  private let unit: String
  private let units: String
  private var total: Int?
  private let console: Console
  private let begin: Duration
  private var nextTime: Duration
  private var isShown = false
  private var count = 0

  /// Begins work of a command; `total` where it is known how many units there are.
  init(
    _ title: String, of total: Int? = nil, unit: String, units: String? = nil, on console: Console
  ) {
    (self.title, self.total, self.console) = (title, total, console)
    (self.unit, self.units) = (unit, units ?? unit + "s")
    begin = console.terminal?.now() ?? .zero
    nextTime = begin + Self.delay
    console.interruption.listen()
  }

  /// Notes that so many units are done, of a total that grows, and shows it when it is time to.
  ///
  /// - Returns: whether to go on; `false` after ^C.
  func reached(_ count: Int, of total: Int) -> Bool {
    self.total = total
    return reached(count)
  }

  /// Whether ^C was pressed.
  var isStopped: Bool { console.interruption.isRequested() }

  /// Notes that so many units are done, and shows it when it is time to.
  ///
  /// - Returns: whether to go on; `false` after ^C.
  func reached(_ count: Int) -> Bool {
    self.count = count
    if let terminal = console.terminal, !console.isQuiet {
      let now = terminal.now()
      if now >= nextTime {
        nextTime = now + Self.interval
        isShown = true
        console.report("\r\(line)\u{1B}[K")
      }
    }
    return !console.interruption.isRequested()
  }

  /// Ends the work, and takes the line away.
  ///
  /// - Parameter outcome: what is said of what was done until ^C was pressed.
  /// - Throws: the failure that ends the command, when ^C was pressed.
  func finish(_ outcome: String = "nothing was written") throws(CommandFailure) {
    if isShown { console.report("\r\u{1B}[K") }
    isShown = false
    let isStopped = console.interruption.isRequested()
    console.interruption.rest()
    guard isStopped else { return }
    throw CommandFailure(
      code: .interrupted, message: "stopped by ^C after \(amount); \(outcome)")
  }

  private var amount: String { "\(count) \(count == 1 ? unit : units)" }

  private var line: String {
    guard let total, total > 0 else { return "\(title): \(amount)" }
    let done = min(max(count, 0), total)
    let filled = Int(Double(Self.barWidth) * Double(done) / Double(total))
    let bar =
      String(repeating: "#", count: filled)
      + String(repeating: ".", count: Self.barWidth - filled)
    return "\(title): [\(bar)] \(done) of \(total) \(units)"
  }
}
