import DiagramIR

/// Diagrams for learned boxes: what a variable function becomes when one of its values is chosen.
///
/// Applied to a diagram A, it replaces every box of each of its labels, on all levels. Every function that the
/// result can be, A can be as well, so the result **specialises** A: A `>=` result. That needs conditions,
/// which `applied(to:in:)` checks:
///
/// - the diagram has the type of the boxes;
/// - what takes the place of a `linear` box is linear, by the declarations of its boxes; a `state` has no inputs, and anything that has none may
///   take its place; anything may take the place of `learn`;
/// - a learned box inside the diagram is `per` no axis but those of the boxes, or of lanes within the diagram;
/// - afterwards each label is still one function.
///
/// ```
/// var substitution = LearnedSubstitution()
/// substitution["g"] = .box(.learned(f), [d], [d], doctrine: .cartesian)   // ties g to f
/// let tied = try substitution.applied(to: diagram)
/// ```
///
/// Source: reconstructed from the expressive reductions of *On the Anatomy of Attention* (arXiv 2407.02423).
public struct LearnedSubstitution: Sendable {
  private var images: [String: Diagram] = [:]
  /// Exact rules that take the diagram with all labels replaced further, left to right, to what is to be compared.
  public var rules: [Symbol] = []

  /// Replaces nothing.
  public init() {}

  /// The labels that are replaced, in alphabetical order.
  public var labels: [String] { images.keys.sorted() }

  /// Whether nothing is replaced.
  public var isEmpty: Bool { images.isEmpty }

  /// What takes the place of the boxes of a label; its learned boxes have labels of the result.
  public subscript(label: String) -> Diagram? {
    get { images[label] }
    set { images[label] = newValue }
  }

  /// The diagram with all boxes of the labels replaced, at once.
  ///
  /// A label that no box has is passed over.
  ///
  /// - Parameter environment: the declarations that say which boxes are linear.
  /// - Throws: `SubstitutionError`, the first condition that fails.
  /// - Complexity: linear in the result.
  public func applied(
    to diagram: Diagram, in environment: Environment = Environment()
  ) throws(SubstitutionError) -> Diagram {
    let functions = LearnedFunctions(diagram)
    if isEmpty { return diagram }
    guard diagram.doctrine == .cartesian else { throw .doctrine(diagram.doctrine) }
    for label in labels {
      if let use = functions.use(around: label) { throw .folded(label: label, use: use) }
      if let image = images[label], let function = functions[label] {
        try check(image, for: function, environment)
      }
    }
    let result = try replaced(diagram)
    let after = LearnedFunctions(result)
    if let conflict = after.conflict { throw .conflict(label: conflict) }
    if let conflict = after.useConflict, functions.useConflict == nil {
      throw .conflict(label: conflict)
    }
    for label in after.labels {
      if let use = after.use(around: label), functions.use(around: label) == nil {
        throw .conflict(label: use)
      }
    }
    return result
  }

  private func replaced(_ diagram: Diagram) throws(SubstitutionError) -> Diagram {
    var (parts, first): ([Replacement], String) = ([], "")
    for region in (0..<diagram.regionCount).map({ RegionID($0) }) {
      for box in diagram.boxes(in: region) {
        guard case .learned(let learned) = diagram.operation(of: box),
          let image = images[learned.label]
        else { continue }
        try checkType(image, of: learned.label, diagram.portTypes(of: box))
        if parts.isEmpty { first = learned.label }
        parts.append(
          Replacement(
            region: region, removed: [box], diagram: image,
            inputs: Array(diagram.inputs(of: box)), outputs: Array(diagram.outputs(of: box))))
      }
    }
    guard !parts.isEmpty else { return diagram }
    do { return try diagram.replacing(parts) } catch {
      throw .replacement(label: first, error)
    }
  }
}

// MARK: - Conditions

extension LearnedSubstitution {
  private func check(
    _ image: Diagram, for function: LearnedFunctions.Function, _ environment: Environment
  ) throws(SubstitutionError) {
    let label = function.box.label
    guard image.doctrine == .cartesian else { throw .doctrine(image.doctrine) }
    try checkType(image, of: label, (function.domain, function.codomain))
    if function.box.kind == .linear {
      guard image.isLinear(in: environment) else { throw .notLinear(label: label) }
    }
    try image.forEachLearned { operation, axes throws(SubstitutionError) in
      for axis in operation.perAxes where !axes.contains(axis) && !function.box.per.contains(axis) {
        throw .perLane(label: label, inside: operation.label ?? "", axis: axis)
      }
    }
  }

  private func checkType(
    _ image: Diagram, of label: String, _ ports: (domain: [WireType], codomain: [WireType])
  ) throws(SubstitutionError) {
    guard image.domainTypes == ports.domain, image.codomainTypes == ports.codomain else {
      let words = { (domain: [WireType], codomain: [WireType]) in
        [domain, codomain].map { $0.map(\.description).joined(separator: ", ") }
          .joined(separator: " -> ")
      }
      throw .type(
        label: label, expected: words(ports.domain, ports.codomain),
        found: words(image.domainTypes, image.codomainTypes))
    }
  }
}
