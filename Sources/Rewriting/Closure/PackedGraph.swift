import DiagramIR

/// A mutable symmetric diagram in one array of cells, as `PackedLayout` says.
///
/// The buffers only grow, and whoever made the graph deallocates them. A value holds pointers and numbers alone,
/// so that the innermost loops count no references.
struct PackedGraph {
  /// How many inputs and outputs the boxes of a kind have.
  struct Arity {
    var inputs: Int32
    var outputs: Int32
  }

  let domainCount: Int
  let codomainCount: Int
  let shift: Int
  let mask: Int
  let firstBox: Int
  let firstOutput: Int
  let outputBits: Int
  let kindCount: Int
  let arities: UnsafeMutableBufferPointer<Arity>
  /// The cells of the domain, and then of the codomain.
  let interface: UnsafeMutableBufferPointer<Int32>
  private(set) var cells: UnsafeMutableBufferPointer<Int32>
  /// The cell of each code, when boxes have their canonical numbers.
  private var cellOfCode: UnsafeMutableBufferPointer<Int32>
  /// The records of boxes in the order in which they are found.
  private(set) var order: UnsafeMutableBufferPointer<Int32>
  private var capacity = 0
  /// How many boxes were read last.
  private(set) var boxCount = 0
  private let layout: PackedLayout

  init(_ signature: PackedSignature) {
    layout = signature.layout
    domainCount = layout.domainCount
    codomainCount = layout.codomainCount
    shift = layout.shift
    mask = layout.stride - 1
    firstBox = layout.firstBox
    firstOutput = layout.firstOutput
    outputBits = layout.outputBits
    kindCount = signature.kinds.count
    arities = .allocate(capacity: signature.kinds.count)
    for (number, kind) in signature.kinds.enumerated() {
      let arity = Arity(inputs: Int32(kind.inputs.count), outputs: Int32(kind.outputs.count))
      arities.initializeElement(at: number, to: arity)
    }
    interface = .allocate(capacity: domainCount + codomainCount)
    for place in 0..<domainCount {
      interface.initializeElement(at: place, to: Int32(layout.domainCell(place)))
    }
    for place in 0..<codomainCount {
      interface.initializeElement(
        at: domainCount + place, to: Int32(layout.codomainCell(place)))
    }
    cells = .allocate(capacity: 0)
    cellOfCode = .allocate(capacity: 0)
    order = .allocate(capacity: 0)
    reserve(16)
  }

  func deallocate() {
    arities.deallocate()
    interface.deallocate()
    release()
  }

  /// Makes room for that many boxes; what was there is lost when there isn't enough.
  mutating func reserve(_ boxes: Int) {
    guard boxes > capacity else { return }
    release()
    capacity = max(boxes, min(2 * capacity, layout.maximumBoxCount))
    let cellCount = layout.record(capacity)
    cells = .allocate(capacity: cellCount)
    cells.initialize(repeating: -1)
    for record in 0..<(firstBox >> shift) {
      cells[record << shift] = Int32(layout.code(ofInterface: record))
    }
    order = .allocate(capacity: capacity + 1)
    order.initialize(repeating: 0)
    numberCodes()
  }

  private mutating func numberCodes() {
    let count = layout.code(box: capacity, output: 0)
    cellOfCode = .allocate(capacity: count)
    cellOfCode.initialize(repeating: 0)
    for place in 0..<domainCount { cellOfCode[place + 2] = Int32(layout.domainCell(place)) }
    for box in 0..<capacity {
      for output in 0..<(1 << outputBits) where firstOutput + output <= mask {
        let cell = layout.record(box) + firstOutput + output
        cellOfCode[layout.code(box: box, output: output)] = Int32(cell)
      }
    }
  }

  private func release() {
    cells.deallocate()
    cellOfCode.deallocate()
    order.deallocate()
  }

  /// Makes two cells the ends of one wire.
  @inline(__always)
  func connect(_ one: Int, _ other: Int) {
    cells[one] = Int32(truncatingIfNeeded: other)
    cells[other] = Int32(truncatingIfNeeded: one)
  }

  /// How many cells a record has.
  @inline(__always)
  var stride: Int { mask &+ 1 }

  /// The record of a box.
  @inline(__always)
  func record(_ box: Int) -> Int { firstBox &+ box &<< shift }

  /// Gives the box of a record its kind.
  @inline(__always)
  func setKind(_ kind: Int32, at record: Int) { cells[record &+ 1] = kind }

  /// Becomes the diagram of an encoding, with room for more boxes.
  ///
  /// - Returns: `false` when that is too large.
  mutating func read(_ encoding: UnsafeBufferPointer<UInt64>, growth: Int) -> Bool {
    var reader = PackedReader(encoding)
    boxCount = reader.next()
    guard boxCount + growth <= layout.maximumBoxCount else { return false }
    reserve(boxCount + growth)
    for box in 0..<boxCount {
      let kind = reader.next()
      let record = record(box)
      setKind(Int32(truncatingIfNeeded: kind), at: record)
      for input in 0..<Int(arities[kind].inputs) {
        connect(Int(cellOfCode[reader.next()]), record &+ 2 &+ input)
      }
    }
    for place in 0..<codomainCount {
      connect(Int(cellOfCode[reader.next()]), Int(interface[domainCount &+ place]))
    }
    return true
  }

  /// Forgets the canonical numbers of the first boxes.
  @inline(__always)
  func forgetCodes(_ boxes: Int) {
    var record = firstBox
    for _ in 0..<boxes {
      cells[record] = PackedLayout.unknown
      record &+= stride
    }
  }
}
