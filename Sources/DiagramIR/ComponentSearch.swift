/// A component written in its least form, and the boxes to start from to get it.
struct ComponentForm {
  var bytes: [UInt8]
  var starts: [BoxID]
  /// The names after the component's own have their numbers.
  var naming: CanonicalNaming
}

/// Finds the least form of one component by trying the places where a walk may start.
///
/// Where several starts are possible they are boxes of one colour; all are tried, and the least continuation is
/// taken. Where several continue in the same way, their rests are compared too. Both stop when the work is too
/// much; then the first is taken.
struct ComponentSearch {
  private let diagram: Diagram
  /// The boxes in the order in which they may be starts: the rarest colours first.
  private let order: [BoxID]
  private let colours: [UInt64]
  /// For a box that does the same as another to the same wires: the one before it.
  private let twin: [BoxID: BoxID]
  /// How much work may still go into trying starts.
  private var budget: Int
  /// How many ties may still be followed to their ends.
  private var branches = 64

  init(_ diagram: Diagram, _ component: [BoxID], _ colours: [UInt64], consumers: [Int32]) {
    self.diagram = diagram
    self.colours = colours
    budget = 20_000 + 8 * component.count
    if component.count == 1 {
      (order, twin) = (component, [:])
      return
    }
    var sizes: [UInt64: Int] = [:]
    for box in component { sizes[colours[box.index], default: 0] += 1 }
    let isSink = { (box: BoxID) in
      diagram.doctrine == .cartesian
        && !diagram.outputs(of: box).contains { consumers[$0.index] > 0 }
    }
    let keys = component.map { box in
      (isSink(box) ? 0 : 1, sizes[colours[box.index]] ?? 0, colours[box.index], box)
    }
    order = keys.sorted { $0 < $1 }.map { $0.3 }
    twin = Self.twins(in: order, diagram, consumers)
  }

  /// Boxes without effect on others, by what they do and to which wires.
  private static func twins(
    in order: [BoxID], _ diagram: Diagram, _ consumers: [Int32]
  ) -> [BoxID: BoxID] {
    struct Key: Hashable {
      let operation: OperationID
      let inputs: ArraySlice<WireID>
    }
    guard diagram.doctrine == .cartesian else { return [:] }
    var last: [Key: BoxID] = [:]
    var twins: [BoxID: BoxID] = [:]
    for box in order where diagram.body(of: box) == nil {
      guard !diagram.outputs(of: box).contains(where: { consumers[$0.index] > 0 }) else { continue }
      let key = Key(operation: diagram.operationID(of: box), inputs: diagram.inputs(of: box))
      if let before = last[key] { twins[box] = before }
      last[key] = box
    }
    return twins
  }

  /// The least form that continues from what is numbered so far. The caller takes the numbers back.
  mutating func leastForm(
    _ start: CanonicalEncoder, _ traversal: inout CanonicalTraversal, from first: Int = 0
  ) -> ComponentForm {
    var form = ComponentForm(bytes: [], starts: [], naming: start.naming)
    var encoder = start
    var position = first
    while true {
      let candidates = self.candidates(traversal, &position)
      guard let only = candidates.first else { break }
      if candidates.count == 1 {
        encoder.bytes = []
        extend(&encoder, from: only, &traversal)
        form.bytes += encoder.bytes
        form.starts.append(only)
        continue
      }
      let best = self.best(of: candidates, encoder, &traversal)
      if best.count > 1 && branches > 0 && budget > 0 {
        let rest = least(of: best, &traversal, from: position)
        return ComponentForm(
          bytes: form.bytes + rest.bytes, starts: form.starts + rest.starts, naming: rest.naming)
      }
      guard let chosen = best.first else { break }
      traversal.visit(chosen.start)
      encoder = chosen.encoder
      form.bytes += encoder.bytes
      form.starts.append(chosen.start)
    }
    form.naming = encoder.naming
    return form
  }

  /// The starts to try next: the open boxes of the rarest colour. One, when there is no budget for more.
  private mutating func candidates(
    _ traversal: CanonicalTraversal, _ position: inout Int
  ) -> [BoxID] {
    let isOpen = { (box: BoxID) in traversal.boxRank[box.index] < 0 }
    while position < order.count, !isOpen(order[position]) { position += 1 }
    guard position < order.count else { return [] }
    let colour = colours[order[position].index]
    var result: [BoxID] = []
    for box in order[position...] {
      guard colours[box.index] == colour else { break }
      budget -= 1
      guard isOpen(box) else { continue }
      if let twin = twin[box], isOpen(twin) { continue }
      result.append(box)
      if budget <= 0 { break }
    }
    return result
  }

  /// The starts whose continuation is least; one, when one of them completes the component.
  private mutating func best(
    of candidates: [BoxID], _ encoder: CanonicalEncoder, _ traversal: inout CanonicalTraversal
  ) -> [(start: BoxID, encoder: CanonicalEncoder)] {
    let (boxes, wires) = (traversal.boxOrder.count, traversal.wireOrder.count)
    var best: [(start: BoxID, encoder: CanonicalEncoder)] = []
    var isComplete = false
    for start in candidates where budget > 0 || best.isEmpty {
      let work = traversal.work
      var trial = encoder
      trial.bytes = []
      extend(&trial, from: start, &traversal)
      budget -= traversal.work - work + trial.naming.newNames
      if let least = best.first?.encoder.bytes {
        if least == trial.bytes && isComplete {
          traversal.rollBack(boxes: boxes, wires: wires)
          continue
        }
        if least != trial.bytes {
          if least.lexicographicallyPrecedes(trial.bytes) {
            traversal.rollBack(boxes: boxes, wires: wires)
            continue
          }
          best = []
        }
      }
      isComplete = order.allSatisfy { traversal.boxRank[$0.index] >= 0 }
      traversal.rollBack(boxes: boxes, wires: wires)
      best.append((start, trial))
    }
    return best
  }

  /// Among starts that look alike so far, the one whose rest is least.
  private mutating func least(
    of best: [(start: BoxID, encoder: CanonicalEncoder)], _ traversal: inout CanonicalTraversal,
    from position: Int
  ) -> ComponentForm {
    let (boxes, wires) = (traversal.boxOrder.count, traversal.wireOrder.count)
    var result: ComponentForm?
    for (start, encoder) in best {
      if result != nil && (budget <= 0 || branches <= 0) { break }
      branches -= 1
      let work = traversal.work
      traversal.visit(start)
      let rest = leastForm(encoder, &traversal, from: position)
      budget -= traversal.work - work
      traversal.rollBack(boxes: boxes, wires: wires)
      let bytes = encoder.bytes + rest.bytes
      if let known = result, !bytes.lexicographicallyPrecedes(known.bytes) { continue }
      result = ComponentForm(bytes: bytes, starts: [start] + rest.starts, naming: rest.naming)
    }
    return result ?? ComponentForm(bytes: [], starts: [], naming: best[0].encoder.naming)
  }

  private func extend(
    _ encoder: inout CanonicalEncoder, from start: BoxID, _ traversal: inout CanonicalTraversal
  ) {
    let (boxes, wires) = (traversal.boxOrder.count, traversal.wireOrder.count)
    traversal.visit(start)
    encoder.encode(traversal.boxOrder[boxes...], traversal.wireOrder[wires...], in: traversal)
  }
}
