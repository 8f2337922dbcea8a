/// Pairs the closed components of two diagrams: as many of each kind in both.
///
/// Components of one hash are compared with the first of each kind, by a walk in both from boxes of their rarest
/// signature.
struct ClosedComponentMatching {
  private struct Kind {
    let component: ClosedComponents.Component
    /// How many there are in the left diagram that have no partner yet.
    var count: Int
    /// The kind before it that has the same hash, or -1.
    let previous: Int
  }

  private var left: ClosedComponents
  private var right: ClosedComponents
  private var kinds: [Kind] = []
  private var lastKind: [UInt64: Int] = [:]
  /// How many boxes may still be looked at.
  private var budget: Int

  /// - Parameter boxCount: how many boxes the components have together, in each of the diagrams.
  init(_ left: ClosedComponents, _ right: ClosedComponents, boxCount: Int) {
    (self.left, self.right) = (left, right)
    budget = 100_000 + 64 * boxCount
  }

  /// Whether the components can be paired; `nil` when it takes too much to find out.
  ///
  /// - Parameters:
  ///   - inside: walks in the left diagram alone.
  ///   - across: walks in both.
  mutating func run(_ inside: inout IsomorphismWalk, _ across: inout IsomorphismWalk) -> Bool? {
    while let component = left.next() {
      let kind = kind(of: component, in: left, &inside)
      guard budget > 0 else { return nil }
      if let kind {
        kinds[kind].count += 1
      } else {
        let previous = lastKind.updateValue(kinds.count, forKey: component.hash) ?? -1
        kinds.append(Kind(component: component, count: 1, previous: previous))
      }
    }
    // Since there are as many boxes, no component is left over when each on the right has its partner.
    while let component = right.next() {
      let kind = kind(of: component, in: right, &across)
      guard budget > 0 else { return nil }
      guard let kind, kinds[kind].count > 0 else { return false }
      kinds[kind].count -= 1
    }
    return true
  }

  /// The kind of the component that was found last in a diagram.
  private mutating func kind(
    of component: ClosedComponents.Component, in diagram: ClosedComponents,
    _ walk: inout IsomorphismWalk
  ) -> Int? {
    var position = lastKind[component.hash] ?? -1
    while position >= 0 {
      if isLike(kinds[position].component, component, in: diagram, &walk) { return position }
      position = kinds[position].previous
    }
    return nil
  }

  private mutating func isLike(
    _ known: ClosedComponents.Component, _ component: ClosedComponents.Component,
    in diagram: ClosedComponents, _ walk: inout IsomorphismWalk
  ) -> Bool {
    guard known.count == component.count, known.rarest == component.rarest,
      known.rarestCount == component.rarestCount
    else { return false }
    let (mark, boxCount) = (walk.mark, walk.boxCount)
    for start in diagram.starts(component) where budget > 0 {
      let isLike = walk.pairAll(from: known.start, start)
      budget -= 1 + walk.boxCount - boxCount
      walk.rollBack(to: mark)
      if isLike { return true }
    }
    return false
  }
}
