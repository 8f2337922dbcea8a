import Foundation

/// A terminal that stderr leads to, with a clock for what is shown there.
public struct Terminal {
  /// The time since some fixed moment.
  let now: () -> Duration

  /// A terminal with a clock.
  public init(now: @escaping () -> Duration) { self.now = now }

  /// The terminal that the process's stderr leads to; `nil` when that is a file or another program.
  public static func ofProcess() -> Terminal? {
    guard isatty(STDERR_FILENO) == 1 else { return nil }
    let clock = ContinuousClock()
    let start = clock.now
    return Terminal { start.duration(to: clock.now) }
  }
}

/// How commands hear of ^C while long work is under way.
public struct Interruption {
  /// From now on ^C is noted; it ends the process only when pressed again.
  let listen: () -> Void
  /// Whether ^C was pressed since.
  let isRequested: () -> Bool
  /// From now on ^C ends the process.
  let rest: () -> Void

  /// Hears of ^C in these ways.
  public init(
    listen: @escaping () -> Void = {}, isRequested: @escaping () -> Bool,
    rest: @escaping () -> Void = {}
  ) {
    (self.listen, self.isRequested, self.rest) = (listen, isRequested, rest)
  }

  /// Never hears of it.
  public static var none: Interruption { Interruption(isRequested: { false }) }

  /// The signal SIGINT of the process.
  public static func ofProcess() -> Interruption {
    Interruption(
      listen: {
        InterruptSignal.wasSent = 0
        signal(SIGINT) { _ in
          InterruptSignal.wasSent = 1
          signal(SIGINT, SIG_DFL)
        }
      },
      isRequested: { InterruptSignal.wasSent != 0 },
      rest: { signal(SIGINT, SIG_DFL) })
  }
}

/// What the signal handler writes, the one thing that it may do.
private enum InterruptSignal {
  nonisolated(unsafe) static var wasSent: sig_atomic_t = 0
}
