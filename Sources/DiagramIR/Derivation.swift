/// A law that a step may apply: one from a file, or one that is built in.
public enum Law: Hashable, Sendable {
  /// A rule from a file.
  case rule(Symbol)
  /// Copying commutes with every box: two boxes that do the same to the same wires become one.
  case share
  /// The inverse of `share`: a box with several consumers becomes one box for each.
  case unshare
  /// Deleting absorbs every box: a box that nothing consumes disappears.
  case discard
  /// A law of SIMD and scan boxes.
  case lanes(LaneLaw)

  /// The laws that every cartesian theory has, by name.
  public static let builtIn: [(name: String, law: Law)] =
    [("share", .share), ("unshare", .unshare), ("discard", .discard)]
    + LaneLaw.allCases.map { (name: $0.rawValue, law: .lanes($0)) }
}

/// One step of a derivation.
public enum DerivationStep: Hashable, Sendable {
  /// A law, left to right or backward, at a place, with sizes that matching doesn't determine.
  case apply(Law, isBackward: Bool, at: String?, sizes: [SizeAssignment])
  /// Uses of a diagram become its definition: the one at a place, or all.
  case unfold(Symbol, at: String?)
  /// Occurrences of a diagram's definition become its use: the one at a place, or all.
  case fold(Symbol, at: String?)
  /// All learned boxes of a label become uses of a diagram, with that label and with sizes that their type
  /// leaves open.
  case specialise(label: String, to: Symbol, sizes: [SizeAssignment])
  /// All learned boxes of a label get another label of the diagram.
  case tie(label: String, to: String)
  /// The learned box of a label that makes the wire of a place gets a label of its own.
  case untie(label: String, at: String)
  /// The boxes at the two ends of a wire, one of them learned, become one learned box; `~=` where the two can be made
  /// of it.
  case absorb(at: String)
  /// Laws, left to right, as long as one applies. The name is the one in the file: a law's or a module's.
  case normalize(name: String, laws: [Law])
  /// The diagram is now isomorphic to this one.
  case expect(Symbol)
  /// The diagram becomes this one: with all uses unfolded and then normalized by laws, they are isomorphic. The
  /// name is the one in the file: a law's or a module's, or several with commas between them.
  case reach(Symbol, modulo: String, laws: [Law])
}

/// A size given to a variable.
public struct SizeAssignment: Hashable, Sendable {
  /// The variable.
  public let variable: SizeVariable
  /// Its size.
  public let size: Size

  /// Gives a variable a size.
  public init(_ variable: SizeVariable, _ size: Size) {
    self.variable = variable
    self.size = size
  }
}

/// A chain of rewriting steps from one named diagram to another.
public struct Derivation: Sendable {
  /// Its name.
  public let symbol: Symbol
  /// The diagram it starts from.
  public let source: Symbol
  /// The diagram it reaches.
  public let target: Symbol
  /// The relation that it claims between them.
  public let relation: Relation
  /// The steps, in order.
  public let steps: [DerivationStep]

  /// States a derivation.
  public init(
    symbol: Symbol, source: Symbol, target: Symbol, relation: Relation, steps: [DerivationStep]
  ) {
    self.symbol = symbol
    self.source = source
    self.target = target
    self.relation = relation
    self.steps = steps
  }
}

extension DerivationStep: CustomStringConvertible {
  /// The step as the language writes it.
  public var description: String { text { $0.name } }

  /// The step as the language writes it, where symbols are spelled like this.
  public func text(spelling: (Symbol) -> String) -> String {
    let at = { (place: String?) in place.map { " at \($0)" } ?? "" }
    switch self {
    case .apply(let law, let isBackward, let place, let sizes):
      let backward = isBackward ? " backward" : ""
      return "apply \(law.text(spelling: spelling))\(backward)\(at(place))\(sizes.clause)"
    case .specialise(let label, let symbol, let sizes):
      return "specialise \(label) to \(spelling(symbol))\(sizes.clause)"
    case .tie(let label, let other): return "tie \(label) to \(other)"
    case .untie(let label, let place): return "untie \(label) at \(place)"
    case .absorb(let place): return "absorb at \(place)"
    case .unfold(let symbol, let place): return "unfold \(spelling(symbol))\(at(place))"
    case .fold(let symbol, let place): return "fold \(spelling(symbol))\(at(place))"
    case .normalize(let name, _): return "normalize \(name)"
    case .expect(let symbol): return "expect \(spelling(symbol))"
    case .reach(let symbol, let name, _): return "expect \(spelling(symbol)) modulo \(name)"
    }
  }
}

extension [SizeAssignment] {
  /// The assignments behind `with`; nothing when there are none.
  fileprivate var clause: String {
    isEmpty ? "" : " with " + map { "\($0.variable.name) = \($0.size)" }.joined(separator: ", ")
  }
}

extension Law: CustomStringConvertible {
  /// The law's name.
  public var description: String { text { $0.name } }

  func text(spelling: (Symbol) -> String) -> String {
    switch self {
    case .rule(let symbol): spelling(symbol)
    case .share: "share"
    case .unshare: "unshare"
    case .discard: "discard"
    case .lanes(let law): law.rawValue
    }
  }
}
