import Diagnostics

/// What a node of a syntax tree is, with its children in order.
///
/// `name` children come first in declarations. A trailing `?` means that the child may be absent, `*` that it
/// may be repeated.
public enum SyntaxKind: UInt8, Sendable {
  /// Children: declarations. The payload is 1 when a declaration was left out because of a fault.
  case file

  // Declarations.

  /// `import name`. Children: name.
  case importDeclaration
  /// `theory name: doctrine`. Children: name, name (the doctrine).
  case theory
  /// `sort a, b`. Children: name*.
  case sort
  /// `box f: A -> B linear in 1 2, 3`. Children: name, typeList, typeList, linearClause?.
  case box
  /// `linear`, or `linear in 1 2, 3`. Children: linearGroup*, none for all inputs together.
  case linearClause
  /// Inputs, counted from 1. Children: sizeInteger*.
  case linearGroup
  /// `diagram f(…) -> … { … }`. Children: name, parameterList, resultTypeList, block.
  case diagram
  /// `rule r: term == term`. Children: name, relation, term, term (each composition, tensor or an atom).
  case termRule
  /// `rule r(…) { … }`. Children: name, parameterList, learned*, side, relation, side (a side is an
  /// expression or a block).
  case rule
  /// `derivation d: a == b { … }`. Children: name, name (source), relation, name (target), step*.
  case derivation
  /// `enumeration e(x: a) -> b { … }`. Children: name, parameterList, type, clauses (boxesClause, generatorClause,
  /// modulo, insideClause)*.
  case enumeration
  /// `==`, `~=`, `>=`, `<=`, `<>`; the payload is the index in that list.
  case relation

  // Names, types and sizes.

  /// A name, or a qualified name `module.name`; the payload is its `NameID`.
  case name
  /// Children: types.
  case typeList
  /// An abstract sort. Children: name.
  case sortType
  /// `[n d ..s]`. Children: dimensions (sizes or shapeVariable).
  case arrayType
  /// `index v [n d ..s]`. Children: size, dimensions.
  case indexType
  /// `..s`. Children: name.
  case shapeVariable
  /// A size variable; the payload is its `NameID`.
  case sizeName
  /// An integer; its value is `SyntaxTree.integer(of:)`.
  case sizeInteger
  /// `a + b + …`. Children: two or more sizes.
  case sizeSum
  /// `a * b * …`. Children: two or more sizes.
  case sizeProduct
  /// Children: parameter*.
  case parameterList
  /// `x: type`. Children: name, type.
  case parameter
  /// Children: resultType*.
  case resultTypeList
  /// `y: type` or `type`. Children: name?, type.
  case resultType

  // Blocks.

  /// `{ … }`. Children: statements (learned, assignment)*, results. The payload is 1 when a statement was left
  /// out because of a fault: the names that it defines are then unknown.
  case block
  /// `learn f, g: A -> B per h`; the payload is 0 for learn, 1 for linear, 2 for state.
  /// Children: nameList, typeList (domain, empty for a state), typeList (codomain), per?.
  case learned
  /// Children: name*.
  case nameList
  /// `a, b = e`. Children: nameList, expression.
  case assignment
  /// The block's results, with or without `return`. Children: expression*.
  case results

  // Expressions.

  /// A name used as a wire; the payload is its `NameID`.
  case wire
  /// A number such as `0.5`, `1e-5` or `-2`; its value is `SyntaxTree.number(of:)`.
  case number
  /// `size k`. Children: size.
  case sizeExpression
  /// `f<n>[n d](x, y) as label per h`.
  /// Children: name, sizeArguments?, lift?, argumentList, label?, per?.
  case call
  /// `<n, k = 16>`. Children: sizeArgument*.
  case sizeArguments
  /// Children: name?, size.
  case sizeArgument
  /// `[n d]` after a box's name. Children: size*.
  case lift
  /// Children: expression*.
  case argumentList
  /// `as label`. Children: name.
  case label
  /// `per h` or `per [h l]`. Children: size*.
  case per
  /// `simd n(a, b = e) { … }`. Children: size, mappedList, block.
  case simd
  /// `scan n(h = h0; x) { … }`. Children: size, mappedList (states), mappedList, block.
  case scan
  /// Children: mapped*.
  case mappedList
  /// `a` or `a = e`. Children: name, expression?.
  case mapped

  // Point-free terms.

  /// `a ; b ; …`. Children: two or more terms.
  case composition
  /// `a * b * …`. Children: two or more terms.
  case tensor
  /// `id` or `id[type]`. Children: type?. The payload is 1 for `id[]`, which has no wires.
  case identity
  /// `swap`.
  case swap
  /// A box in a term. Children: name.
  case termBox

