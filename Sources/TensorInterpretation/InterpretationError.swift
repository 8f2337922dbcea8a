import DiagramIR
import TensorKernels

/// What a size was read off.
public enum SizeOrigin: Hashable, Sendable {
  /// It was given by name.
  case given
  /// An axis, counted from zero, of an input.
  case input(String, axis: Int)
  /// An axis, counted from zero, of a parameter.
  case parameter(String, axis: Int)
}

/// A size that is known, and since when.
public struct KnownSize: Hashable, Sendable {
  /// The variable's name.
  public let name: String
  /// Its value.
  public let value: Int
  /// What it was read off first.
  public let origin: SizeOrigin
}

/// A size that contradicts what is known.
public struct SizeConflict: Hashable, Sendable {
  /// What contradicts.
  public let origin: SizeOrigin
  /// The size as the diagram writes it.
  public let size: Size
  /// What it is there.
  public let found: Int
  /// What it should be; `nil` when the size can't be what was found, whatever its open variable is.
  public let expected: Int?
  /// The known variables in it.
  public let known: [KnownSize]
  /// The first box that reads the input along the axis, in words; `nil` where none does, and for parameters.
  public var reader: String?
}

/// A size that nothing determines, and the first thing that needs it.
public struct OpenSize: Hashable, Sendable {
  /// The variable's name.
  public let name: String
  /// The box or wire that needs it, in words.
  public let neededBy: String
}

/// Why a diagram can't be evaluated. `description` holds the wording.
public enum InterpretationError: Error, Equatable, Sendable {
  // The diagram.
  /// Only cartesian diagrams are functions of arrays.
  case doctrine(Doctrine)
  /// The diagram, or what it uses, breaks an invariant.
  case malformed(DiagramFault)
  /// The diagrams it uses can't be put in place.
  case unfolding(UnfoldingError)
  /// Bodies are nested deeper than `limit`.
  case tooDeep(nesting: Int, limit: Int)
  /// A box without a meaning as a function of arrays.
  case noMeaning(Symbol)
  /// A box of the tensor theory was declared with another type than the built-in one.
  case boxType(Symbol, domain: [WireType], codomain: [WireType])
  /// A wire of an abstract sort.
  case sort(wire: String, type: WireType)
  /// A learned box that returns indices.
  case learnedIndices(label: String)
  /// A learned box is per an axis that no lanes around it have.
  case noLane(label: String, axis: Size)
  /// One label has two shapes or kinds.
  case label(String, first: String, second: String)

  // Sizes.
  /// A size was given that is negative.
  case negativeSize(name: String, value: Int)
  /// A learned function can't have that many hidden units.
  case hiddenUnits(Int)
  /// An array contradicts what is known.
  case sizeConflict(SizeConflict)
  /// Two inputs give a shape variable two values.
  case shapeConflict(
    variable: String, input: String, found: [Int], firstInput: String, first: [Int])
  /// Sizes that nothing determines.
  case openSizes([OpenSize])
  /// Shape variables that no input determines.
  case openShapes([String])
  /// A size exceeds 64 bits.
  case sizeOverflow(String)

  // Inputs and parameters.
  /// There are more or fewer inputs than the diagram has.
  case inputCount(expected: [String], found: Int)
  /// An input has the wrong number of axes.
  case inputRank(input: String, type: WireType, found: [Int])
  /// An input holds real numbers where indices are expected, or the other way round.
  case inputElement(input: String, type: WireType)
  /// An input holds an index outside its axis.
  case inputIndex(input: String, position: Int, index: Int, size: Int)
  /// Random indices into an empty axis are wanted.
  case emptyAxis(input: String, size: Size)
  /// Parameters that are not there, with their shapes.
  case missingParameters([ParameterDeclaration])
  /// A parameter has the wrong number of axes.
  case parameterRank(key: String, expected: [Size], found: [Int])

  // Limits and computation.
  /// An array would have too many elements.
  case tooManyElements(what: String, sizes: [Int], limit: Int)
  /// The arrays of one level would have too many elements together.
  case tooManyElementsTogether(what: String, limit: Int)
  /// There would be too many lanes.
  case tooManyLanes(what: String, count: Int, limit: Int)
  /// A kernel refuses its arguments.
  case kernel(box: String, TensorError)
  /// A box returned another shape than its wire has.
  case resultShape(box: String, expected: Shape, found: Shape)
}
