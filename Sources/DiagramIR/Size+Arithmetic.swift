extension Size {
  /// The sum.
  ///
  /// - Throws: `SizeError`, when a coefficient exceeds 64 bits or there are too many terms.
  public static func + (left: Size, right: Size) throws(SizeError) -> Size {
    try collecting(left.terms + right.terms)
  }

  /// The product.
  ///
  /// - Throws: `SizeError`, when a coefficient exceeds 64 bits or there are too many terms.
  public static func * (left: Size, right: Size) throws(SizeError) -> Size {
    guard left.terms.count * right.terms.count <= 16 * maximumTerms else { throw .tooManyTerms }
    var products: [Term] = []
    for a in left.terms {
      for b in right.terms {
        let (coefficient, overflow) = a.coefficient.multipliedReportingOverflow(by: b.coefficient)
        guard !overflow else { throw .overflow }
        guard a.variables.count + b.variables.count <= maximumDegree else { throw .tooManyTerms }
        products.append(
          Term(variables: (a.variables + b.variables).sorted(), coefficient: coefficient))
      }
    }
    return try collecting(products)
  }

  /// The size with variables replaced; those without an entry stay.
  public func substituting(_ sizes: [SizeVariable: Size]) throws(SizeError) -> Size {
    guard terms.contains(where: { $0.variables.contains { sizes[$0] != nil } }) else { return self }
    var sum = Size.zero
    for term in terms {
      var product = Size(terms: [Term(variables: [], coefficient: term.coefficient)])
      for variable in term.variables {
        product = try product * (sizes[variable] ?? Size(variable))
      }
      sum = try sum + product
    }
    return sum
  }

  /// The integer that the size is when its variables have these values; `nil` when one has none.
  ///
  /// - Throws: `SizeError.overflow`, when it exceeds 64 bits.
  public func value(_ values: [SizeVariable: Int]) throws(SizeError) -> Int? {
    var sum = 0
    for term in terms {
      var product = term.coefficient
      for variable in term.variables {
        guard let value = values[variable] else { return nil }
        let (next, overflow) = product.multipliedReportingOverflow(by: value)
        guard !overflow else { throw .overflow }
        product = next
      }
      let (next, overflow) = sum.addingReportingOverflow(product)
      guard !overflow else { throw .overflow }
      sum = next
    }
    return sum
  }

  /// What is left of both sides after taking away the terms that they share.
  static func cancelling(_ left: Size, _ right: Size) -> (Size, Size) {
    var restOfRight = Dictionary(
      uniqueKeysWithValues: right.terms.map { ($0.variables, $0.coefficient) })
    var restOfLeft: [Term] = []
    for term in left.terms {
      let other = restOfRight[term.variables] ?? 0
      let common = min(term.coefficient, other)
      restOfRight[term.variables] = other - common
      if term.coefficient > common {
        restOfLeft.append(Term(variables: term.variables, coefficient: term.coefficient - common))
      }
    }
    let kept = right.terms.compactMap { term in
      let coefficient = restOfRight[term.variables] ?? 0
      return coefficient > 0 ? Term(variables: term.variables, coefficient: coefficient) : nil
    }
    return (Size(terms: restOfLeft), Size(terms: kept))
  }

  /// The size divided by a term, when it is a multiple of it.
  func dividing(by divisor: Term) -> Size? {
    var quotients: [Term] = []
    for term in terms {
      var variables = term.variables
      for variable in divisor.variables {
        guard let position = variables.firstIndex(of: variable) else { return nil }
        variables.remove(at: position)
      }
      guard term.coefficient % divisor.coefficient == 0 else { return nil }
      quotients.append(
        Term(variables: variables, coefficient: term.coefficient / divisor.coefficient))
    }
    return Size(terms: quotients.sorted())
  }

  private static func collecting(_ terms: [Term]) throws(SizeError) -> Size {
    var result: [Term] = []
    for term in terms.sorted() {
      if let last = result.last, last.variables == term.variables {
        let (sum, overflow) = last.coefficient.addingReportingOverflow(term.coefficient)
        guard !overflow else { throw .overflow }
        result[result.count - 1] = Term(variables: term.variables, coefficient: sum)
      } else {
        result.append(term)
      }
    }
    guard result.count <= maximumTerms else { throw .tooManyTerms }
    return Size(terms: result)
  }
}
