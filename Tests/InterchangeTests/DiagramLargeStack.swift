import Foundation

/// Runs deep recursions on a thread of their own, since the threads of tests have little stack on some systems.
enum LargeStack {
  static func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
    await withCheckedContinuation { continuation in
      let thread = Thread { continuation.resume(returning: work()) }
      thread.stackSize = 16 << 20
      thread.start()
    }
  }
}
