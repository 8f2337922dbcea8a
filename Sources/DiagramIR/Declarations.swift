/// A theory: a name for a set of boxes, and the doctrine in which they are read.
public struct Theory: Sendable {
  /// Its name.
  public let symbol: Symbol
  /// What its diagrams are taken modulo.
  public let doctrine: Doctrine

  /// Declares a theory.
  public init(symbol: Symbol, doctrine: Doctrine) {
    self.symbol = symbol
    self.doctrine = doctrine
  }
}

/// A box of a theory, polymorphic in the variables of its types.
public struct BoxDeclaration: Sendable {
  /// Its name.
  public let symbol: Symbol
  /// The doctrine of its theory.
  public let doctrine: Doctrine
  /// The types of its inputs.
  public let domain: [WireType]
  /// The types of its outputs.
  public let codomain: [WireType]
  /// Its size variables, as `f<…>` counts them.
  public let sizes: [SizeVariable]
  /// Groups of inputs, by place from 0: in each group it is declared linear, jointly, when the other inputs are held.
  public let linear: [[Int]]

  /// Declares a box. Its sizes are counted in the order of `sizeOrder`, as far as that names them.
  public init(
    symbol: Symbol, doctrine: Doctrine, domain: [WireType], codomain: [WireType],
    sizeOrder: [SizeVariable] = [], linear: [[Int]] = []
  ) {
    self.linear = linear
    self.symbol = symbol
    self.doctrine = doctrine
    self.domain = domain
    self.codomain = codomain
    sizes = (domain + codomain).flatMap(\.sizeVariables).removingRepetitions()
      .ordered(as: sizeOrder)
  }
}

/// A named diagram. Used as a box, its name stands for the diagram.
public struct Definition: Sendable {
  /// Its name.
  public let symbol: Symbol
  /// What it stands for. The names of its inputs are the names of its domain's wires.
  public let diagram: Diagram
  /// The names of its results; empty where the file gives none.
  public let resultNames: [String]
  /// Its size variables, those of the interface first, as `f<…>` counts them.
  public let sizes: [SizeVariable]
  /// Those of them that its interface doesn't determine: that don't occur in it, or only in products.
  public let openSizes: [SizeVariable]
  /// Whether it holds a learned box, itself or in a diagram it uses; then its uses have labels.
  public let isLearned: Bool

  /// Names a diagram. Its sizes are counted in the order of `sizeOrder`, as far as that names them.
  public init(
    symbol: Symbol, diagram: Diagram, resultNames: [String], sizeOrder: [SizeVariable] = []
  ) {
    self.symbol = symbol
    self.diagram = diagram
    self.resultNames = resultNames
    let interface = (diagram.domainTypes + diagram.codomainTypes).flatMap(\.sizeVariables)
      .removingRepetitions().ordered(as: sizeOrder)
    let inside = diagram.sizeVariables.ordered(as: sizeOrder)
    sizes = interface + inside.filter { !interface.contains($0) }
    let ports = diagram.domainTypes + diagram.codomainTypes
    let determined = TypeScheme(ports, []).sizesDetermined(by: ports)
    openSizes = sizes.filter { !determined.contains($0) }
    isLearned = diagram.isLearned
  }
}

extension Definition {
  /// What `DiagramUse.content` is for uses of the diagram: equal for definitions that mean the same and count
  /// their open sizes in the same order.
  public func content() -> Digest {
    guard openSizes.count > 1 else { return diagram.digest() }
    var canonical = Canonicalization(diagram)
    var bytes = canonical.run()
    let numbers = canonical.sizeNumbers
    for variable in openSizes { bytes.append(varint: numbers[variable] ?? numbers.count) }
    return Digest(bytes)
  }
}

/// A rule: two diagrams with one interface, and how they compare.
public struct Rule: Sendable {
  /// Its name.
  public let symbol: Symbol
  /// How the left side compares with the right side.
  public let relation: Relation
  /// The left side.
  public let left: Diagram
  /// The right side, with the domain and codomain of the left.
  public let right: Diagram
  /// Where its proof is to be found, when a file cites one: author, title, year, theorem.
  public let citation: String?

  /// Declares a rule.
  public init(
    symbol: Symbol, relation: Relation, left: Diagram, right: Diagram, citation: String? = nil
  ) {
    self.citation = citation
    self.symbol = symbol
    self.relation = relation
    self.left = left
    self.right = right
  }
}

extension Diagram {
  /// The size variables of all types and operations, in order of first occurrence in the tables.
  public var sizeVariables: [SizeVariable] {
    (types.flatMap(\.sizeVariables) + operations.flatMap(\.sizeVariables)).removingRepetitions()
  }

  /// The shape variables of all types, in order of first occurrence in the table.
  public var shapeVariables: [ShapeVariable] {
    types.flatMap(\.shapeVariables).removingRepetitions()
  }

  /// Whether it holds a learned box, itself or in a diagram it uses.
  public var isLearned: Bool {
    operations.contains { operation in
      switch operation {
      case .learned: true
      case .use(let use): !use.label.isEmpty
      default: false
      }
    }
  }
}

extension Array where Element: Hashable {
  /// The first occurrence of each element, in order.
  func removingRepetitions() -> [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }

  /// The same elements, those of `order` first and in its order.
  func ordered(as order: [Element]) -> [Element] {
    let known = Set(self)
    return (order.filter { known.contains($0) } + self).removingRepetitions()
  }
}
