import DiagramIR

/// What has to be kept of the past while one token after the other is generated.
///
/// A new token is one more lane along the token axis. Kept are: arrays with that axis that the new lane reads as a
/// whole, such as the keys and values of softmax attention; the states of scans along it; and what sums and other
/// folds along it have come to. Not kept is what each lane reads at its own position only, and what depends on no
/// input. So the number tells a mechanism whose memory grows with every token from one whose memory doesn't.
///
/// Every form of a mechanism has its own number: of causal linear attention, the recurrent form keeps a state, the
/// quadratic one all keys and values.
public struct GenerationState: Hashable, Sendable {
  /// The token axis.
  public let axis: Size
  /// How many numbers are kept after as many tokens as the axis has.
  public let kept: Size

  /// What is kept whatever the number of tokens, and what is kept of each; `nil` when more than that is kept.
  public var parts: (constant: Size, perToken: Size)? {
    guard let variable = axis.variable, let parts = kept.linearParts(in: variable) else {
      return nil
    }
    return (parts.constant, parts.factor)
  }

  /// `nil` when no axis is given and no result has one.
  init?(_ diagram: Diagram, tokens: Size?) throws(SizeError) {
    let leading = diagram.codomain.lazy.compactMap { diagram.type(of: $0).sizes.first }.first
    guard let axis = tokens ?? leading else { return nil }
    self.axis = axis
    var survey = GenerationSurvey(diagram, axis)
    try survey.visit(diagram.root, lanes: .one)
    kept = survey.kept
  }
}

/// Finds what a new token needs from the tokens before it.
private struct GenerationSurvey {
  private(set) var kept = Size.zero
  private let diagram: Diagram
  private let axis: Size
  private let producers: [Int32]
  /// By wire, whether it depends on an input of the whole diagram.
  private var depends: [Bool]
  /// By wire, the wire that the array comes from which it is, or is a part of.
  private var origins: [WireID]
  /// By wire, how many lanes it is in.
  private var laneCounts: [Size]
  private var isKept: [Bool]

  init(_ diagram: Diagram, _ axis: Size) {
    self.diagram = diagram
    self.axis = axis
    producers = diagram.producers()
    depends = Array(repeating: false, count: diagram.wireCount)
    isKept = depends
    origins = (0..<diagram.wireCount).map { WireID($0) }
    laneCounts = Array(repeating: .one, count: diagram.wireCount)
    for wire in diagram.domain { depends[wire.index] = true }
  }

  /// Goes through the boxes of a region that is in so many lanes, none of them along the token axis.
  mutating func visit(_ region: RegionID, lanes: Size) throws(SizeError) {
    for box in diagram.topologicalOrder(of: region, producers: producers) ?? [] {
      let isDependent = diagram.inputs(of: box).contains { depends[$0.index] }
      for wire in diagram.outputs(of: box) {
        depends[wire.index] = isDependent
        laneCounts[wire.index] = lanes
      }
      guard isDependent else { continue }
      let operation = diagram.operation(of: box)
      guard let body = diagram.body(of: box) else {
        try keepForNext(box, operation)
        continue
      }
      if operation.axis == axis {
        try keepForNextLane(box, operation)
      } else {
        enter(body, of: box)
        try visit(body, lanes: lanes * (operation.axis ?? .zero))
      }
    }
  }

  private mutating func enter(_ body: RegionID, of box: BoxID) {
    for (inner, outer) in zip(diagram.domain(of: body), diagram.inputs(of: box)) {
      depends[inner.index] = depends[outer.index]
      origins[inner.index] = origins[outer.index]
    }
  }

  /// A lane along the token axis needs the state of the one before, and shared arrays.
  private mutating func keepForNextLane(_ box: BoxID, _ operation: Operation) throws(SizeError) {
    for wire in diagram.outputs(of: box).prefix(operation.stateCount) { try keep(wire) }
    let shared = operation.stateCount + operation.mappedCount
    for wire in diagram.inputs(of: box).dropFirst(shared) { try keepWhole(wire) }
  }

  /// A fold along the token axis needs what it has come to, and a learned box all it reads; boxes that move numbers
  /// need nothing.
  private mutating func keepForNext(_ box: BoxID, _ operation: Operation) throws(SizeError) {
    switch operation {
    case .box(let symbol):
      guard case .fold = ScalarWork(box: symbol.name), let input = diagram.inputs(of: box).first,
        let output = diagram.outputs(of: box).first, diagram.type(of: input).sizes.first == axis
      else { return }
      try keep(output)
    default:
      for wire in diagram.inputs(of: box) { try keepWhole(wire) }
    }
  }

  private mutating func keepWhole(_ wire: WireID) throws(SizeError) {
    if depends[wire.index], diagram.type(of: wire).sizes.contains(axis) { try keep(wire) }
  }

  /// Counts an array once, in all lanes that it is in.
  private mutating func keep(_ wire: WireID) throws(SizeError) {
    let array = origins[wire.index]
    guard !isKept[array.index] else { return }
    isKept[array.index] = true
    kept = try kept + diagram.type(of: array).elementCount() * laneCounts[array.index]
  }
}
