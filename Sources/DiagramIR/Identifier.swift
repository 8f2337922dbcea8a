/// A position in one of a diagram's arrays, typed by what the array holds.
public struct Identifier<Tag>: Hashable, Comparable, BitwiseCopyable, Sendable {
  /// The position, as stored.
  public let rawValue: Int32

  /// The identifier of a position.
  public init(_ index: Int) { rawValue = Int32(truncatingIfNeeded: index) }

  /// The position.
  public var index: Int { Int(rawValue) }

  /// Orders by position.
  public static func < (left: Identifier, right: Identifier) -> Bool {
    left.rawValue < right.rawValue
  }
}

/// Marks identifiers of wires.
public enum WireTag {}
/// Marks identifiers of boxes.
public enum BoxTag {}
/// Marks identifiers of regions.
public enum RegionTag {}
/// Marks identifiers of wire types.
public enum TypeTag {}
/// Marks identifiers of operations.
public enum OperationTag {}

/// A wire of a diagram.
public typealias WireID = Identifier<WireTag>
/// A box of a diagram.
public typealias BoxID = Identifier<BoxTag>
/// A level of nesting: the diagram itself, or the body of one SIMD or scan box.
public typealias RegionID = Identifier<RegionTag>
/// A wire type in a diagram's table of types.
public typealias TypeID = Identifier<TypeTag>
/// An operation in a diagram's table of operations.
public typealias OperationID = Identifier<OperationTag>
