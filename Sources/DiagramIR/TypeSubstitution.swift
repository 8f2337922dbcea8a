/// Sizes for size variables and shapes for shape variables.
///
/// Variables without an entry stand for themselves.
public struct TypeSubstitution: Hashable, Sendable {
  /// What size variables become.
  public var sizes: [SizeVariable: Size]
  /// What shape variables become.
  public var shapes: [ShapeVariable: [Dimension]]

  /// Replaces these variables and leaves others.
  public init(sizes: [SizeVariable: Size] = [:], shapes: [ShapeVariable: [Dimension]] = [:]) {
    self.sizes = sizes
    self.shapes = shapes
  }

  /// Whether nothing changes.
  public var isIdentity: Bool { sizes.isEmpty && shapes.isEmpty }

  /// The size after replacement.
  public func callAsFunction(_ size: Size) throws(SizeError) -> Size {
    try size.substituting(sizes)
  }

  /// The shape after replacement.
  public func callAsFunction(_ shape: [Dimension]) throws(SizeError) -> [Dimension] {
    var result: [Dimension] = []
    for dimension in shape {
      switch dimension {
      case .size(let size): result.append(.size(try self(size)))
      case .shape(let variable): result += shapes[variable] ?? [dimension]
      }
    }
    return result
  }

  /// The type after replacement.
  public func callAsFunction(_ type: WireType) throws(SizeError) -> WireType {
    guard !isIdentity, case .array(let element, let shape) = type else { return type }
    switch element {
    case .real: return .array(.real, try self(shape))
    case .index(let size): return .array(.index(try self(size)), try self(shape))
    }
  }
}
