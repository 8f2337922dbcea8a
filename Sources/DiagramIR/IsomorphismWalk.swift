/// A walk along the wires of two diagrams at once, which pairs what corresponds and stops at the first difference.
///
/// It goes where `CanonicalTraversal` goes, in another order: since there is nothing to choose, the order doesn't
/// matter. What is paired has the same number in both diagrams.
struct IsomorphismWalk {
  /// How many boxes are looked at ahead.
  private static let group = 8
  /// In smaller diagrams there is no far memory.
  private static let nearMemory = 1 << 14

  let left: WalkedDiagram
  let right: WalkedDiagram
  var names: PairedNames
  private let leftNumbers: PairedNames.Numbers
  private let rightNumbers: PairedNames.Numbers
  private let isSymmetric: Bool
  /// The boxes in the order of their numbers.
  private let leftOrder: UnsafeMutablePointer<Int32>
  private let rightOrder: UnsafeMutablePointer<Int32>
  /// How many boxes are paired.
  private(set) var boxCount = 0
  private var next = 0
  /// Up to which box memory was looked at ahead.
  private var ahead = 0
  private let memory: UnsafeMutablePointer<Int32>
  private var wireCount: Int32 = 0
  private var pending: [(Int, Int)] = []

  /// The diagrams have the same number of boxes.
  init(_ left: WalkedDiagram, _ right: WalkedDiagram, _ names: PairedNames, isSymmetric: Bool) {
    (self.left, self.right, self.names) = (left, right, names)
    (leftNumbers, rightNumbers) = (names.leftNumbers, names.rightNumbers)
    self.isSymmetric = isSymmetric
    leftOrder = .allocate(capacity: left.boxes.count)
    rightOrder = .allocate(capacity: left.boxes.count)
    memory = .allocate(capacity: 1)
  }

  /// A walk in two places of one symmetric diagram, once all its types and operations have numbers.
  init(inside diagram: WalkedDiagram, _ names: PairedNames) {
    (left, right, self.names) = (diagram, diagram, names)
    (leftNumbers, rightNumbers) = (names.leftNumbers, names.leftNumbers)
    isSymmetric = true
    leftOrder = .allocate(capacity: diagram.boxes.count)
    rightOrder = .allocate(capacity: diagram.boxes.count)
    memory = .allocate(capacity: 1)
  }

  func deallocate() {
    leftOrder.deallocate()
    rightOrder.deallocate()
    memory.deallocate()
  }

  /// Pairs the interfaces and all that can be reached from them.
  ///
  /// - Returns: whether no difference was met.
  mutating func pairInterfaces() -> Bool {
    guard let one = left.tables.regions.last, let other = right.tables.regions.last,
      one.domainCount == other.domainCount, one.codomainCount == other.codomainCount
    else { return false }
    let (first, second) = (Int(one.firstInterface), Int(other.firstInterface))
    for place in 0..<Int(one.domainCount + one.codomainCount) {
      let wire = left.tables.interfaces[first + place].index
      guard pair(wires: wire, right.tables.interfaces[second + place].index) else { return false }
    }
    return run()
  }

  /// Whether two boxes correspond, with all that can be reached from them.
  mutating func pairAll(from one: Int, _ other: Int) -> Bool { pair(boxes: one, other) && run() }

  /// How many boxes and wires are paired.
  struct Mark {
    fileprivate var boxes: Int
    fileprivate var wires: Int32
  }

  var mark: Mark { Mark(boxes: boxCount, wires: wireCount) }

  /// Takes back the numbers that closed components have got since then.
  mutating func rollBack(to mark: Mark) {
    for place in mark.boxes..<boxCount {
      left.forgetRanks(around: Int(leftOrder[place]))
      right.forgetRanks(around: Int(rightOrder[place]))
    }
    (boxCount, next, wireCount) = (mark.boxes, mark.boxes, mark.wires)
    // Components are found one after the other, so their memory is near.
    ahead = -1
    pending.removeAll(keepingCapacity: true)
  }

  /// Reads what the next boxes need, one after the other, so that reads from far memory overlap.
  private mutating func lookAhead() {
    let start = next
    ahead = min(boxCount, start &+ Self.group)
    guard right.boxes.count > Self.nearMemory else { return }
    // What is read is added up and kept, or else it wouldn't be read.
    var sum: Int32 = 0
    for place in start..<ahead {
      sum &+= left.boxes[Int(leftOrder[place])].rank &+ right.boxes[Int(rightOrder[place])].rank
    }
    for place in start..<ahead {
      sum &+= left.firstPort(of: Int(leftOrder[place]))
      sum &+= right.firstPort(of: Int(rightOrder[place]))
    }
    for place in start..<ahead {
      sum &+= left.firstRanks(around: Int(leftOrder[place]))
      sum &+= right.firstRanks(around: Int(rightOrder[place]))
    }
    memory.pointee = sum
  }

  /// Goes on until nothing new is met.
  private mutating func run() -> Bool {
    while true {
      if let (one, other) = pending.popLast() {
        guard pair(wires: one, other) else { return false }
      } else if next < boxCount {
        if next == ahead { lookAhead() }
        let (one, other) = (Int(leftOrder[next]), Int(rightOrder[next]))
        next &+= 1
        guard pairSurroundings(one, other) else { return false }
      } else {
        return true
      }
    }
  }

