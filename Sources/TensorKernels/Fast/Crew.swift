import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Threads that take parts of a kernel beside the thread that runs it.
///
/// Many kernels take less time than waking a thread does, so a thread that was woken looks for more work for about
/// a millisecond before it rests. Members take a part of what is left when they are ready for it, large ones first
/// (Polychronopoulos and Kuck, *Guided self-scheduling*, 1987): one that is slow, or never comes, leaves the rest to
/// the others, and nobody waits for a part that nobody runs.
///
/// The thread that runs a kernel is member 0. It changes the job only while no item is left and no other member is
/// inside; a member enters before it looks whether items are left. Both in one order for all threads, so either the
/// caller sees that a member is inside, or the member sees that nothing is left.
final class Crew: Sendable {
  /// The crew of this process; one caller at a time has it.
  static let shared = Crew()
  /// The most members.
  static let mostMembers = 64
  /// How often a member looks for work, in vain, before it rests.
  private static let patience = 1 << 10

  /// What members do.
  private struct Job {
    let body: (Int, Range<Int>) -> Void
    let items: Int
    let leastItems: Int
    let memberCount: Int
  }

  private let isTaken = Atomic(false)
  /// The items, the last ones, that nobody has begun.
  private let itemsLeft = Atomic(0)
  private let membersInside = Atomic(0)
  /// A bit for each member that is awake.
  private let awake = Atomic<UInt64>(0)
  /// Guarded as said above.
  nonisolated(unsafe) private var job: Job?

  /// Runs a body on consecutive parts of `0..<items`, of so many items at least, by at most so many members.
  ///
  /// - Returns: whether it did; not while another caller has the crew.
  func run(
    items: Int, leastItems: Int, memberCount: Int, _ body: (Int, Range<Int>) -> Void
  ) -> Bool {
    let exchange = isTaken.compareExchange(
      expected: false, desired: true, ordering: .acquiringAndReleasing)
    guard exchange.exchanged else { return false }
    withoutActuallyEscaping(body) { body in
      job = Job(body: body, items: items, leastItems: leastItems, memberCount: memberCount)
      itemsLeft.store(items, ordering: .sequentiallyConsistent)
      for member in 1..<memberCount { wake(member) }
      takeParts(0)
      var turns = 0
      while membersInside.load(ordering: .sequentiallyConsistent) > 0 { pause(&turns) }
      job = nil
    }
    isTaken.store(false, ordering: .releasing)
    return true
  }

  private func wake(_ member: Int) {
    let bit = UInt64(1) << UInt64(member)
    guard awake.load(ordering: .relaxed) & bit == 0 else { return }
    awake.bitwiseOr(bit, ordering: .acquiringAndReleasing)
    DispatchQueue.global(qos: .userInitiated).async { self.serve(member) }
  }

  /// Takes parts of whatever comes.
  private func serve(_ member: Int) {
    var turns = 0
    while turns < Self.patience {
      let isEntering = itemsLeft.load(ordering: .acquiring) > 0
      guard isEntering else {
        pause(&turns)
        continue
      }
      membersInside.add(1, ordering: .sequentiallyConsistent)
      let hasWorked = takeParts(member)
      membersInside.subtract(1, ordering: .sequentiallyConsistent)
      if hasWorked { turns = 0 } else { pause(&turns) }
    }
    awake.bitwiseAnd(~(UInt64(1) << UInt64(member)), ordering: .acquiringAndReleasing)
  }

  /// Takes parts as long as items are left; whether there was one. Not inlined, so that the job is let go before
  /// its caller goes on.
  @discardableResult
  @inline(never)
  private func takeParts(_ member: Int) -> Bool {
    guard itemsLeft.load(ordering: .sequentiallyConsistent) > 0, let job,
      member < job.memberCount
    else { return false }
    var hasWorked = false
    while let part = nextPart(job) {
      job.body(member, part)
      hasWorked = true
    }
    return hasWorked
  }

  /// A part that nobody has begun.
  private func nextPart(_ job: Job) -> Range<Int>? {
    var left = itemsLeft.load(ordering: .sequentiallyConsistent)
    while left > 0 {
      let size = min(left, max(job.leastItems, left / (2 * job.memberCount)))
      let exchange = itemsLeft.weakCompareExchange(
        expected: left, desired: left - size, ordering: .sequentiallyConsistent)
      if exchange.exchanged { return (job.items - left)..<(job.items - left + size) }
      left = exchange.original
    }
    return nil
  }

  /// Waits for a moment, and now and then lets others use the processor.
  private func pause(_ turns: inout Int) {
    turns += 1
    for _ in 0..<32 { _ = itemsLeft.load(ordering: .relaxed) }
    sched_yield()
  }
}