  // Steps of a derivation.

  /// `apply r backward at w with n = 4, m = k`; the payload is 1 when backward.
  /// Children: name, at?, sizeArguments?.
  case applyStep
  /// `unfold f at w`. Children: name, at?.
  case unfoldStep
  /// `fold f`. Children: name, at?.
  case foldStep
  /// `normalize r`. Children: name.
  case normalizeStep
  /// `expect d modulo r`. Children: name, modulo?.
  case expectStep
  /// `specialise f to d with n = 4`. Children: name, name, sizeArguments?.
  case specialiseStep
  /// `tie f to g`. Children: name, name.
  case tieStep
  /// `untie f at w`. Children: name, at.
  case untieStep
  /// `absorb at w`. Children: at.
  case absorbStep
  /// `at w`. Children: name.
  case at
  /// `modulo r, s`. Children: name+.
  case modulo

  // Clauses of an enumeration.

  /// `boxes 4`. Children: size.
  case boxesClause
  /// `box is diagram as class`. Children: name, name, label?.
  case generatorClause
  /// `inside d at label`. Children: name, at.
  case insideClause

  /// The text behind `cited`, with its quotes.
  case citation
}

/// A position in a `SyntaxTree`.
public struct SyntaxNode: Hashable, Sendable {
  private let position: UInt32

  init(_ index: Int) { position = UInt32(truncatingIfNeeded: index) }

  /// The node's index in preorder.
  public var index: Int { Int(position) }
}

/// A parsed file: nodes in preorder in one contiguous array, 16 bytes each, without a class or a
/// box per node.
///
/// The first child of a node follows it directly; its next sibling begins where its own subtree ends. Trees of
/// files with faults hold what could be understood.
public struct SyntaxTree: Sendable {
  struct Record {
    var kind: SyntaxKind
    /// The payload of a node that isn't a name.
    var flag: UInt8 = 0
    var start: UInt32
    var end: UInt32 = 0
    /// One past the last node of the subtree; for a name or a wire, which are leaves, its `NameID`.
    var link: UInt32 = 0

    var isName: Bool { kind == .name || kind == .sizeName || kind == .wire }

    /// One past the last node of the subtree that begins at `position` with this record.
    func next(after position: Int) -> Int { isName ? position + 1 : Int(link) }
  }

  /// The file.
  public internal(set) var source: SourceText
  /// The names that occur in the file.
  public internal(set) var names: NameTable
  var records: [Record]
  /// Whether parsing the file gave diagnostics.
  public internal(set) var hasFaults = false
  /// The names that would be declared by what was left out for its faults.
  var lostNames: Set<NameID> = []

  /// The node that holds all declarations.
  public var root: SyntaxNode { SyntaxNode(0) }

  /// What the node is.
  public func kind(of node: SyntaxNode) -> SyntaxKind { records[node.index].kind }

  /// Where the node stands in the file, from its first token to its last.
  public func span(of node: SyntaxNode) -> SourceSpan {
    SourceSpan(Int(records[node.index].start), Int(records[node.index].end))
  }

  /// The node's payload; its meaning depends on the kind.
  public func payload(of node: SyntaxNode) -> Int {
    let record = records[node.index]
    return record.isName ? Int(record.link) : Int(record.flag)
  }

  /// The name of a `name`, `sizeName` or `wire` node.
  public func nameID(of node: SyntaxNode) -> NameID { NameID(records[node.index].link) }

  /// The text of a `name`, `sizeName` or `wire` node.
  public func text(of node: SyntaxNode) -> String { names[nameID(of: node)] }

  /// The index one past the last node below a node.
  func end(of node: SyntaxNode) -> Int { records[node.index].next(after: node.index) }

  /// The node that stands at an index in preorder.
  func node(at index: Int) -> SyntaxNode { SyntaxNode(index) }

  /// The node's children, in order.
  public func children(of node: SyntaxNode) -> SyntaxChildren {
    SyntaxChildren(
      records: records, position: node.index + 1, end: end(of: node))
  }
}

/// The children of a node, one after another.
public struct SyntaxChildren: Sequence, IteratorProtocol {
  let records: [SyntaxTree.Record]
  var position: Int
  let end: Int

  /// The next child.
  public mutating func next() -> SyntaxNode? {
    guard position < end else { return nil }
    defer { position = records[position].next(after: position) }
    return SyntaxNode(position)
  }
}
