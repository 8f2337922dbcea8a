import DiagramIR
import TensorKernels

/// For which sizes an equation held, out of those that were tried.
public struct SizeCondition: Sendable {
  /// The sizes, by name.
  public typealias Assignment = [SizeVariable: Int]

  /// Conditions, each of a few size variables, under which every trial held and outside of which some failed:
  /// `n = 1`, or `n = m`.
  public let conditions: [String]
  /// How many trials held.
  public let held: Int
  /// How many trials failed.
  public let failed: Int
}

extension EquationCheck {
  /// The most assignments of sizes that are tried.
  static let conditionTrials = 256

  /// Tries small sizes, equal ones and 1 among them, to see whether the difference depends on them.
  ///
  /// Each variable is 1, 2 or 3, in all combinations up to a limit; shape variables are as in a failing trial.
  /// What comes back describes these trials: it is a hint at a condition that is missing, and no proof of it.
  ///
  /// - Throws: as `compare`.
  public func condition(
    _ left: Diagram, _ right: Diagram, shapes: [ShapeVariable: [Int]], tolerance: Double
  ) throws(InterpretationError) -> SizeCondition {
    let sides = (
      try TensorDiagram(left, in: environment).instantiating(shapes),
      try TensorDiagram(right, in: environment).instantiating(shapes)
    )
    let variables = Set(sides.0.sizeVariables + sides.1.sizeVariables).sorted()
    var (held, failed): ([SizeCondition.Assignment], [SizeCondition.Assignment]) = ([], [])
    for sizes in Self.assignments(variables) {
      var isEqual = true
      for draw in UInt64(0)..<2 where isEqual {
        let found = try difference(sides.0, sides.1, sizes, seed: seed &+ draw)
        isEqual = found.relative <= tolerance
      }
      if isEqual { held.append(sizes) } else { failed.append(sizes) }
    }
    return SizeCondition(
      conditions: Self.conditions(variables, held, failed), held: held.count, failed: failed.count)
  }

  /// All combinations of 1, 2 and 3; the first ones, where there are too many.
  private static func assignments(_ variables: [SizeVariable]) -> [SizeCondition.Assignment] {
    var all: [SizeCondition.Assignment] = [[:]]
    for variable in variables {
      let values = all.count * 3 <= conditionTrials ? [1, 2, 3] : [2]
      all = all.flatMap { sizes in
        values.map { value in sizes.merging([variable: value]) { $1 } }
      }
    }
    return all
  }

  /// The conditions that hold for some trials, and hold only where the equation does.
  private static func conditions(
    _ variables: [SizeVariable], _ held: [SizeCondition.Assignment],
    _ failed: [SizeCondition.Assignment]
  ) -> [String] {
    guard !failed.isEmpty else { return [] }
    var found: [String] = []
    func test(_ text: String, _ holds: (SizeCondition.Assignment) -> Bool) {
      if held.contains(where: holds) && !failed.contains(where: holds) { found.append(text) }
    }
    for variable in variables {
      for value in 1...3 { test("\(variable.name) = \(value)") { $0[variable] == value } }
    }
    guard found.isEmpty else { return found }
    for (place, first) in variables.enumerated() {
      for second in variables.dropFirst(place + 1) {
        test("\(first.name) = \(second.name)") { $0[first] == $0[second] }
        test("\(first.name) = 1 and \(second.name) = 1") { $0[first] == 1 && $0[second] == 1 }
      }
    }
    return found
  }
}
