/// A size that a file leaves open, such as the `n` of `[n d]`.
public struct SizeVariable: Hashable, Comparable, Sendable {
  /// The name in the file.
  public let name: String
  /// Zero for the variable itself; positive for a copy that unification may bind.
  public let instance: Int32

  /// The variable of that name, or one of its flexible copies.
  public init(_ name: String, instance: Int32 = 0) {
    self.name = name
    self.instance = instance
  }

  /// Whether unification may bind the variable.
  public var isFlexible: Bool { instance != 0 }

  /// Orders by name, then by copy.
  public static func < (left: SizeVariable, right: SizeVariable) -> Bool {
    (left.name, left.instance) < (right.name, right.instance)
  }
}

/// Why a size can't be computed.
public enum SizeError: Error, Hashable, Sendable {
  /// A number in it exceeds 64 bits.
  case overflow
  /// Multiplied out, it has more than `Size.maximumTerms` terms, or one of them more than
  /// `Size.maximumDegree` factors.
  case tooManyTerms
}

/// The length of an axis: a polynomial in size variables with non-negative integer coefficients.
///
/// ```
/// try Size("h") * Size("k") + Size(1)   // h*k+1
/// ```
///
/// Invariant: terms are sorted and have different monomials, coefficients are positive, and the variables of a
/// monomial are sorted. Hence equal polynomials are equal values.
public struct Size: Hashable, Sendable {
  /// A coefficient and the variables it is multiplied by, repeated for powers.
  public struct Term: Hashable, Sendable {
    /// The variables, sorted.
    public let variables: [SizeVariable]
    /// The factor, positive.
    public let coefficient: Int
  }

  /// How many terms a size may have; more is an error, not a long wait.
  public static let maximumTerms = 256
  /// How many variables a term may multiply, powers counted.
  public static let maximumDegree = 256

  /// The terms, sorted; none for zero.
  public let terms: [Term]

  /// The size zero.
  public static let zero = Size(terms: [])
  /// The size one.
  public static let one = Size(1)

  init(terms: [Term]) { self.terms = terms }

  /// An integer, which must not be negative.
  public init(_ integer: Int) {
    precondition(integer >= 0, "a size is not negative")
    terms = integer == 0 ? [] : [Term(variables: [], coefficient: integer)]
  }

  /// A size variable.
  public init(_ variable: SizeVariable) {
    terms = [Term(variables: [variable], coefficient: 1)]
  }

  /// The size variable of that name.
  public init(_ name: String) { self.init(SizeVariable(name)) }

  /// The integer, when no variable is left.
  public var integer: Int? {
    if terms.isEmpty { return 0 }
    guard terms.count == 1, terms[0].variables.isEmpty else { return nil }
    return terms[0].coefficient
  }

  /// The variable, when the size is nothing else.
  public var variable: SizeVariable? {
    guard terms.count == 1, terms[0].coefficient == 1, terms[0].variables.count == 1 else {
      return nil
    }
    return terms[0].variables[0]
  }

  /// The variables, in order of first occurrence in the sorted terms.
  public var variables: [SizeVariable] {
    var seen: [SizeVariable] = []
    for term in terms {
      for variable in term.variables where !seen.contains(variable) { seen.append(variable) }
    }
    return seen
  }

  /// Whether unification may still change the size.
  public var isFlexible: Bool { terms.contains { $0.variables.contains { $0.isFlexible } } }
}

extension Size: CustomStringConvertible {
  /// The size as the language writes it, variables before numbers: `h*k+1`.
  public var description: String {
    if terms.isEmpty { return "0" }
    return terms.map(\.description).joined(separator: "+")
  }
}

extension Size.Term: CustomStringConvertible, Comparable {
  /// The term as the language writes it: `2*h*k`.
  public var description: String {
    let names = variables.map(\.name)
    if names.isEmpty { return String(coefficient) }
    return (coefficient == 1 ? names : [String(coefficient)] + names).joined(separator: "*")
  }

  /// Orders by falling degree, then by names, so that numbers come last.
  public static func < (left: Size.Term, right: Size.Term) -> Bool {
    if left.variables.count != right.variables.count {
      return left.variables.count > right.variables.count
    }
    return left.variables.lexicographicallyPrecedes(right.variables)
  }
}
