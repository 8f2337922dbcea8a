import DiagramIR

/// What the size variables and labels of one diagram are called in another, all uses unfolded.
///
/// Isomorphic diagrams may name what they bind differently; a function of numbers is given its sizes and
/// parameters by name.
struct BoundNames: Sendable {
  private var sizes: [SizeVariable: SizeVariable] = [:]
  private var labels: [String: String] = [:]

  /// Everything keeps its name.
  init() {}

  /// What the names of a diagram are in an isomorphic one.
  ///
  /// - Complexity: that of both canonical forms.
  init(of diagram: Diagram, in other: Diagram) {
    let (own, others) = (diagram.canonicalNames(), other.canonicalNames())
    for (a, b) in zip(own.sizes, others.sizes) where a != b { sizes[a] = b }
    for (a, b) in zip(own.labels, others.labels) where a != b { labels[a] = b }
  }

  /// Whether everything keeps its name.
  var isEmpty: Bool { sizes.isEmpty && labels.isEmpty }

  /// First these names, then others.
  func then(_ next: BoundNames) -> BoundNames {
    var all = BoundNames()
    for size in Set(sizes.keys).union(next.sizes.keys) {
      let middle = sizes[size] ?? size
      all.sizes[size] = next.sizes[middle] ?? middle
    }
    for label in Set(labels.keys).union(next.labels.keys) {
      let middle = labels[label] ?? label
      all.labels[label] = next.labels[middle] ?? middle
    }
    return all
  }

  /// The diagram with the other names, all uses unfolded; itself when that changes nothing or can't be done.
  ///
  /// - Complexity: linear in the unfolded diagram.
  func renaming(_ diagram: Diagram, in environment: Environment) -> Diagram {
    guard !isEmpty, let unfolded = try? environment.unfoldingAll(diagram) else { return diagram }
    let substitution = TypeSubstitution(sizes: sizes.mapValues { Size($0) })
    let transform = DiagramTransform(substitution: substitution) { operation in
      guard case .learned(var box) = operation, let label = labels[box.label] else {
        return operation
      }
      box.label = label
      return .learned(box)
    }
    return (try? unfolded.transformed(by: transform)) ?? diagram
  }
}
