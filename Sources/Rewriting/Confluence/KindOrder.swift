import DiagramIR

/// A proof that rules terminate, by an order of the kinds of boxes.
///
/// Where a rule's left side has one result, the box that makes it disappears, whatever else stays. When every rule
/// puts in only boxes that come later in an order of kinds than the box that it takes away, the multiset of boxes
/// falls with each step. Definitions are such rules: `silu(x) == mul(x, sigmoid(x))`.
///
/// Source: multiset orders, Dershowitz and Manna, *Proving termination with multiset orderings*, 1979.
public struct KindOrder: Hashable, Sendable {
  /// The names of the boxes that rules take away, each before those that take its place.
  public let names: [String]

  /// `nil` when there is no such order.
  ///
  /// - Complexity: kinds times rules.
  init?(_ rules: [(left: Diagram, right: Diagram)]) {
    var later: [OperationKey: Set<OperationKey>] = [:]
    for (left, right) in rules {
      guard let root = Self.root(of: left) else { return nil }
      let kinds = (0..<right.boxCount).map { OperationKey(right.operation(of: BoxID($0))) }
      later[root, default: []].formUnion(kinds)
    }
    var (open, order) = (later, [String]())
    while !open.isEmpty {
      let pending = Set(open.values.flatMap { $0 })
      let first = open.keys.filter { !pending.contains($0) }
        .sorted { $0.description < $1.description }
      guard !first.isEmpty else { return nil }
      for key in first {
        order.append(key.description)
        open[key] = nil
      }
    }
    names = order
  }

  /// The kind of the box that makes the only result of a left side.
  private static func root(of left: Diagram) -> OperationKey? {
    guard left.codomain.count == 1, let result = left.codomain.first else { return nil }
    let producer = left.producers()[result.index]
    guard producer >= 0 else { return nil }
    let box = BoxID(Int(producer))
    guard left.outputs(of: box).count == 1 else { return nil }
    return OperationKey(left.operation(of: box))
  }
}
