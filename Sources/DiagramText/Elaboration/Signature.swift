import DiagramIR

/// What a call needs to know about a box or a diagram.
struct Signature {
  let symbol: Symbol
  let domain: [WireType]
  let codomain: [WireType]
  /// The names of a diagram's inputs; empty for a box.
  let parameterNames: [String]
  let doctrine: Doctrine
  /// The size variables that `f<…>` counts.
  let sizes: [SizeVariable]
  /// For a diagram: what is known of its definition.
  let definition: DefinitionFacts?
  /// Whether it is a diagram whose body has faults, which have been reported.
  let isFaulty: Bool

  /// What a use of a diagram needs to know about its definition.
  struct DefinitionFacts {
    let definition: Definition
    let openSizes: [SizeVariable]
    let isLearned: Bool
  }

  /// Whether a size occurs inside the diagram only, and not in its interface.
  func isInside(_ size: SizeVariable) -> Bool {
    !(domain + codomain).contains { $0.sizeVariables.contains(size) }
  }

  init(_ box: BoxDeclaration) {
    symbol = box.symbol
    domain = box.domain
    codomain = box.codomain
    parameterNames = []
    doctrine = box.doctrine
    sizes = box.sizes
    definition = nil
    isFaulty = false
  }

  init(_ definition: Definition) {
    symbol = definition.symbol
    domain = definition.diagram.domainTypes
    codomain = definition.diagram.codomainTypes
    parameterNames = definition.diagram.domain.map { definition.diagram.name(of: $0) }
    doctrine = definition.diagram.doctrine
    sizes = definition.sizes
    self.definition = DefinitionFacts(
      definition: definition, openSizes: definition.openSizes,
      isLearned: definition.isLearned)
    isFaulty = false
  }

  /// The signature of a diagram whose body is faulty: enough to check its uses.
  init(
    faulty symbol: Symbol, _ domain: [WireType], _ codomain: [WireType],
    parameterNames: [String], doctrine: Doctrine
  ) {
    self.symbol = symbol
    self.domain = domain
    self.codomain = codomain
    self.parameterNames = parameterNames
    self.doctrine = doctrine
    sizes =
      BoxDeclaration(symbol: symbol, doctrine: doctrine, domain: domain, codomain: codomain).sizes
    definition = nil
    isFaulty = true
  }

  /// How messages name an input.
  func name(ofInput position: Int) -> String {
    let name = position < parameterNames.count ? parameterNames[position] : ""
    return name.isEmpty
      ? "argument \(position + 1) of '\(symbol.name)'"
      : "argument '\(name)' of '\(symbol.name)'"
  }
}
