/// The type of a polymorphic box: its variables stand for any size and shape.
public struct TypeScheme: Sendable {
  /// The types of the inputs.
  public let domain: [WireType]
  /// The types of the outputs.
  public let codomain: [WireType]

  /// The scheme of these types.
  public init(_ domain: [WireType], _ codomain: [WireType]) {
    self.domain = domain
    self.codomain = codomain
  }

  /// A substitution that replaces every variable by a flexible copy of its own.
  public func flexibleCopies(in unifier: inout Unifier) -> TypeSubstitution {
    let instance = unifier.freshInstance()
    var substitution = TypeSubstitution()
    for type in domain + codomain {
      for variable in type.sizeVariables {
        substitution.sizes[variable] = Size(SizeVariable(variable.name, instance: instance))
      }
      for variable in type.shapeVariables {
        substitution.shapes[variable] = [
          .shape(ShapeVariable(variable.name, instance: instance))
        ]
      }
    }
    return substitution
  }

  /// What the variables are when the scheme has these ports; `nil` when it can't have them.
  ///
  /// - Parameter sizes: what sizes are that the ports don't determine.
  /// - Complexity: linear in the types.
  public func instance(
    _ domain: [WireType], _ codomain: [WireType], sizes: [SizeVariable: Size] = [:]
  ) -> TypeSubstitution? {
    guard domain.count == self.domain.count, codomain.count == self.codomain.count else {
      return nil
    }
    var unifier = Unifier()
    let copies = flexibleCopies(in: &unifier)
    for (variable, copy) in copies.sizes {
      if let size = sizes[variable], !unifier.unify(copy, size) { return nil }
    }
    for (declared, found) in zip(self.domain + self.codomain, domain + codomain) {
      guard let copy = try? copies(declared), unifier.unify(copy, found) else { return nil }
    }
    guard unifier.isSettled else { return nil }
    return TypeSubstitution(
      sizes: copies.sizes.mapValues { unifier.resolve($0) },
      shapes: copies.shapes.mapValues { unifier.resolve($0) })
  }

  /// Whether the scheme can have these ports.
  public func matches(_ domain: [WireType], _ codomain: [WireType]) -> Bool {
    instance(domain, codomain) != nil
  }
}

extension TypeScheme {
  /// The size variables that follow from the inputs alone.
  ///
  /// - Complexity: linear in the types.
  public func sizesDetermined(by domain: [WireType]) -> Set<SizeVariable> {
    var unifier = Unifier()
    let copies = flexibleCopies(in: &unifier)
    for (declared, found) in zip(self.domain, domain) {
      guard let copy = try? copies(declared), unifier.unify(copy, found) else { return [] }
    }
    return Set(copies.sizes.filter { !unifier.resolve($0.value).isFlexible }.keys)
  }

  /// The size variables of all ports.
  public var sizeVariables: Set<SizeVariable> {
    Set((domain + codomain).flatMap(\.sizeVariables))
  }

  /// Size variables that follow from the inputs, whatever these are: those that are an axis of
  /// their own of an input with one shape variable at most, or the bound of its indices.
  public var sizesAlwaysDetermined: Set<SizeVariable> {
    var found: Set<SizeVariable> = []
    for case .array(let element, let shape) in domain
    where shape.count(where: \.isShapeVariable) <= 1 {
      if case .index(let size) = element, let variable = size.variable { found.insert(variable) }
      for case .size(let size) in shape {
        if let variable = size.variable { found.insert(variable) }
      }
    }
    return found
  }
}

extension Dimension {
  fileprivate var isShapeVariable: Bool { if case .shape = self { true } else { false } }
}
