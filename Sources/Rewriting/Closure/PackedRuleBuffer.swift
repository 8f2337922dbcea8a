/// A rule in memory of its own, so that threads that use it don't share counts of references.
struct PackedRuleBuffer {
  struct Side {
    let kinds: UnsafeBufferPointer<Int32>
    let boundary: UnsafeBufferPointer<PackedRule.BoundaryWire>
    let inner: UnsafeBufferPointer<PackedRule.InnerWire>
    let bare: UnsafeBufferPointer<PackedRule.BareWire>

    init(_ side: PackedRule.Side) {
      kinds = copy(side.kinds)
      boundary = copy(side.boundary)
      inner = copy(side.inner)
      bare = copy(side.bare)
    }

    func deallocate() {
      kinds.deallocate()
      boundary.deallocate()
      inner.deallocate()
      bare.deallocate()
    }
  }

  let firstKind: Int32
  let pattern: Side
  let result: Side
  let links: UnsafeBufferPointer<PackedRule.Link>
  let exits: UnsafeBufferPointer<PackedRule.BoundaryWire>
  let isAlwaysConvex: Bool
  /// The first rule that takes back what this one does, or -1.
  let inverse: Int

  init(_ rule: PackedRule, among rules: [PackedRule]) {
    firstKind = rule.pattern.kinds[0]
    pattern = Side(rule.pattern)
    result = Side(rule.result)
    links = copy(rule.links)
    exits = copy(rule.exits)
    isAlwaysConvex = rule.isAlwaysConvex
    inverse = rules.firstIndex { $0.isInverse(of: rule) } ?? -1
  }

  func deallocate() {
    pattern.deallocate()
    result.deallocate()
    links.deallocate()
    exits.deallocate()
  }
}

private func copy<Element>(_ elements: [Element]) -> UnsafeBufferPointer<Element> {
  let buffer = UnsafeMutableBufferPointer<Element>.allocate(capacity: elements.count)
  _ = buffer.initialize(from: elements)
  return UnsafeBufferPointer(buffer)
}
