/// What a diagram is up to isomorphism: equal exactly for isomorphic diagrams.
///
/// Isomorphic diagrams differ in the order in which boxes and wires are stored, in the names of wires, and in
/// the names of what a diagram binds: its size variables, shape variables and the labels of its learned boxes.
///
/// The form is the list of boxes in the order of `CanonicalTraversal`, as bytes. What the traversal doesn't
/// reach from the interface (closed components, and in `cartesian` boxes that nothing consumes) is divided into
/// components; its boxes are coloured by their surroundings, each component is written in its least form over
/// the starts of the rarest colour, and the components are sorted. Components that a walk finds to be alike are
/// searched once.
///
/// - Note: Where a component has many boxes that can't be told apart locally, as in a graph with many
///   symmetries drawn with unused boxes or in `frobenius`, starts are tried up to a budget. Beyond it, two
///   isomorphic diagrams may get different forms; different diagrams never get the same. The same holds for two
///   size variables that occur only together, as `a` and `b` in `a*b`, yet in different roles elsewhere.
public struct CanonicalForm: Hashable, Sendable {
  /// The form.
  public let bytes: [UInt8]

  /// A hash of the form.
  public var digest: Digest { Digest(bytes) }
}

/// An order of boxes and wires that is the same in isomorphic diagrams.
public struct CanonicalOrder: Sendable {
  /// The boxes of all regions.
  public let boxes: [BoxID]
  /// The wires of all regions; those that nothing touches are missing.
  public let wires: [WireID]
}

extension Diagram {
  /// The canonical form.
  ///
  /// - Complexity: linear when everything is reachable from the interface. The rest takes a few rounds of
  ///   colouring and, per component, at most linear work for trying starts that look alike.
  public func canonicalForm() -> CanonicalForm {
    var canonical = Canonicalization(self)
    return CanonicalForm(bytes: canonical.run())
  }

  /// An order of boxes and wires that is the same in isomorphic diagrams.
  public func canonicalOrder() -> CanonicalOrder {
    var traversal = CanonicalTraversal(self)
    traversal.visitInterface()
    if traversal.boxOrder.count < boxCount {
      var canonical = Canonicalization(self)
      _ = canonical.run()
      traversal = canonical.traversal
    }
    return CanonicalOrder(boxes: traversal.boxOrder, wires: traversal.wireOrder)
  }

  /// The size variables and labels in the order in which the canonical form numbers them: those of isomorphic
  /// diagrams correspond. Size variables that no type or operation tells apart come in any order.
  public func canonicalNames() -> (sizes: [SizeVariable], labels: [String]) {
    var canonical = Canonicalization(self)
    _ = canonical.run()
    let numbers = canonical.sizeNumbers
    let sizes = numbers.keys.sorted { (numbers[$0] ?? 0, $0) < (numbers[$1] ?? 0, $1) }
    let labels = canonical.traversal.boxOrder.compactMap { operation(of: $0).label }
    return (sizes, labels.removingRepetitions())
  }

  /// How many boxes and ends of wires the walks of the canonical form look at, all starts that are tried among
  /// them: a measure of its cost that doesn't depend on the machine.
  package func canonicalWork() -> Int {
    var canonical = Canonicalization(self)
    _ = canonical.run()
    return canonical.traversal.work
  }

  /// A hash of the canonical form: 256 bits, equal for isomorphic diagrams.
  public func digest() -> Digest { canonicalForm().digest }
}

/// One run of the algorithm.
struct Canonicalization {
  let diagram: Diagram
  private(set) var traversal: CanonicalTraversal
  private var encoder: CanonicalEncoder

  init(_ diagram: Diagram) {
    self.diagram = diagram
    traversal = CanonicalTraversal(diagram)
    traversal.visitInterface()
    let profiles = diagram.sizeProfiles(in: traversal)
    encoder = CanonicalEncoder(
      diagram,
      naming: CanonicalNaming(prefixes: diagram.foldedLabels, profiles: profiles))
  }

  /// The numbers of size variables, once `run` is done.
  var sizeNumbers: [SizeVariable: Int] { encoder.naming.sizes.all }

  mutating func run() -> [UInt8] {
    encoder.encodeInterface(traversal)
    encoder.encode(traversal.boxOrder[...], traversal.wireOrder[...], in: traversal)
    if traversal.boxOrder.count < diagram.boxCount { appendComponents() }
    if diagram.doctrine == .frobenius {
      encoder.encode(isolated: diagram.isolatedWires(traversal), traversal)
    }
    return encoder.bytes
  }

  private mutating func appendComponents() {
    encoder.naming.seal()
    let components = leastForms()
    components.forEachInOrder { form, starts in
      for box in starts { traversal.visit(box) }
      encoder.bytes.append(varint: form.bytes.count)
      encoder.bytes += form.bytes
      if form.naming.newNames > 0 { encoder.naming.adopt(form.naming) }
    }
  }

  private mutating func leastForms() -> ComponentClasses {
    let colours = CanonicalColours(diagram, traversal, encoder.naming).boxes
    let components = UnreachedComponents(diagram, traversal, encoder.naming)
    traversal.follow(colours)
    let start = CanonicalEncoder(
      diagram, naming: encoder.naming,
      base: (traversal.boxOrder.count, traversal.wireOrder.count))
    var classes = ComponentClasses(diagram, colours, start, after: traversal)
    for position in 0..<components.count { classes.add(components[position], &traversal) }
    return classes
  }
}

extension Diagram {
  /// The wires that no port and no interface has, with the box whose body they lie in.
  fileprivate func isolatedWires(
    _ traversal: CanonicalTraversal
  ) -> [(owner: BoxID?, wire: WireID)] {
    guard traversal.wireOrder.count < wireCount else { return [] }
    var result: [(owner: BoxID?, wire: WireID)] = []
    for region in 0..<regionCount {
      for wire in wires(in: RegionID(region)) where traversal.wireRank[wire.index] < 0 {
        result.append((owner(of: RegionID(region)), wire))
      }
    }
    return result
  }
}
