/// A set of terms to be listed, and the diagrams that they stand for.
///
/// Terms are built from generators, boxes of an abstract theory, over variables. Each generator stands for a
/// diagram; what a term stands for takes the place of a learned box in a host diagram.
public struct Enumeration: Sendable {
  /// A box of the abstract theory, and what it stands for.
  public struct Generator: Hashable, Sendable {
    /// The box.
    public let box: Symbol
    /// The diagram that it stands for.
    public let meaning: Symbol
    /// The class of terms that it belongs to; empty for none.
    public let kind: String

    /// A generator.
    public init(box: Symbol, meaning: Symbol, kind: String) {
      (self.box, self.meaning, self.kind) = (box, meaning, kind)
    }
  }

  /// A variable of the terms.
  public struct Variable: Hashable, Sendable {
    /// Its name.
    public let name: String
    /// Its type in the abstract theory.
    public let type: WireType

    /// A variable.
    public init(name: String, type: WireType) { (self.name, self.type) = (name, type) }
  }

  /// Its name.
  public let symbol: Symbol
  /// What the terms are over.
  public let variables: [Variable]
  /// The type of the terms.
  public let goal: WireType
  /// How many generators a term has at most.
  public let boxes: Int
  /// The generators, in the order that decides the order of terms.
  public let generators: [Generator]
  /// Exact laws of the abstract theory that make terms redundant, left to right.
  public let laws: [Law]
  /// The diagram that terms are put into.
  public let host: Symbol
  /// The label of its learned box whose place they take.
  public let label: String

  /// An enumeration.
  public init(
    symbol: Symbol, variables: [Variable], goal: WireType, boxes: Int, generators: [Generator],
    laws: [Law], host: Symbol, label: String
  ) {
    self.symbol = symbol
    self.variables = variables
    self.goal = goal
    self.boxes = boxes
    self.generators = generators
    self.laws = laws
    self.host = host
    self.label = label
  }
}
