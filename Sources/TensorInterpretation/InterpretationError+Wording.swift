import DiagramIR
import TensorKernels

extension InterpretationError: CustomStringConvertible {
  /// One sentence without a full stop at its end: what is wrong, what was expected and found.
  public var description: String {
    switch self {
    case .doctrine, .malformed, .unfolding, .tooDeep, .noMeaning, .boxType, .sort,
      .learnedIndices, .noLane, .label:
      diagramWording
    case .negativeSize, .hiddenUnits, .sizeConflict, .shapeConflict, .openSizes, .openShapes,
      .sizeOverflow:
      sizeWording
    case .inputCount, .inputRank, .inputElement, .inputIndex, .emptyAxis, .missingParameters,
      .parameterRank:
      arrayWording
    case .tooManyElements, .tooManyElementsTogether, .tooManyLanes, .kernel, .resultShape:
      computationWording
    }
  }

  private var diagramWording: String {
    switch self {
    case .doctrine(let doctrine):
      "a \(doctrine) diagram is not a function of arrays; only cartesian ones are evaluated"
    case .malformed(let fault): fault.description
    case .unfolding(let error): error.description
    case .tooDeep(let nesting, let limit):
      "simd and scan boxes are nested \(nesting) deep, at most \(limit) are evaluated"
    case .noMeaning(let symbol):
      "the box '\(symbol.name)' of the theory '\(symbol.module)' has no meaning as a function of "
        + "arrays"
    case .boxType(let symbol, let domain, let codomain):
      "the built-in box '\(symbol.name)' has the type \(Self.list(domain)) -> "
        + "\(Self.list(codomain)), which the ports of its use don't fit"
    case .sort(let wire, let type):
      "\(wire) has the sort \(type), which is not a type of arrays"
    case .learnedIndices(let label):
      "the learned box '\(label)' returns indices; a learned box returns real numbers"
    case .noLane(let label, let axis):
      "'\(label)' is per \(axis), but no simd or scan over \(axis) is around it"
    case .label(let label, let first, let second):
      "the label '\(label)' is both \(first) and \(second); one label is one function"
    default: ""
    }
  }

  private var sizeWording: String {
    switch self {
    case .negativeSize(let name, let value): "the size \(name) can't be \(value)"
    case .hiddenUnits(let count): "a learned function can't have \(count) hidden units"
    case .sizeConflict(let conflict): conflict.description
    case .shapeConflict(let variable, let input, let found, let firstInput, let first):
      "input '\(input)' makes ..\(variable) \(Self.text(found)), but input '\(firstInput)' makes "
        + "it \(Self.text(first))"
    case .openSizes(let open):
      "nothing determines "
        + open.map { "\($0.name) (needed by \($0.neededBy))" }.joined(separator: ", ")
    case .openShapes(let names):
      "no input determines " + names.map { "..\($0)" }.joined(separator: ", ")
    case .sizeOverflow(let what): "\(what) has a size of more than 64 bits"
    default: ""
    }
  }

  private var arrayWording: String {
    switch self {
    case .inputCount(let expected, let found):
      expected.isEmpty
        ? "expected no inputs, found \(found)"
        : "expected \(expected.count) inputs (\(expected.joined(separator: ", "))), found \(found)"
    case .inputRank(let input, let type, let found):
      "input '\(input)' should have the type \(type), found an array of shape \(Self.text(found))"
    case .inputElement(let input, let type):
      type.isIndex
        ? "input '\(input)' should hold indices (\(type)), found real numbers"
        : "input '\(input)' should hold real numbers (\(type)), found indices"
    case .inputIndex(let input, let position, let index, let size):
      "input '\(input)' holds the index \(index) at position \(position), outside an axis of size "
        + "\(size); indices count from 0"
    case .emptyAxis(let input, let size):
      "input '\(input)' can't be drawn at random: the axis \(size) that it indexes is empty"
    case .missingParameters(let missing):
      "missing parameters: "
        + missing.map { "\($0.key) \(Self.symbolic($0.shape))" }.joined(separator: ", ")
    case .parameterRank(let key, let expected, let found):
      "parameter '\(key)' should have the shape \(Self.symbolic(expected)), found "
        + "\(Self.text(found))"
    default: ""
    }
  }

  private var computationWording: String {
    switch self {
    case .tooManyElements(let what, let sizes, let limit):
      "\(what) would be an array of shape \(Self.text(sizes)), which has more than \(limit) "
        + "elements"
    case .tooManyElementsTogether(let what, let limit):
      "\(what) would have more than \(limit) elements together"
    case .tooManyLanes(let what, let count, let limit):
      "\(what) of size \(count) makes more than \(limit) lanes"
    case .kernel(let box, let error): "\(box): \(error)"
    case .resultShape(let box, let expected, let found):
      "\(box) returned the shape \(found), expected \(expected)"
    default: ""
    }
  }

  private static func text(_ sizes: [Int]) -> String {
    "[" + sizes.map(String.init).joined(separator: " ") + "]"
  }

  private static func symbolic(_ sizes: [Size]) -> String {
    "[" + sizes.map(\.description).joined(separator: " ") + "]"
  }

  private static func list(_ types: [WireType]) -> String {
    types.map(\.description).joined(separator: ", ")
  }
}

extension SizeConflict: CustomStringConvertible {
  /// What contradicts what.
  public var description: String {
    guard let reader else { return contradiction }
    return "\(contradiction); the first box that reads it is \(reader)"
  }

  private var contradiction: String {
    let facts = known.map { "\($0.name) = \($0.value) (\($0.origin.words))" }
      .joined(separator: ", ")
    let start = "\(origin.words) has the size \(found)"
    guard let expected else {
      return facts.isEmpty
        ? "\(start), which \(size) can't be" : "\(start), which \(size) can't be with \(facts)"
    }
    if known.isEmpty { return "\(start), expected \(expected)" }
    if size.variable != nil { return "\(start), but \(facts)" }
    return "\(start), but \(size) is \(expected) with \(facts)"
  }
}

extension SizeOrigin {
  /// Where that is.
  var words: String {
    switch self {
    case .given: "given"
    case .input(let name, let axis): "axis \(axis) of input '\(name)'"
    case .parameter(let key, let axis): "axis \(axis) of parameter '\(key)'"
    }
  }
}
