import Dispatch

/// How many threads kernels may use, and which instructions.
///
/// Kernels cut their results into parts and never a sum, so what they compute doesn't depend on the number of
/// threads; its last bits depend on the level.
public struct Workers: Hashable, Sendable {
  /// At least one.
  public let count: Int

  /// The least work, in additions and multiplications, that is cut into parts.
  public let leastWork: Int

  /// The instructions that kernels use; the processor has them.
  public let level: FeatureLevel

  /// So many threads, one for a number below one and 64 for one above, and a level, or the next one below that the processor has.
  public init(_ count: Int, leastWork: Int = 1 << 17, level: FeatureLevel = .best) {
    self.count = min(max(1, count), Crew.mostMembers)
    self.leastWork = max(1, leastWork)
    self.level = level.supported
  }

  /// Runs a body on consecutive parts of `0..<items`, at the same time where the work is worth it.
  ///
  /// - Parameters:
  ///   - items: how many there are.
  ///   - work: about how many operations they take together.
  ///   - leastItems: the fewest that are worth a part of their own.
  ///   - body: given the number of the worker, below `count`, and the part. No two calls at a time have the same
  ///     worker.
  func run(items: Int, work: Int, leastItems: Int = 1, _ body: (Int, Range<Int>) -> Void) {
    guard items > 0 else { return }
    let members = min(count, (items + leastItems - 1) / leastItems, max(1, work / leastWork))
    guard members > 1 else { return body(0, 0..<items) }
    let isDone = Crew.shared.run(
      items: items, leastItems: leastItems, memberCount: members, body)
    guard !isDone else { return }
    withoutActuallyEscaping(body) { body in
      // Each part is run once, and none outlives this call.
      nonisolated(unsafe) let body = body
      DispatchQueue.concurrentPerform(iterations: members) { part in
        body(part, (items * part / members)..<(items * (part + 1) / members))
      }
    }
  }
}
