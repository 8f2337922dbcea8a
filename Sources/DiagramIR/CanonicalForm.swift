/// What a diagram is up to isomorphism: equal exactly for isomorphic diagrams.
///
/// Isomorphic diagrams differ in the order in which boxes and wires are stored, in the names of wires, and in
/// the names of what a diagram binds: its size variables, shape variables and the labels of its learned boxes.
///
/// The form is the list of boxes in the order of `CanonicalTraversal`, as bytes. What the traversal doesn't
/// reach from the interface (closed components, and in `cartesian` boxes that nothing consumes) is divided into
/// components; each is written in its least form over the places from which a traversal may start, and the
/// components are sorted.
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
  /// - Complexity: linear when everything is reachable from the interface; otherwise each further component
  ///   takes its size times the number of possible starts.
  public func canonicalForm() -> CanonicalForm {
    var canonical = Canonicalization(self)
    return CanonicalForm(bytes: canonical.run { _ in })
  }

  /// An order of boxes and wires that is the same in isomorphic diagrams.
  public func canonicalOrder() -> CanonicalOrder {
    var canonical = Canonicalization(self)
    canonical.run { $0 = [] }
    return CanonicalOrder(boxes: canonical.traversal.boxOrder, wires: canonical.traversal.wireOrder)
  }

  /// A hash of the canonical form: 256 bits, equal for isomorphic diagrams.
  ///
  /// - Complexity: as `canonicalForm()`, without keeping the form.
  public func digest() -> Digest {
    var (canonical, hashing) = (Canonicalization(self), Digest.Hashing())
    var rest = canonical.run { if $0.count >= 1 << 16 { hashing.take(&$0) } }
    return hashing.finish(&rest)
  }

  /// Whether the diagrams are equal up to the laws that their doctrine gives for free and up to names.
  public func isIsomorphic(to other: Diagram) -> Bool {
    boxCount == other.boxCount && canonicalForm() == other.canonicalForm()
  }
}

private struct Canonicalization {
  let diagram: Diagram
  var traversal: CanonicalTraversal
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

  /// Writes the form. Now and then `drain` may take bytes from its front; what is left in the end
  /// comes back.
  @discardableResult
  mutating func run(_ drain: (inout [UInt8]) -> Void) -> [UInt8] {
    encoder.encodeInterface(traversal)
    for box in traversal.boxOrder {
      encoder.encode(box, in: traversal)
      drain(&encoder.bytes)
    }
    for wire in traversal.wireOrder {
      encoder.encodeEntry(of: wire, in: traversal)
      drain(&encoder.bytes)
    }
    guard traversal.boxOrder.count < diagram.boxCount else { return encoder.bytes }
    for form in sortedComponents() {
      for box in form.starts { traversal.visit(box) }
      encoder.bytes.append(varint: form.bytes.count)
      encoder.bytes += form.bytes
      drain(&encoder.bytes)
    }
    return encoder.bytes
  }

  private mutating func sortedComponents() -> [ComponentForm] {
    let components = UnreachedComponents(diagram, traversal, encoder.naming).components
    let (boxes, wires) = (traversal.boxOrder.count, traversal.wireOrder.count)
    var forms: [ComponentForm] = []
    for component in components {
      var search = ComponentSearch(diagram, component)
      let start = CanonicalEncoder(diagram, naming: encoder.naming, base: (boxes, wires))
      forms.append(search.leastForm(start, &traversal))
      traversal.rollBack(boxes: boxes, wires: wires)
    }
    return forms.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
  }
}

/// A component written in its least form, and the boxes to start from to get it.
struct ComponentForm {
  var bytes: [UInt8]
  var starts: [BoxID]
}

/// Finds the least form of one component by trying the places where a traversal may start.
struct ComponentSearch {
  let diagram: Diagram
  let component: [BoxID]
  /// How many starts may still be tried where several look alike.
  private var budget = 10_000

  init(_ diagram: Diagram, _ component: [BoxID]) {
    self.diagram = diagram
    self.component = component
  }

