import DiagramIR

extension LearnedSubstitution {
  /// Finds diagrams for the learned boxes of a general diagram that make it a special one; `nil` when none were
  /// found, which proves nothing.
  ///
  /// Both have one interface with the same size variables. They are compared modulo the laws of copying and
  /// deleting and the normal form of SIMD boxes, and labels of the special diagram modulo renaming. Where nothing is
  /// found, the special diagram is made longer by each exact rule of the environment that says that one map undoes
  /// another (`Retraction`) and concerns the general one, and that is looked for; the rule is then part of what was
  /// found.
  ///
  /// - Parameters:
  ///   - budget: how many candidates are put in and compared, for each form that is tried.
  ///   - sinking: whether diagrams are also compared with what lanes share made in them, as rules need; it takes much
  ///     longer for large diagrams.
  public init?(
    making special: Diagram, of general: Diagram, in environment: Environment = Environment(),
    budget: Int = 500, sinking: Bool = false
  ) {
    var forms = LaneForms(general, sinking: sinking)
    if let found = Self.direct(special, &forms, environment, budget) {
      self = found
      return
    }
    for retraction in environment.rules.compactMap({ Retraction($0) })
    where retraction.concerns(general) {
      for longer in retraction.expansions(of: special, beside: general) {
        guard var found = Self.direct(longer, &forms, environment, min(budget, 50)) else {
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

  /// The search in the forms of lanes in which the two diagrams may be alike.
  private static func direct(
    _ special: Diagram, _ general: inout LaneForms, _ environment: Environment, _ budget: Int
  ) -> LearnedSubstitution? {
    var other = LaneForms(special, sinking: general.sinking)
    for form in general.hasLanes || other.hasLanes ? general.forms : [.shared] {
      guard let first = general[form], let second = other[form],
        var search = SubstitutionSearch(
          first, second, environment, budget: budget, opensInputs: form == .sunk)
      else { return nil }
      if let found = search.first() { return found }
    }
    return nil
  }
}

/// A diagram in the forms of lanes in which it is compared, each made when it is asked for.
private struct LaneForms {
  enum Form: Int, CaseIterable {
    /// As it is.
    case shared
    /// With lanes that continue each other as one box.
    case fused
    /// With each box in lanes of its own.
    case normal
    /// With what lanes share made in them.
    case sunk
  }

  let diagram: Diagram
  let sinking: Bool
  private var known: [Diagram??]

  init(_ diagram: Diagram, sinking: Bool) {
    (self.diagram, self.sinking) = (diagram, sinking)
    known = Array(repeating: nil, count: Form.allCases.count)
  }

  /// The forms that are tried.
  var forms: [Form] { sinking ? Form.allCases : [.shared, .fused, .normal] }

  /// Whether there are other forms than the first.
  var hasLanes: Bool {
    diagram.operations.contains { $0.axis != nil || TensorBox.name(of: $0) == "repeat" }
  }

  /// `nil` when the diagram has no such form.
  subscript(form: Form) -> Diagram? {
    mutating get {
      if let known = known[form.rawValue] { return known }
      let made = make(form)
      known[form.rawValue] = .some(made)
      return made
    }
  }

  private func make(_ form: Form) -> Diagram? {
    switch form {
    case .shared: try? diagram.sharedForm()
    case .fused: try? diagram.fusedForm()
    case .normal: try? LaneRewriting.normalForm(of: diagram)
    case .sunk: try? diagram.sunkForm()
    }
  }
}
