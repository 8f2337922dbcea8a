/// Why two diagrams don't compose.
public enum CompositionError: Error, Hashable, Sendable {
  /// The diagrams belong to different doctrines.
  case doctrines(Doctrine, Doctrine)
  /// The codomain of the first is not the domain of the second.
  case types(codomain: [WireType], domain: [WireType])
}

extension CompositionError: CustomStringConvertible {
  /// What doesn't fit.
  public var description: String {
    switch self {
    case .doctrines(let first, let second):
      "a \(first) diagram doesn't compose with a \(second) one"
    case .types(let codomain, let domain):
      "the codomain (\(list(codomain))) is not the domain (\(list(domain))) that follows"
    }
  }

  private func list(_ types: [WireType]) -> String {
    types.map(\.description).joined(separator: ", ")
  }
}

extension Diagram {
  /// Wires alone.
  public static func identity(_ types: [WireType], doctrine: Doctrine) -> Diagram {
    var builder = DiagramBuilder(doctrine: doctrine)
    return builder.finish(codomain: types.map { builder.addDomainWire($0) })
  }

  /// Wires that change places: the second group comes out first.
  public static func swap(
    _ first: [WireType], _ second: [WireType], doctrine: Doctrine
  ) -> Diagram {
    var builder = DiagramBuilder(doctrine: doctrine)
    let a = first.map { builder.addDomainWire($0) }
    let b = second.map { builder.addDomainWire($0) }
    return builder.finish(codomain: b + a)
  }

  /// One box.
  public static func box(
    _ operation: Operation, _ domain: [WireType], _ codomain: [WireType], doctrine: Doctrine
  ) -> Diagram {
    var builder = DiagramBuilder(doctrine: doctrine)
    let inputs = domain.map { builder.addDomainWire($0) }
    return builder.finish(codomain: builder.addBox(operation, inputs: inputs, outputs: codomain))
  }

  /// In `frobenius`, one wire with any number of ends on each side.
  public static func spider(_ type: WireType, inputs: Int, outputs: Int) -> Diagram {
    var builder = DiagramBuilder(doctrine: .frobenius)
    let ends = (0..<inputs).map { _ in builder.addDomainWire(type) }
    let wire = ends.first ?? builder.addWire(builder.typeID(type))
    for end in ends.dropFirst() { builder.identify(wire, end) }
    return builder.finish(codomain: Array(repeating: wire, count: outputs))
  }

  /// This diagram, then the next: the codomain of the first is glued to the domain of the second.
  ///
  /// - Throws: `CompositionError`, when doctrines or types differ.
  /// - Complexity: linear in both diagrams.
  public func then(_ next: Diagram) throws(CompositionError) -> Diagram {
    guard doctrine == next.doctrine else { throw .doctrines(doctrine, next.doctrine) }
    let (codomain, domain) = (codomainTypes, next.domainTypes)
    guard codomain == domain else { throw .types(codomain: codomain, domain: domain) }
    var builder = DiagramBuilder(doctrine: doctrine)
    let middle = builder.copy(self, inputs: builder.addDomain(of: self))
    return builder.finish(codomain: builder.copy(next, inputs: middle))
  }

  /// Both diagrams side by side: the tensor product.
  ///
  /// - Throws: `CompositionError`, when the doctrines differ.
  /// - Complexity: linear in both diagrams.
  public func beside(_ other: Diagram) throws(CompositionError) -> Diagram {
    guard doctrine == other.doctrine else { throw .doctrines(doctrine, other.doctrine) }
    var builder = DiagramBuilder(doctrine: doctrine)
    let left = builder.addDomain(of: self)
    let right = builder.addDomain(of: other)
    let outputs = builder.copy(self, inputs: left)
    return builder.finish(codomain: outputs + builder.copy(other, inputs: right))
  }

  /// This diagram in each of `axis` lanes: a functor. Wires that every lane shares are not among its inputs.
  ///
  /// - Returns: `nil` when a wire has an abstract sort, which can't be repeated.
  /// - Complexity: linear in the diagram.
  public func simd(_ axis: Size) -> Diagram? {
    let (domain, codomain) = (domainTypes, codomainTypes)
    let (mapped, stacked) = (
      domain.compactMap { $0.repeated(axis) }, codomain.compactMap { $0.repeated(axis) }
    )
    guard mapped.count == domain.count, stacked.count == codomain.count else { return nil }
    var builder = DiagramBuilder(doctrine: doctrine)
    let inputs = mapped.map { builder.addDomainWire($0) }
    builder.openBody()
    let results = builder.copy(self, inputs: builder.addDomain(of: self))
    let outputs = builder.closeBody(
      .simd(axis: axis, mapped: inputs.count), inputs: inputs, codomain: results, outputs: stacked)
    return builder.finish(codomain: outputs)
  }
}

extension DiagramBuilder {
  /// Adds a domain wire for each of the diagram's.
  mutating func addDomain(of diagram: Diagram) -> [WireID] {
    diagram.domain.map { addDomainWire(diagram.type(of: $0), name: diagram.name(of: $0)) }
  }

  /// Appends a diagram as it is, which changes no size and hence can't fail.
  mutating func copy(_ diagram: Diagram, inputs: [WireID]) -> [WireID] {
    (try? append(diagram, inputs: inputs)) ?? []
  }
}
