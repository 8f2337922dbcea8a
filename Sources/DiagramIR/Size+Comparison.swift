extension Size {
  /// Whether it is at most another size whatever the variables are, as long as they are at least one.
  ///
  /// `true` is always right; `false` may also mean that it wasn't seen.
  ///
  /// - Complexity: terms × terms.
  public func isAtMost(_ other: Size) -> Bool {
    let (left, right) = Size.cancelling(self, other)
    var rest = right.terms.map { (term: $0, coefficient: $0.coefficient) }
    for term in left.terms {
      var needed = term.coefficient
      for place in rest.indices where needed > 0 && term.divides(rest[place].term) {
        let used = min(needed, rest[place].coefficient)
        rest[place].coefficient -= used
        needed -= used
      }
      if needed > 0 { return false }
    }
    return true
  }

  /// What is left after taking away the terms of another size, as far as they are there.
  public func removing(_ other: Size) -> Size { Size.cancelling(self, other).0 }

  /// The sizes a and b, free of the variable x, for which it is a + b·x; `nil` when there are none.
  public func linearParts(in variable: SizeVariable) -> (constant: Size, factor: Size)? {
    let growing = Size(terms: terms.filter { $0.variables.contains(variable) })
    guard let factor = growing.dividing(by: Term(variables: [variable], coefficient: 1)),
      !factor.variables.contains(variable)
    else { return nil }
    return (Size(terms: terms.filter { !$0.variables.contains(variable) }), factor)
  }
}

extension Size.Term {
  /// Whether its variables are among another's, powers counted.
  fileprivate func divides(_ other: Size.Term) -> Bool {
    var rest = other.variables[...]
    for variable in variables {
      guard let place = rest.firstIndex(of: variable) else { return false }
      rest = rest[(place + 1)...]
    }
    return true
  }
}
