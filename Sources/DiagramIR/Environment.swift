/// All declarations that a set of files makes, in order, and by name.
///
/// - Complexity: looking a symbol up is constant.
public struct Environment: Sendable {
  /// The theories.
  public private(set) var theories: [Theory] = []
  /// The sorts.
  public private(set) var sorts: [Symbol] = []
  /// The boxes.
  public private(set) var boxes: [BoxDeclaration] = []
  /// The named diagrams; each comes after those that it uses.
  public private(set) var definitions: [Definition] = []
  /// The rules.
  public private(set) var rules: [Rule] = []
  /// The derivations.
  public private(set) var derivations: [Derivation] = []
  /// The enumerations.
  public private(set) var enumerations: [Enumeration] = []

  private var boxPositions: [Symbol: Int] = [:]
  private var definitionPositions: [Symbol: Int] = [:]
  private var rulePositions: [Symbol: Int] = [:]

  /// Declares nothing.
  public init() {}

  /// The box of that name.
  public func box(_ symbol: Symbol) -> BoxDeclaration? { boxPositions[symbol].map { boxes[$0] } }

  /// The diagram of that name.
  public func definition(_ symbol: Symbol) -> Definition? {
    definitionPositions[symbol].map { definitions[$0] }
  }

  /// The rule of that name.
  public func rule(_ symbol: Symbol) -> Rule? { rulePositions[symbol].map { rules[$0] } }

  /// Adds a theory.
  public mutating func add(_ theory: Theory) { theories.append(theory) }

  /// Adds a sort.
  public mutating func add(sort: Symbol) { sorts.append(sort) }

  /// Adds a box, unless one of its name is there.
  public mutating func add(_ box: BoxDeclaration) {
    guard boxPositions[box.symbol] == nil else { return }
    boxPositions[box.symbol] = boxes.count
    boxes.append(box)
  }

  /// Adds a named diagram, unless one of its name is there.
  public mutating func add(_ definition: Definition) {
    guard definitionPositions[definition.symbol] == nil else { return }
    definitionPositions[definition.symbol] = definitions.count
    definitions.append(definition)
  }

  /// Adds a rule, unless one of its name is there.
  public mutating func add(_ rule: Rule) {
    guard rulePositions[rule.symbol] == nil else { return }
    rulePositions[rule.symbol] = rules.count
    rules.append(rule)
  }

  /// Adds a derivation.
  public mutating func add(_ derivation: Derivation) { derivations.append(derivation) }

  /// Adds an enumeration.
  public mutating func add(_ enumeration: Enumeration) { enumerations.append(enumeration) }

  /// Adds what another environment declares and this one doesn't.
  ///
  /// - Returns: the symbols of diagrams that both declare, as different diagrams.
  public mutating func merge(_ other: Environment) -> [Symbol] {
    for theory in other.theories where !theories.contains(where: { $0.symbol == theory.symbol }) {
      add(theory)
    }
    for sort in other.sorts where !sorts.contains(sort) { add(sort: sort) }
    for box in other.boxes { add(box) }
    var conflicts: [Symbol] = []
    for new in other.definitions {
      if let known = definition(new.symbol), !known.diagram.isIsomorphic(to: new.diagram) {
        conflicts.append(new.symbol)
      }
      add(new)
    }
    for rule in other.rules { add(rule) }
    for derivation in other.derivations { add(derivation) }
    for enumeration in other.enumerations { add(enumeration) }
    return conflicts
  }
}
