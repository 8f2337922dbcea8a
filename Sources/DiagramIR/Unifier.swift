/// Solves equations between wire types for their flexible variables.
///
/// Sizes are compared as polynomials, so `n*h = 3*h` gives `n = 3`. An equation that does not yet determine
/// anything, such as `n*m = 12`, is kept until others have: `isSettled` says whether any is left. Rigid
/// variables stand for any size and are never bound; hence an equation between different rigid polynomials
/// has no solution.
///
/// Shape variables are solved from both ends of a shape: what is left in the middle must be a single variable
/// on one side.
///
/// ```
/// var unifier = Unifier()
/// let n = SizeVariable("n", instance: 1)
/// unifier.unify(.real(Size(n), Size("d")), .real(Size("k"), Size("d")))   // true
/// unifier.resolve(Size(n))                                                // k
/// ```
public struct Unifier: Sendable {
  private var sizes: [SizeVariable: Size] = [:]
  private var shapes: [ShapeVariable: [Dimension]] = [:]
  private var openSizes: [(Size, Size)] = []
  private var openShapes: [([Dimension], [Dimension])] = []
  private var nextInstance: Int32 = 1

  /// Knows no equation.
  public init() {}

  /// Whether every equation so far is solved.
  public var isSettled: Bool { openSizes.isEmpty && openShapes.isEmpty }

  /// A number for flexible copies that no earlier call returned.
  public mutating func freshInstance() -> Int32 {
    defer { nextInstance += 1 }
    return nextInstance
  }

  /// Requires the types to be equal; false when they can't be.
  ///
  /// After `false` the unifier may hold part of the solution; use a copy where that matters.
  ///
  /// - Complexity: linear in the sizes of both types and the open equations.
  public mutating func unify(_ left: WireType, _ right: WireType) -> Bool {
    switch (left, right) {
    case (.sort(let a), .sort(let b)): return a == b
    case (.array(.real, let a), .array(.real, let b)):
      return equate(a, b) && settle()
    case (.array(.index(let i), let a), .array(.index(let j), let b)):
      return equate(i, j) && equate(a, b) && settle()
    default: return false
    }
  }

  /// Requires the sizes to be equal; false when they can't be.
  public mutating func unify(_ left: Size, _ right: Size) -> Bool {
    equate(left, right) && settle()
  }

  /// The size with everything known put in; a size too large to write down comes back as it was.
  public func resolve(_ size: Size) -> Size {
    (try? resolving(size)) ?? size
  }

  /// The size with everything known put in.
  ///
  /// Nothing is bound to a size that contains it, so this ends.
  private func resolving(_ size: Size) throws(SizeError) -> Size {
    guard size.isFlexible else { return size }
    let next = try size.substituting(sizes)
    return next == size ? size : try resolving(next)
  }

  /// The type with everything known put in.
  public func resolve(_ type: WireType) -> WireType {
    guard type.isFlexible, case .array(let element, let shape) = type else { return type }
    switch element {
    case .real: return .array(.real, resolve(shape))
    case .index(let size): return .array(.index(resolve(size)), resolve(shape))
    }
  }

  /// The shape with everything known put in.
  public func resolve(_ shape: [Dimension]) -> [Dimension] {
    var result: [Dimension] = []
    for dimension in shape {
      switch dimension {
      case .size(let size): result.append(.size(resolve(size)))
      case .shape(let variable):
        if let bound = shapes[variable] {
          result += resolve(bound)
        } else {
          result.append(dimension)
        }
      }
    }
    return result
  }

  /// Looks at the open equations again until nothing more follows; false when one has no solution.
  private mutating func settle() -> Bool {
    var progress = true
    while progress && !isSettled {
      progress = false
      let (waitingSizes, waitingShapes) = (openSizes, openShapes)
      let known = sizes.count + shapes.count
      (openSizes, openShapes) = ([], [])
      for (left, right) in waitingShapes where !equate(left, right) { return false }
      for (left, right) in waitingSizes where !equate(left, right) { return false }
      progress = sizes.count + shapes.count > known
    }
    return true
  }
}

// MARK: - Sizes

