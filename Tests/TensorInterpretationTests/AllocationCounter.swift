#if os(Linux)
  import Foundation
  import Glibc

  /// Counts what the Swift runtime allocates while a body runs, on the thread that runs it: the storage of arrays,
  /// objects, and what closures hold.
  enum AllocationCounter {
    /// The variable that says in a process's environment that it is there to count.
    static let variable = "ANATOMY_COUNT_ALLOCATIONS"
    static let isEnabled = ProcessInfo.processInfo.environment[variable] != nil

    typealias Allocation =
      @convention(c) (UnsafeRawPointer?, Int, Int) -> UnsafeMutableRawPointer?

    nonisolated(unsafe) fileprivate static var original: Allocation?
    nonisolated(unsafe) fileprivate static var thread: pthread_t?
    nonisolated(unsafe) fileprivate static var count = 0

    /// The number of allocations; `nil` where this runtime can't be counted.
    ///
    /// Not for several threads at once, nor where others do much: the runtime's functions go another way meanwhile.
    static func count(_ body: () throws -> Void) rethrows -> Int? {
      guard
        let entry = dlsym(nil, "_swift_allocObject")?
          .assumingMemoryBound(to: Allocation.self),
        let isEnabled = dlsym(
          nil, "_swift_enableSwizzlingOfAllocationAndRefCountingFunctions_forInstrumentsOnly")?
          .assumingMemoryBound(to: Bool.self)
      else { return nil }
      (original, thread, count) = (entry.pointee, pthread_self(), 0)
      entry.pointee = countingAllocation
      isEnabled.pointee = true
      defer {
        isEnabled.pointee = false
        entry.pointee = original ?? entry.pointee
        thread = nil
      }
      try body()
      return count
    }
  }

  /// Counts, and allocates as ever.
  private func countingAllocation(
    _ metadata: UnsafeRawPointer?, _ size: Int, _ alignmentMask: Int
  ) -> UnsafeMutableRawPointer? {
    if AllocationCounter.thread == pthread_self() { AllocationCounter.count += 1 }
    return AllocationCounter.original?(metadata, size, alignmentMask)
  }
#endif
