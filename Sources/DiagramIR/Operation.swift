/// How a learned box is parameterised.
public enum LearnedKind: String, Sendable, CaseIterable {
  /// A universal approximator: any function of its type.
  case learn
  /// A learned linear map.
  case linear
  /// A learned constant.
  case state
}

/// A learned box: a variable function, named by its label.
///
/// A label is semantics: the same label is the same function wherever it occurs in a diagram.
public struct LearnedBox: Hashable, Sendable {
  /// How it is parameterised.
  public var kind: LearnedKind
  /// Its name, the key of its parameters; dots separate the labels of the diagrams around it.
  public var label: String
  /// The axes that have one set of parameters per lane, outermost first. Each names the innermost enclosing
  /// SIMD or scan box of that axis.
  public var per: [Size]

  /// A learned box with this label.
  public init(kind: LearnedKind, label: String, per: [Size] = []) {
    self.kind = kind
    self.label = label
    self.per = per
  }
}

/// A diagram used as a box; it stands for its definition.
public struct DiagramUse: Hashable, Sendable {
  /// The diagram that is used.
  public var definition: Symbol
  /// `Definition.content()` of its definition: two uses with equal contents are the same box, whatever their names.
  public var content: Digest
  /// What goes in front of the labels inside; empty when there is no learned box inside.
  public var label: String
  /// Axes in front of every parameter inside, outermost first.
  public var per: [Size]
  /// What the sizes that its interface leaves open are here, in the order of `Definition.openSizes`.
  public var openSizes: [Size]

  /// A use of a diagram.
  public init(
    definition: Symbol, content: Digest, label: String = "", per: [Size] = [],
    openSizes: [Size] = []
  ) {
    self.definition = definition
    self.content = content
    self.label = label
    self.per = per
    self.openSizes = openSizes
  }
}

/// What a box does. Its sizes follow from the types of its wires.
public enum Operation: Hashable, Sendable {
  /// A box of the theory.
  case box(Symbol)
  /// A diagram used as a box.
  case use(DiagramUse)
  /// A learned box.
  case learned(LearnedBox)
  /// A scalar constant, by its bit pattern (so that every constant equals itself).
  case number(UInt64)
  /// A size as a scalar.
  case size(Size)
  /// The body applied in each of `axis` lanes. Inputs: `mapped` wires with the axis in front, then the wires
  /// that every lane shares. Every output has the axis in front.
  case simd(axis: Size, mapped: Int)
  /// The body applied in lane after lane. Inputs: `states` start values, `mapped` wires with the axis in front,
  /// then shared wires. Outputs: the last states, then what the lanes return, with the axis in front.
  case scan(axis: Size, states: Int, mapped: Int)

  /// A scalar constant.
  public static func number(_ value: Double) -> Operation { .number(value.bitPattern) }

  /// Whether the box has a body.
  public var hasBody: Bool { axis != nil }

  /// The axis of a SIMD or scan box.
  public var axis: Size? {
    switch self {
    case .simd(let axis, _), .scan(let axis, _, _): axis
    default: nil
    }
  }

  /// How many state wires the body has in front; zero for anything but a scan box.
  public var stateCount: Int {
    if case .scan(_, let states, _) = self { states } else { 0 }
  }

  /// How many inputs are peeled of the axis; zero for anything but a SIMD or scan box.
  public var mappedCount: Int {
    switch self {
    case .simd(_, let mapped), .scan(_, _, let mapped): mapped
    default: 0
    }
  }

  /// The operation with another number of mapped inputs; unchanged unless it is a SIMD or scan box.
  func mapping(_ count: Int) -> Operation {
    switch self {
    case .simd(let axis, _): .simd(axis: axis, mapped: count)
    case .scan(let axis, let states, _): .scan(axis: axis, states: states, mapped: count)
    default: self
    }
  }

  /// The operation with its sizes replaced.
  public func substituting(_ sizes: [SizeVariable: Size]) throws(SizeError) -> Operation {
    func apply(_ list: [Size]) throws(SizeError) -> [Size] {
      var result: [Size] = []
      for size in list { result.append(try size.substituting(sizes)) }
      return result
    }
    switch self {
    case .box, .number: return self
    case .use(var use):
      use.per = try apply(use.per)
      use.openSizes = try apply(use.openSizes)
      return .use(use)
    case .learned(var box):
      box.per = try apply(box.per)
      return .learned(box)
    case .size(let size): return .size(try size.substituting(sizes))
    case .simd(let axis, let mapped):
      return .simd(axis: try axis.substituting(sizes), mapped: mapped)
    case .scan(let axis, let states, let mapped):
      return .scan(axis: try axis.substituting(sizes), states: states, mapped: mapped)
    }
  }

  /// The size variables, in order of occurrence, with repetitions.
  public var sizeVariables: [SizeVariable] {
    switch self {
    case .box, .number: []
    case .use(let use): (use.per + use.openSizes).flatMap(\.variables)
    case .learned(let box): box.per.flatMap(\.variables)
    case .size(let size), .simd(let size, _), .scan(let size, _, _): size.variables
    }
  }
}