extension Unifier {
  private mutating func equate(_ left: Size, _ right: Size) -> Bool {
    if left == right { return true }
    // A size too large to write down equals nothing that can be written down.
    guard let left = try? resolving(left), let right = try? resolving(right) else { return false }
    let (a, b) = Size.cancelling(left, right)
    if a.terms.isEmpty && b.terms.isEmpty { return true }
    if let solved = solve(a, for: b) ?? solve(b, for: a) { return solved }
    guard a.isFlexible || b.isFlexible else { return false }
    openSizes.append((a, b))
    return true
  }

  /// Solves `side = other` where `side` has one term with one flexible variable: `true` when it is bound,
  /// `false` when no size fits, `nil` when the equation must wait or has another form.
  private mutating func solve(_ side: Size, for other: Size) -> Bool? {
    if side.terms.isEmpty { return solveZero(other) }
    guard side.terms.count == 1, let term = side.terms.first else { return nil }
    let flexible = term.variables.filter(\.isFlexible)
    guard flexible.count == 1, let variable = flexible.first,
      !other.terms.contains(where: { $0.variables.contains(variable) })
    else { return nil }
    let rest = Size.Term(
      variables: term.variables.filter { !$0.isFlexible }, coefficient: term.coefficient)
    guard let quotient = other.dividing(by: rest) else {
      return other.isFlexible ? nil : false
    }
    sizes[variable] = quotient
    return true
  }

  /// Solves `0 = size`: every term must vanish, and rigid variables stand for any size.
  private mutating func solveZero(_ size: Size) -> Bool? {
    for term in size.terms {
      let flexible = term.variables.filter(\.isFlexible)
      if flexible.isEmpty { return false }
      if Set(flexible).count > 1 { return nil }
    }
    for term in size.terms {
      for variable in term.variables where variable.isFlexible { sizes[variable] = .zero }
    }
    return true
  }
}

// MARK: - Shapes

extension Unifier {
  private mutating func equate(_ left: [Dimension], _ right: [Dimension]) -> Bool {
    var a = resolve(left)[...]
    var b = resolve(right)[...]
    while let x = a.first, let y = b.first {
      guard let matched = equate(x, y) else { break }
      guard matched else { return false }
      a.removeFirst()
      b.removeFirst()
    }
    while let x = a.last, let y = b.last {
      guard let matched = equate(x, y) else { break }
      guard matched else { return false }
      a.removeLast()
      b.removeLast()
    }
    if a.isEmpty && b.isEmpty { return true }
    if let solved = solve(Array(a), for: Array(b)) ?? solve(Array(b), for: Array(a)) {
      return solved
    }
    openShapes.append((Array(a), Array(b)))
    return true
  }

  /// Compares two ends: `nil` when a shape variable is in the way.
  private mutating func equate(_ left: Dimension, _ right: Dimension) -> Bool? {
    switch (left, right) {
    case (.size(let a), .size(let b)): equate(a, b)
    case (.shape(let a), .shape(let b)) where a == b: true
    default: nil
    }
  }

  /// Solves `side = other` where `side` is a single flexible variable or empty.
  private mutating func solve(_ side: [Dimension], for other: [Dimension]) -> Bool? {
    if side.isEmpty { return solveEmpty(other) }
    guard side.count == 1, case .shape(let variable) = side[0] else {
      return isRigid(side) && isRigid(other) ? false : nil
    }
    guard variable.isFlexible else { return isRigid(other) ? false : nil }
    guard !other.contains(.shape(variable)) else { return solveRepeated(variable, other) }
    shapes[variable] = other
    return true
  }

  /// Solves `[] = shape`: there must be no axis, and every shape variable is empty.
  private mutating func solveEmpty(_ shape: [Dimension]) -> Bool? {
    var variables: [ShapeVariable] = []
    for dimension in shape {
      guard case .shape(let variable) = dimension, variable.isFlexible else { return false }
      variables.append(variable)
    }
    for variable in variables { shapes[variable] = [] }
    return true
  }

  /// Solves `..s = … ..s …`: everything around `..s` must be empty.
  private mutating func solveRepeated(_ variable: ShapeVariable, _ other: [Dimension]) -> Bool? {
    solveEmpty(other.filter { $0 != .shape(variable) })
  }

  private func isRigid(_ shape: [Dimension]) -> Bool {
    !shape.contains { dimension in
      if case .shape(let variable) = dimension { variable.isFlexible } else { false }
    }
  }
}
