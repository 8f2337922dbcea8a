import Diagnostics
import DiagramIR

extension ModuleContext {
  /// The groups of inputs, by place from 0, in which a box is declared linear.
  func linearInputs(
    _ box: SyntaxNode, _ domain: [WireType], _ codomain: [WireType]
  ) throws(ElaborationFailure) -> [[Int]] {
    guard let clause = tree.child(.linearClause, of: box) else { return [] }
    let name = tree.child(.name, of: box).map { tree.text(of: $0) } ?? ""
    if let type = codomain.first(where: \.isIndex) {
      throw report(.linearInput(name, "a result has the type \(type)"), at: clause)
    }
    let groups = Array(tree.children(of: clause))
    guard !groups.isEmpty else {
      try check(Array(domain.indices), domain, name, clause)
      return [Array(domain.indices)]
    }
    var found: [[Int]] = []
    for group in groups {
      let places = tree.children(of: group).map { tree.integer(of: $0) - 1 }
      try check(places, domain, name, group)
      found.append(places.sorted())
    }
    return found
  }

  private func check(
    _ places: [Int], _ domain: [WireType], _ name: String, _ node: SyntaxNode
  ) throws(ElaborationFailure) {
    guard !places.isEmpty else {
      throw report(.linearInput(name, "it has no input"), at: node)
    }
    var seen: Set<Int> = []
    for place in places {
      guard domain.indices.contains(place) else {
        throw report(
          .linearInput(name, "there is no input \(place + 1); it has \(domain.count)"), at: node)
      }
      guard seen.insert(place).inserted else {
        throw report(.linearInput(name, "input \(place + 1) is named twice"), at: node)
      }
      guard !domain[place].isIndex else {
        throw report(
          .linearInput(name, "input \(place + 1) has the type \(domain[place])"), at: node)
      }
    }
  }
}

extension WireType {
  fileprivate var isIndex: Bool {
    if case .array(.index, _) = self { true } else { false }
  }
}
