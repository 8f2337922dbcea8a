/// A shape that a file leaves open, such as the `..s` of `[n ..s]`.
public struct ShapeVariable: Hashable, Comparable, Sendable {
  /// The name in the file, without the dots.
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
  public static func < (left: ShapeVariable, right: ShapeVariable) -> Bool {
    (left.name, left.instance) < (right.name, right.instance)
  }
}

/// One entry of a shape.
public enum Dimension: Hashable, Sendable {
  /// One axis.
  case size(Size)
  /// Any number of axes.
  case shape(ShapeVariable)
}

/// What the entries of an array are.
public enum Element: Hashable, Sendable {
  /// Real numbers.
  case real
  /// Indices into an axis of this size, counted from zero.
  case index(Size)
}

/// The colour of a wire: an abstract sort, or arrays of one element kind and shape.
public enum WireType: Hashable, Sendable {
  /// A declared sort.
  case sort(Symbol)
  /// Arrays. An empty shape is a scalar; the leading axis comes first.
  case array(Element, [Dimension])

  /// The type of a real scalar, `[]`.
  public static let scalar = WireType.array(.real, [])

  /// The type of real arrays of these sizes.
  public static func real(_ sizes: Size...) -> WireType { .array(.real, sizes.map(Dimension.size)) }

  /// The type of `axis`-many of these, with the new axis in front; `nil` for an abstract sort.
  public func repeated(_ axis: Size) -> WireType? {
    guard case .array(let element, let shape) = self else { return nil }
    return .array(element, [.size(axis)] + shape)
  }

  /// The dimensions; empty for an abstract sort.
  public var shape: [Dimension] {
    guard case .array(_, let shape) = self else { return [] }
    return shape
  }

  /// The size variables, in order of first occurrence.
  public var sizeVariables: [SizeVariable] {
    guard case .array(let element, let shape) = self else { return [] }
    var found: [SizeVariable] = []
    if case .index(let size) = element { found += size.variables }
    for case .size(let size) in shape {
      for variable in size.variables where !found.contains(variable) { found.append(variable) }
    }
    return found
  }

  /// The shape variables, in order of occurrence.
  public var shapeVariables: [ShapeVariable] {
    shape.compactMap { dimension in
      if case .shape(let variable) = dimension { variable } else { nil }
    }
  }

  /// Whether unification may still change the type.
  public var isFlexible: Bool {
    guard case .array(let element, let shape) = self else { return false }
    if case .index(let size) = element, size.isFlexible { return true }
    return shape.contains { dimension in
      switch dimension {
      case .size(let size): size.isFlexible
      case .shape(let variable): variable.isFlexible
      }
    }
  }
}

extension WireType: CustomStringConvertible {
  /// The type as the language writes it: `[n d]`, `index v [n]`, `H`.
  public var description: String {
    switch self {
    case .sort(let symbol): symbol.name
    case .array(.real, let shape): "[\(shape.map(\.description).joined(separator: " "))]"
    case .array(.index(let size), let shape):
      "index \(size) [\(shape.map(\.description).joined(separator: " "))]"
    }
  }
}

extension Dimension: CustomStringConvertible {
  /// The dimension as the language writes it: `n` or `..s`.
  public var description: String {
    switch self {
    case .size(let size): size.description
    case .shape(let variable): "..\(variable.name)"
    }
  }
}
