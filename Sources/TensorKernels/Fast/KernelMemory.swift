#if canImport(Glibc)
  import Glibc
#endif

/// Memory for the arrays of kernels, allocated once.
///
/// It starts with a line of the cache, so that no register is loaded from two lines. Where the system has large
/// pages on request, large memory is in those: products walk over many rows, each of which may lie in another page.
public final class KernelMemory {
  /// What the start is a multiple of, in bytes.
  public static let alignment = 64
  /// The size of a large page in bytes.
  private static let pageSize = 1 << 21

  /// Where it starts.
  public let start: UnsafeMutableRawPointer
  /// Its size in bytes.
  public let size: Int

  /// Allocates memory, whose contents are undefined.
  ///
  /// - Parameter size: in bytes, zero or more.
  public init(size: Int) {
    self.size = size
    let isLarge = size >= 2 * Self.pageSize
    start = .allocate(
      byteCount: max(Self.alignment, size), alignment: isLarge ? Self.pageSize : Self.alignment)
    #if canImport(Glibc)
      // Only whole pages, so that no more memory is held; without large pages nothing changes.
      if isLarge { _ = madvise(start, size / Self.pageSize * Self.pageSize, MADV_HUGEPAGE) }
    #endif
  }

  deinit { start.deallocate() }

  /// An array in it.
  ///
  /// - Parameter offset: its start, in elements.
  public func array<Element>(of type: Element.Type, at offset: Int = 0) -> UnsafeMutablePointer<
    Element
  > {
    start.assumingMemoryBound(to: type) + offset
  }
}
