import DiagramIR

/// The laws of copying and deleting, which hold for every box of a cartesian diagram.
enum StructuralLaw {
  /// The diagram with boxes that do the same to the same wires made one, on all levels, as often as possible.
  static func share(_ diagram: Diagram) throws(RewritingError) -> Diagram {
    try checkDoctrine(of: diagram, "share")
    var sharing = Sharing(diagram)
    return sharing.result()
  }

  /// The diagram without boxes that nothing consumes, on all levels.
  static func discard(_ diagram: Diagram) throws(RewritingError) -> Diagram {
    try checkDoctrine(of: diagram, "discard")
    var discarding = Discarding(diagram)
    return try replacing(discarding.replacements(), in: diagram, "discard")
  }

  /// The diagram with the box that makes a wire copied, so that each of its consumers has one of its own.
  static func unshare(_ diagram: Diagram, at place: String) throws(RewritingError) -> Diagram {
    try checkDoctrine(of: diagram, "unshare")
    let index = DiagramIndex(diagram)
    let wire: WireID
    do { wire = try Place.resolve(place, in: index) } catch { throw .place(error) }
    guard let box = index.producers(of: wire).first?.box else {
      throw .nothingToUnshare(place: place, consumers: 0)
    }
    let consumers = diagram.outputs(of: box).reduce(0) { sum, output in
      sum + index.consumers(of: output).count + Int(index.codomainCount[output.index])
    }
    guard consumers > 1 else { throw .nothingToUnshare(place: place, consumers: consumers) }
    var unsharing = Unsharing(diagram, box)
    return unsharing.result(consumers: consumers)
  }

  private static func checkDoctrine(
    of diagram: Diagram, _ law: String
  ) throws(RewritingError) {
    guard diagram.doctrine == .cartesian else {
      throw .doctrine(law: law, expected: .cartesian, found: diagram.doctrine)
    }
  }

  private static func replacing(
    _ parts: [Replacement], in diagram: Diagram, _ law: String
  ) throws(RewritingError) -> Diagram {
    guard !parts.isEmpty else { return diagram }
    do { return try diagram.replacing(parts) } catch { throw .replacement(law: law, error) }
  }
}
