import DiagramIR

/// The steps that rewriting in place has taken, with the names of their places.
///
/// A step is noted before it is taken. Its place is the name of a wire where the wire has one that no other wire can
/// have, else what `Place.name` says.
struct StepRecording {
  private(set) var steps: [DerivationStep] = []
  private var counts: [String: Int] = [:]
  /// How many names had been counted.
  private var counted = -1

  /// - Complexity: constant, expected, for a wire with a name of its own that is the source's; else linear in the
  ///   graph, and what `Diagram.canonicalOrder()` takes.
  mutating func record(_ law: borrowing InPlaceLaw, in graph: borrowing FlatGraph) {
    var place: String?
    if let anchor = law.rewrite.pattern.anchor {
      place = name(of: law.search.wires[anchor.index], in: graph)
    }
    steps.append(.apply(.rule(law.symbol), isBackward: false, at: place, sizes: []))
  }

  private mutating func name(of wire: Int32, in graph: borrowing FlatGraph) -> String {
    let number = graph.wires[wire].name
    if graph.isFromSource(number) && !graph.repeatedNames.contains(number) {
      if counted != graph.nameCount {
        counts = graph.nameCounts()
        counted = graph.nameCount
      }
      let name = graph.name(number)
      if counts[name] == 1 { return name }
    }
    let frozen = graph.frozen()
    return Place.name(of: WireID(Int(frozen.wires[wire])), in: frozen.diagram)
  }
}
