import DiagramIR

extension LearnedSubstitution {
  /// Finds diagrams for the learned boxes of a general diagram that make it a special one; `nil` when none were
  /// found, which proves nothing.
  ///
  /// Both have one interface with the same size variables. They are compared modulo the laws of copying and
  /// deleting and the normal form of SIMD boxes, and labels of the special diagram modulo renaming. Where nothing is
  /// found, the special diagram is made longer by each exact rule of the environment that says that one map undoes
  /// another (`Retraction`), and that is looked for; the rule is then part of what was found.
  ///
  /// - Parameter budget: how many candidates are put in and compared, for each form that is tried.
  public init?(
    making special: Diagram, of general: Diagram, in environment: Environment = Environment(),
    budget: Int = 500
  ) {
    if let found = Self.direct(special, general, environment, budget) {
      self = found
      return
    }
    for retraction in environment.rules.compactMap({ Retraction($0) }) {
      for longer in retraction.expansions(of: special, beside: general) {
        guard var found = Self.direct(longer, general, environment, min(budget, 50)) else {
          continue
        }
        found.rules = [retraction.rule.symbol]
        guard found.makes(special, of: general, environment) else { continue }
        self = found
        return
      }
    }
    return nil
  }

  /// The search in the forms of lanes in which the two diagrams may be alike: as they are, with lanes that continue
  /// each other as one box, with each box in lanes of its own, and with what lanes share made in them.
  private static func direct(
    _ special: Diagram, _ general: Diagram, _ environment: Environment, _ budget: Int
  ) -> LearnedSubstitution? {
    let forms: [(Diagram) -> Diagram?] = [
      { try? $0.sharedForm() }, { try? $0.fusedForm() }, { try? LaneRewriting.normalForm(of: $0) },
      { try? $0.sunkForm() },
    ]
    let hasLanes = (special.operations + general.operations).contains { operation in
      operation.axis != nil || TensorBox.name(of: operation) == "repeat"
    }
    for (place, form) in (hasLanes ? forms : Array(forms.prefix(1))).enumerated() {
      guard let first = form(general), let second = form(special),
        var search = SubstitutionSearch(
          first, second, environment, budget: budget, opensInputs: place == 3)
      else { return nil }
      if let found = search.first() { return found }
    }
    return nil
  }
}