  /// The least form that continues from what is numbered so far. Leaves the traversal as it found it, except
  /// for numbers that the caller takes back.
  mutating func leastForm(
    _ encoder: CanonicalEncoder, _ traversal: inout CanonicalTraversal
  ) -> ComponentForm {
    let candidates = self.candidates(traversal)
    guard !candidates.isEmpty else { return ComponentForm(bytes: [], starts: []) }
    let (boxes, wires) = (traversal.boxOrder.count, traversal.wireOrder.count)
    var best: [(start: BoxID, encoder: CanonicalEncoder)] = []
    for start in candidates {
      var trial = encoder
      trial.bytes = []
      extend(&trial, from: start, &traversal)
      let isComplete = component.allSatisfy { traversal.boxRank[$0.index] >= 0 }
      traversal.rollBack(boxes: boxes, wires: wires)
      if let least = best.first?.encoder.bytes {
        if least == trial.bytes && (isComplete || budget == 0) { continue }
        if least.lexicographicallyPrecedes(trial.bytes) { continue }
        if least != trial.bytes { best = [] }
      }
      best.append((start, trial))
    }
    return least(of: best, &traversal)
  }

  /// Among starts that look alike so far, the one whose rest is least.
  private mutating func least(
    of best: [(start: BoxID, encoder: CanonicalEncoder)], _ traversal: inout CanonicalTraversal
  ) -> ComponentForm {
    let (boxes, wires) = (traversal.boxOrder.count, traversal.wireOrder.count)
    var result: ComponentForm?
    for (start, encoder) in best {
      if result != nil && budget == 0 { break }
      if best.count > 1 { budget = max(0, budget - 1) }
      traversal.visit(start)
      let rest = leastForm(encoder, &traversal)
      traversal.rollBack(boxes: boxes, wires: wires)
      let form = ComponentForm(bytes: encoder.bytes + rest.bytes, starts: [start] + rest.starts)
      if let known = result, !form.bytes.lexicographicallyPrecedes(known.bytes) { continue }
      result = form
    }
    return result ?? ComponentForm(bytes: [], starts: [])
  }

  private func extend(
    _ encoder: inout CanonicalEncoder, from start: BoxID, _ traversal: inout CanonicalTraversal
  ) {
    let (boxes, wires) = (traversal.boxOrder.count, traversal.wireOrder.count)
    traversal.visit(start)
    for box in traversal.boxOrder[boxes...] { encoder.encode(box, in: traversal) }
    for wire in traversal.wireOrder[wires...] { encoder.encodeEntry(of: wire, in: traversal) }
  }

  /// Where a traversal may start: of the boxes not yet numbered, the rarest kind. In `cartesian` only boxes
  /// that no other unnumbered box consumes are starts, since the walk goes from consumers to producers.
  private func candidates(_ traversal: CanonicalTraversal) -> [BoxID] {
    var open = component.filter { traversal.boxRank[$0.index] < 0 }
    if diagram.doctrine == .cartesian {
      var consumed: Set<WireID> = []
      for box in open {
        consumed.formUnion(diagram.inputs(of: box))
        if let body = diagram.body(of: box) { consumed.formUnion(diagram.codomain(of: body)) }
      }
      let sinks = open.filter { box in !diagram.outputs(of: box).contains { consumed.contains($0) }
      }
      if !sinks.isEmpty { open = sinks }
    }
    var groups: [String: [BoxID]] = [:]
    for box in open { groups[kind(of: box), default: []].append(box) }
    return groups.min { ($0.value.count, $0.key) < ($1.value.count, $1.key) }?.value ?? []
  }

  /// A coarse description that renaming doesn't change.
  private func kind(of box: BoxID) -> String {
    let ports = "\(diagram.inputs(of: box).count) \(diagram.outputs(of: box).count)"
    switch diagram.operation(of: box) {
    case .box(let symbol): return "\(symbol) \(ports)"
    case .use(let use): return "\(use.content) \(ports)"
    case .learned(let learned): return "\(learned.kind) \(ports)"
    case .number(let pattern): return "number \(pattern)"
    case .size: return "size"
    case .simd: return "simd \(ports)"
    case .scan: return "scan \(ports)"
    }
  }
}
