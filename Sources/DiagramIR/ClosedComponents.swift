/// Finds the closed components of a symmetric diagram without bodies: the boxes that a walk from the interface
/// doesn't number, each with what is connected to it. Their boxes get the number -2 when they are found.
///
/// A value holds pointers and numbers; whoever made it deallocates it.
///
/// - Complexity: linear; the signatures of a component are sorted.
struct ClosedComponents {
  /// A component. Equal for two that are alike, but for the start.
  struct Component {
    var count: Int
    var hash: UInt64
    /// The rarest signature of its boxes, the least of several, and how many boxes have it.
    var rarest: UInt64
    var rarestCount: Int
    /// One of those.
    var start: Int
  }

  private let diagram: WalkedDiagram
  private let numbers: PairedNames.Numbers
  private var position = 0
  /// The boxes of the component found last.
  private let boxes: UnsafeMutableBufferPointer<Int32>
  /// For each of them a number that depends on what it does and what its neighbours do.
  private let signatures: UnsafeMutableBufferPointer<UInt64>
  private let sorted: UnsafeMutableBufferPointer<UInt64>

  /// - Parameter count: how many boxes have no number.
  init(_ diagram: WalkedDiagram, _ numbers: PairedNames.Numbers, count: Int) {
    self.diagram = diagram
    self.numbers = numbers
    boxes = .allocate(capacity: count)
    signatures = .allocate(capacity: count)
    sorted = .allocate(capacity: count)
  }

  func deallocate() {
    boxes.deallocate()
    signatures.deallocate()
    sorted.deallocate()
  }

  /// The next component.
  mutating func next() -> Component? {
    while position < diagram.boxes.count, diagram.boxes[position].rank != -1 { position &+= 1 }
    guard position < diagram.boxes.count else { return nil }
    return component(flood(from: position))
  }

  /// The boxes of the component found last that have its rarest signature, one after the other.
  func starts(_ component: Component) -> some Sequence<Int> {
    (0..<component.count).lazy.filter { signatures[$0] == component.rarest }
      .map { Int(boxes[$0]) }
  }

  /// Finds the component of a box, and the signatures of its boxes.
  ///
  /// - Returns: how many there are.
  private func flood(from start: Int) -> Int {
    boxes[0] = Int32(truncatingIfNeeded: start)
    diagram.boxes[start].rank = -2
    var (next, end) = (0, 1)
    while next < end {
      let record = diagram.boxes[Int(boxes[next])].record
      let outputs = Int(record.firstPort &+ record.inputCount)
      var signature = UInt64(truncatingIfNeeded: numbers.operations[record.operation.index])
      for port in Int(record.firstPort)..<(outputs &+ Int(record.outputCount)) {
        let wire = diagram.wires[diagram.tables.ports[port].index]
        let neighbour = Int(port < outputs ? wire.producer : wire.consumer)
        guard neighbour >= 0 else { continue }
        let other = diagram.boxes[neighbour]
        let operation = numbers.operations[other.record.operation.index]
        let side: UInt64 = port < outputs ? 1 << 32 : 2 << 32
        signature = mix(signature, side | UInt64(truncatingIfNeeded: operation))
        guard other.rank == -1 else { continue }
        diagram.boxes[neighbour].rank = -2
        boxes[end] = Int32(truncatingIfNeeded: neighbour)
        end &+= 1
      }
      signatures[next] = signature
      next &+= 1
    }
    return end
  }

  private func component(_ count: Int) -> Component {
    var hash = UInt64(truncatingIfNeeded: count)
    for place in 0..<count {
      let signature = signatures[place]
      hash &+= mix(19, signature)
      sorted[place] = signature
    }
    sort(count)
    var (rarest, rarestCount, first) = (sorted[0], Int.max, 0)
    for place in 1...count where place == count || sorted[place] != sorted[first] {
      if place &- first < rarestCount { (rarest, rarestCount) = (sorted[first], place &- first) }
      first = place
    }
    var start = 0
    while signatures[start] != rarest { start &+= 1 }
    return Component(
      count: count, hash: hash, rarest: rarest, rarestCount: rarestCount, start: Int(boxes[start]))
  }

  /// Sorts the first signatures; a few by insertion.
  private func sort(_ count: Int) {
    guard count <= 16 else {
      var part = UnsafeMutableBufferPointer(rebasing: sorted[..<count])
      return part.sort()
    }
    var place = 1
    while place < count {
      let moved = sorted[place]
      var hole = place
      while hole > 0, sorted[hole &- 1] > moved {
        sorted[hole] = sorted[hole &- 1]
        hole &-= 1
      }
      sorted[hole] = moved
      place &+= 1
    }
  }
}