  /// Pairs two wires, and the boxes at their ends.
  @inline(__always)
  private mutating func pair(wires one: Int, _ other: Int) -> Bool {
    let (a, b) = (left.wires[one], right.wires[other])
    guard a.rank == b.rank else { return false }
    guard a.rank < 0 else { return true }
    left.wires[one].rank = wireCount
    right.wires[other].rank = wireCount
    wireCount &+= 1
    let (type, otherType) = (Int(a.type), Int(b.type))
    let number = leftNumbers.types[type]
    guard
      number == rightNumbers.types[otherType] && number >= 0 || names.pair(types: type, otherType),
      pair(producers: Int(a.producer), Int(b.producer))
    else { return false }
    return !isSymmetric || pair(consumers: Int(a.consumer), Int(b.consumer))
  }

  @inline(__always)
  private mutating func pair(producers one: Int, _ other: Int) -> Bool {
    if one >= 0 { return other >= 0 && pair(boxes: one, other) }
    if one == -1 { return other == -1 }
    return other < -1 && pair(entries: -2 &- one, -2 &- other)
  }

  @inline(__always)
  private mutating func pair(consumers one: Int, _ other: Int) -> Bool {
    if one >= 0 { return other >= 0 && pair(boxes: one, other) }
    if one == -1 { return other == -1 }
    return other < -1 && pair(boxes: -2 &- one, -2 &- other)
  }

  /// Pairs what enters two bodies. Places mean something for states alone, and those are compared with the box.
  private mutating func pair(entries one: Int, _ other: Int) -> Bool {
    let (a, b) = (left.entries[one], right.entries[other])
    let (box, image) = (left.boxes[Int(a.box)].record, right.boxes[Int(b.box)].record)
    guard pair(boxes: Int(a.box), Int(b.box)) else { return false }
    let division = left.divisions[box.operation.index]
    let imageDivision = right.divisions[image.operation.index]
    guard (a.place < division.states) == (b.place < imageDivision.states) else { return false }
    guard a.place >= division.states else { return true }
    precondition(a.place < box.inputCount && b.place < image.inputCount)
    let isMapped = a.place < division.states &+ division.mapped
    guard isMapped == (b.place < imageDivision.states &+ imageDivision.mapped) else { return false }
    pending.append(
      (
        left.tables.ports[Int(box.firstPort + a.place)].index,
        right.tables.ports[Int(image.firstPort + b.place)].index
      ))
    return true
  }

  /// Pairs two boxes by what they do; what is around them comes later.
  @inline(__always)
  private mutating func pair(boxes one: Int, _ other: Int) -> Bool {
    let (a, b) = (left.boxes[one], right.boxes[other])
    guard a.rank == b.rank else { return false }
    guard a.rank < 0 else { return true }
    let (operation, otherOperation) = (a.record.operation.index, b.record.operation.index)
    let number = leftNumbers.operations[operation]
    guard
      number == rightNumbers.operations[otherOperation] && number >= 0
        || names.pair(operations: operation, otherOperation)
    else { return false }
    let rank = Int32(truncatingIfNeeded: boxCount)
    left.boxes[one].rank = rank
    right.boxes[other].rank = rank
    leftOrder[boxCount] = Int32(truncatingIfNeeded: one)
    rightOrder[boxCount] = Int32(truncatingIfNeeded: other)
    boxCount &+= 1
    return true
  }

  /// Pairs the wires at two boxes, those of their bodies' interfaces and the boxes around them.
  @inline(__always)
  private mutating func pairSurroundings(_ one: Int, _ other: Int) -> Bool {
    let (a, b) = (left.boxes[one].record, right.boxes[other].record)
    guard a.inputCount == b.inputCount, a.outputCount == b.outputCount,
      (a.body < 0) == (b.body < 0)
    else { return false }
    let (owner, otherOwner) = (left.owner(of: one), right.owner(of: other))
    guard (owner < 0) == (otherOwner < 0), owner < 0 || pair(boxes: owner, otherOwner) else {
      return false
    }
    let inputCount = Int(a.inputCount)
    let ordered = a.body < 0 ? inputCount : Int(left.divisions[a.operation.index].states)
    let (first, second) = (Int(a.firstPort), Int(b.firstPort))
    guard pair(ports: first, second, count: ordered),
      pair(ports: first &+ inputCount, second &+ inputCount, count: Int(a.outputCount))
    else { return false }
    return a.body < 0 || pair(bodies: Int(a.body), Int(b.body), states: ordered)
  }

  @inline(__always)
  private mutating func pair(ports first: Int, _ second: Int, count: Int) -> Bool {
    var place = 0
    while place < count {
      let wire = left.tables.ports[first &+ place].index
      guard pair(wires: wire, right.tables.ports[second &+ place].index) else { return false }
      place &+= 1
    }
    return true
  }

  private mutating func pair(bodies one: Int, _ other: Int, states: Int) -> Bool {
    let (a, b) = (left.tables.regions[one], right.tables.regions[other])
    guard a.domainCount == b.domainCount, a.codomainCount == b.codomainCount else { return false }
    let (domain, codomain) = (Int(a.domainCount), Int(a.codomainCount))
    let places = Array(0..<min(states, domain)) + Array(domain..<(domain + codomain))
    for place in places {
      let wire = left.tables.interfaces[Int(a.firstInterface) + place].index
      let image = right.tables.interfaces[Int(b.firstInterface) + place].index
      guard pair(wires: wire, image) else { return false }
    }
    return true
  }
}
