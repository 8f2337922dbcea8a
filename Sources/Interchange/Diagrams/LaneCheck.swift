import DiagramIR

/// Checks that a SIMD or scan box fits its body.
struct LaneCheck {
  let operation: Operation
  let inputs: [WireType]
  let outputs: [WireType]
  let domain: [WireType]
  let codomain: [WireType]

  /// Throws at the first port that doesn't fit.
  func run(_ box: JSONNode, _ body: JSONNode) throws(DiagramJSONError) {
    guard let axis = operation.axis else { return }
    let (states, mapped) = (operation.stateCount, operation.mappedCount)
    guard states <= inputs.count, mapped <= inputs.count - states else {
      let sum = states.addingReportingOverflow(mapped)
      throw try box.member("inputs").mismatch(
        "at least \(sum.overflow ? Int.max : sum.partialValue) wires, states and mapped ones",
        found: "\(inputs.count)")
    }
    try requireCounts(box, body, states)
    for place in domain.indices {
      let isMapped = place >= states && place < states + mapped
      try require(
        isMapped ? domain[place].repeated(axis) : domain[place], inputs[place],
        box.member("inputs"), place)
    }
    for place in codomain.indices {
      try require(
        place < states ? codomain[place] : codomain[place].repeated(axis), outputs[place],
        box.member("outputs"), place)
    }
    for place in 0..<states {
      try require(domain[place], codomain[place], body.member("codomain"), place)
    }
  }

  private func requireCounts(
    _ box: JSONNode, _ body: JSONNode, _ states: Int
  ) throws(DiagramJSONError) {
    guard domain.count == inputs.count else {
      throw try body.member("domain").mismatch(
        "\(inputs.count) wires, as many as the box has inputs", found: "\(domain.count)")
    }
    guard codomain.count >= states else {
      throw try body.member("codomain").mismatch(
        "at least \(states) wires, the next states", found: "\(codomain.count)")
    }
    guard outputs.count == codomain.count else {
      throw try box.member("outputs").mismatch(
        "\(codomain.count) wires, as many as the body returns", found: "\(outputs.count)")
    }
  }

  private func require(
    _ expected: WireType?, _ found: WireType, _ list: JSONNode, _ place: Int
  ) throws(DiagramJSONError) {
    guard expected != found else { return }
    let node = list.optionalElement(place) ?? list
    throw node.mismatch(
      expected.map { "a wire of type \($0)" } ?? "a wire that can have an axis in front",
      found: found.description)
  }
}

extension JSONNode {
  /// The element at a place, if there is one.
  fileprivate func optionalElement(_ place: Int) -> JSONNode? {
    value[place].map { JSONNode(value: $0, location: .element(location, place)) }
  }
}
