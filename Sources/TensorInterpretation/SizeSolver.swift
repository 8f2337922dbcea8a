import DiagramIR

/// Solves equations `size = integer` for size variables, and knows where each value came from.
///
/// An equation is solved when all of its variables but one are known; sizes grow with their variables, so that
/// there is at most one solution, found by bisection. `n*m = 12` with both open waits until another equation
/// gives one of them.
struct SizeSolver {
  private struct Equation {
    let size: Size
    let value: Int
    let origin: SizeOrigin
  }

  /// What is known.
  private(set) var values: [SizeVariable: Int] = [:]
  private var origins: [SizeVariable: SizeOrigin] = [:]
  private var pending: [Equation] = []

  /// Gives a variable a value.
  mutating func assign(_ variable: SizeVariable, _ value: Int) throws(InterpretationError) {
    guard value >= 0 else { throw .negativeSize(name: variable.name, value: value) }
    values[variable] = value
    origins[variable] = .given
  }

  /// Requires a size to be `value`, as `origin` says.
  mutating func require(_ size: Size, _ value: Int, _ origin: SizeOrigin) {
    pending.append(Equation(size: size, value: value, origin: origin))
  }

  /// Looks at the equations until nothing more follows.
  ///
  /// - Throws: `sizeConflict`, for the first equation that contradicts those before it.
  mutating func solve() throws(InterpretationError) {
    var count = -1
    while count != pending.count {
      count = pending.count
      let waiting = pending
      pending = []
      for equation in waiting {
        if try !isSettled(equation) { pending.append(equation) }
      }
    }
  }

  /// Checks or solves an equation; false when it must wait.
  private mutating func isSettled(_ equation: Equation) throws(InterpretationError) -> Bool {
    let open = equation.size.variables.filter { values[$0] == nil }
    guard open.count <= 1 else { return false }
    guard let variable = open.first else {
      let expected = (try? equation.size.value(values)) ?? nil
      guard expected == equation.value else { throw conflict(equation, expected: expected) }
      return true
    }
    let (least, most) = (evaluate(equation, variable, 0), evaluate(equation, variable, 1))
    if least == most {  // a factor zero: the variable may be anything
      guard least == equation.value else { throw conflict(equation, expected: least) }
      return true
    }
    var (low, high) = (0, equation.value)
    while low < high {
      let middle = low + (high - low) / 2
      if evaluate(equation, variable, middle) < equation.value {
        low = middle + 1
      } else {
        high = middle
      }
    }
    guard evaluate(equation, variable, low) == equation.value else {
      throw conflict(equation, expected: nil)
    }
    values[variable] = low
    origins[variable] = equation.origin
    return true
  }

  /// The size when its open variable has a value; the largest integer when it exceeds 64 bits.
  private func evaluate(_ equation: Equation, _ variable: SizeVariable, _ value: Int) -> Int {
    var values = values
    values[variable] = value
    return ((try? equation.size.value(values)) ?? nil) ?? Int.max
  }

  private func conflict(_ equation: Equation, expected: Int?) -> InterpretationError {
    let known = equation.size.variables.compactMap { variable -> KnownSize? in
      guard let value = values[variable], let origin = origins[variable] else { return nil }
      return KnownSize(name: variable.name, value: value, origin: origin)
    }
    return .sizeConflict(
      SizeConflict(
        origin: equation.origin, size: equation.size, found: equation.value, expected: expected,
        known: known))
  }
}
