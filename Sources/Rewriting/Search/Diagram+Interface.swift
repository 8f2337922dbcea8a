import DiagramIR

extension Diagram {
  /// The diagram for an interface that its own is a scheme of: its sizes are called as the interface calls them, and
  /// those that it has besides get another name where the interface has one of theirs.
  ///
  /// - Returns: `nil`, when the diagram can't have that interface.
  /// - Complexity: linear.
  public func instance(domain: [WireType], codomain: [WireType]) -> Diagram? {
    let scheme = TypeScheme(domainTypes, codomainTypes)
    guard var substitution = scheme.instance(domain, codomain) else { return nil }
    var taken = Set((domain + codomain).flatMap(\.sizeVariables))
    for variable in sizeVariables where substitution.sizes[variable] == nil {
      guard !taken.insert(variable).inserted else { continue }
      let known = taken.union(sizeVariables)
      let other = variable.renamed(besides: known)
      taken.insert(other)
      substitution.sizes[variable] = Size(other)
    }
    guard let adapted = try? transformed(by: DiagramTransform(substitution: substitution)),
      adapted.domainTypes == domain, adapted.codomainTypes == codomain
    else { return nil }
    return adapted
  }

  /// The diagram with other names for sizes.
  ///
  /// - Returns: `nil`, when a size grows too large, which names can't make it.
  public func renamingSizes(_ names: [SizeVariable: SizeVariable]) -> Diagram? {
    let substitution = TypeSubstitution(sizes: names.mapValues { Size($0) })
    return try? transformed(by: DiagramTransform(substitution: substitution))
  }
}

extension SizeVariable {
  /// The variable with the least number behind its name, from 2 on, that others don't have.
  public func renamed(besides taken: Set<SizeVariable>) -> SizeVariable {
    var number = 2
    while taken.contains(SizeVariable("\(name)_\(number)")) { number += 1 }
    return SizeVariable("\(name)_\(number)")
  }
}
