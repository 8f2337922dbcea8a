#if canImport(Glibc)
  import Glibc
#endif

/// A growing list in memory of its own, with one owner and without reference counts.
///
/// For the inner loops of rewriting, whose positions are right by construction: positions are checked in debug
/// builds only.
struct RawBuffer<Element: ~Copyable>: ~Copyable {
  private var base: UnsafeMutablePointer<Element>
  private var capacity: Int
  private(set) var count = 0

  /// An empty list with room for that many elements.
  init(capacity: Int = 0) {
    self.capacity = max(capacity, 4)
    base = Self.memory(for: self.capacity)
  }

  deinit {
    base.deinitialize(count: count)
    base.deallocate()
  }

  @inline(__always)
  mutating func append(_ element: consuming Element) {
    if count == capacity { grow() }
    (base + count).initialize(to: element)
    count += 1
  }

  @inline(__always)
  mutating func popLast() -> Element? {
    guard count > 0 else { return nil }
    count -= 1
    return (base + count).move()
  }

  mutating func removeAll() {
    base.deinitialize(count: count)
    count = 0
  }

  @inline(never)
  private mutating func grow() {
    let larger = Self.memory(for: 2 * capacity)
    larger.moveInitialize(from: base, count: count)
    base.deallocate()
    (base, capacity) = (larger, 2 * capacity)
  }

  @inline(__always)
  subscript(position: Int) -> Element {
    _read {
      assert(position >= 0 && position < count)
      yield base[position]
    }
    _modify {
      assert(position >= 0 && position < count)
      yield &base[position]
    }
  }

  @inline(__always)
  subscript(position: Int32) -> Element {
    _read { yield self[Int(position)] }
    _modify { yield &self[Int(position)] }
  }
}

extension RawBuffer where Element: ~Copyable {
  /// Memory for that many elements. Where a lot is wanted, the system is asked for large pages, so that touching it
  /// for the first time doesn't cost more than the work on it.
  private static func memory(for count: Int) -> UnsafeMutablePointer<Element> {
    #if canImport(Glibc)
      let (page, size) = (1 << 21, count * MemoryLayout<Element>.stride)
      if size >= 4 * page {
        let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: page)
        _ = madvise(memory, size, MADV_HUGEPAGE)
        return memory.bindMemory(to: Element.self, capacity: count)
      }
    #endif
    return .allocate(capacity: count)
  }
}

extension RawBuffer: @unchecked Sendable where Element: Sendable & ~Copyable {}

extension RawBuffer where Element: BitwiseCopyable {
  /// The same element that many times.
  init(repeating element: Element, count: Int) {
    self.init(capacity: count)
    append(element, count: count)
  }

  /// That many elements that are to be written before they are read.
  init(unwritten count: Int) {
    self.init(capacity: count)
    self.count = count
  }

  /// A copy of the elements.
  init(_ elements: [Element]) {
    self.init(capacity: elements.count)
    for element in elements { append(element) }
  }

  /// Appends the same element that many times.
  mutating func append(_ element: Element, count added: Int) {
    while capacity - count < added { grow() }
    (base + count).initialize(repeating: element, count: max(added, 0))
    count += max(added, 0)
  }

  /// Forgets the elements from this position on.
  @inline(__always)
  mutating func truncate(to length: Int) { count = min(count, length) }

  /// The elements where they lie, until the list grows or ends.
  @inline(__always)
  var elements: UnsafeMutableBufferPointer<Element> {
    UnsafeMutableBufferPointer(start: base, count: count)
  }

  /// The elements as an array.
  var array: [Element] { Array(elements) }
}
