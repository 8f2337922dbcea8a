import DiagramIR

/// Checks that each label of a diagram stands for one function.
struct LabelCheck {
  private enum Meaning: Equatable {
    case learned(LearnedBox, domain: [WireType], codomain: [WireType])
    case use(DiagramUse)
  }

  private let diagram: Diagram

  init(_ diagram: Diagram) { self.diagram = diagram }

  /// Throws at the first box whose label stood for something else before.
  func run(_ location: (BoxID) -> JSONLocation) throws(DiagramJSONError) {
    var meanings: [String: Meaning] = [:]
    for index in 0..<diagram.boxCount {
      let box = BoxID(index)
      guard let (label, meaning) = meaning(of: box) else { continue }
      if let earlier = meanings[label], earlier != meaning {
        throw DiagramJSONError(at: location(box), .label(label, reason: reason(earlier, meaning)))
      }
      meanings[label] = meaning
    }
  }

  private func meaning(of box: BoxID) -> (String, Meaning)? {
    switch diagram.operation(of: box) {
    case .learned(let learned):
      let ports = diagram.portTypes(of: box)
      return (learned.label, .learned(learned, domain: ports.domain, codomain: ports.codomain))
    case .use(let use) where !use.label.isEmpty: return (use.label, .use(use))
    default: return nil
    }
  }

  private func reason(_ first: Meaning, _ second: Meaning) -> String {
    switch (first, second) {
    case (.learned(let a, _, _), .learned(let b, _, _)):
      a == b ? "its learned boxes have different types" : "its learned boxes differ in kind or axes"
    case (.use(let a), .use(let b)):
      a.definition == b.definition
        ? "its uses have different sizes or axes"
        : "it is a use of '\(a.definition)' and of '\(b.definition)'"
    default: "it is a learned box and a use"
    }
  }
}
