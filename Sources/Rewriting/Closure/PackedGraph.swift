import DiagramIR

/// A mutable symmetric diagram whose wires are two inverse tables, from sources to sinks and back.
///
/// Numbers of ends are those of `PackedSignature`. The buffers only grow, and whoever made the graph deallocates
/// them. A value holds pointers alone, so that the innermost loops count no references.
struct PackedGraph {
  let domainCount: Int
  let codomainCount: Int
  let inputShift: Int
  let outputShift: Int
  let inputCounts: UnsafeMutableBufferPointer<Int32>
  let outputCounts: UnsafeMutableBufferPointer<Int32>
  private var capacity = 0
  /// For every sink its source, and for every source its sink.
  private(set) var source: UnsafeMutablePointer<Int32>
  private(set) var sink: UnsafeMutablePointer<Int32>
  private(set) var kinds: UnsafeMutablePointer<Int32>
  private var ranks: UnsafeMutablePointer<Int32>
  private var order: UnsafeMutablePointer<Int32>
  /// The encoding, its bytes followed by eight zeros.
  private(set) var bytes: UnsafeMutablePointer<UInt8>
  private(set) var byteCount = 0
  /// How many boxes were read last.
  private(set) var boxCount = 0

  init(_ signature: PackedSignature) {
    domainCount = signature.domain.count
    codomainCount = signature.codomain.count
    inputShift = signature.inputShift
    outputShift = signature.outputShift
    inputCounts = .allocate(capacity: signature.kinds.count)
    outputCounts = .allocate(capacity: signature.kinds.count)
    for (number, kind) in signature.kinds.enumerated() {
      inputCounts.initializeElement(at: number, to: Int32(kind.inputs.count))
      outputCounts.initializeElement(at: number, to: Int32(kind.outputs.count))
    }
    source = .allocate(capacity: 0)
    sink = .allocate(capacity: 0)
    kinds = .allocate(capacity: 0)
    ranks = .allocate(capacity: 0)
    order = .allocate(capacity: 0)
    bytes = .allocate(capacity: 0)
    reserve(16)
  }

  func deallocate() {
    inputCounts.deallocate()
    outputCounts.deallocate()
    release()
  }

  /// Makes room for that many boxes; what was there is lost when there isn't enough.
  mutating func reserve(_ boxes: Int) {
    guard boxes > capacity else { return }
    release()
    capacity = max(boxes, 2 * capacity)
    let sinks = codomainCount + capacity << inputShift
    let sources = domainCount + capacity << outputShift
    source = .allocate(capacity: sinks)
    source.initialize(repeating: 0, count: sinks)
    sink = .allocate(capacity: sources)
    sink.initialize(repeating: 0, count: sources)
    kinds = .allocate(capacity: capacity)
    kinds.initialize(repeating: 0, count: capacity)
    ranks = .allocate(capacity: capacity)
    ranks.initialize(repeating: 0, count: capacity)
    order = .allocate(capacity: capacity + 1)
    order.initialize(repeating: 0, count: capacity + 1)
    let size = 5 * (1 + capacity + sinks) + 8
    bytes = .allocate(capacity: size)
    bytes.initialize(repeating: 0, count: size)
  }

  private func release() {
    source.deallocate()
    sink.deallocate()
    kinds.deallocate()
    ranks.deallocate()
    order.deallocate()
    bytes.deallocate()
  }

  /// Makes a source and a sink the ends of one wire.
  @inline(__always)
  func connect(_ from: Int32, _ to: Int32) {
    source[Int(to)] = from
    sink[Int(from)] = to
  }

  @inline(__always)
  func sourceEnd(_ box: Int32, _ place: Int32) -> Int32 {
    Int32(truncatingIfNeeded: domainCount) + (box << Int32(outputShift) | place)
  }

  @inline(__always)
  func sinkEnd(_ box: Int32, _ place: Int32) -> Int32 {
    Int32(truncatingIfNeeded: codomainCount) + (box << Int32(inputShift) | place)
  }

  /// Becomes the diagram of an encoding, with room for more boxes.
  mutating func read(_ encoding: UnsafeBufferPointer<UInt8>, growth: Int) {
    var reader = PackedReader(encoding)
    boxCount = reader.next()
    reserve(boxCount + growth)
    for box in 0..<boxCount {
      let kind = reader.next()
      kinds[box] = Int32(truncatingIfNeeded: kind)
      let first = codomainCount + box << inputShift
      for place in 0..<Int(inputCounts[kind]) {
        connect(Int32(truncatingIfNeeded: reader.next()), Int32(truncatingIfNeeded: first + place))
      }
    }
    for place in 0..<codomainCount {
      connect(Int32(truncatingIfNeeded: reader.next()), Int32(truncatingIfNeeded: place))
    }
  }

  /// Gives a box its kind; for building a diagram box by box.
  func setKind(_ kind: Int32, of box: Int) { kinds[box] = kind }
}

// MARK: - Walking

extension PackedGraph {
  /// The box and place of the input that a source leads to; `nil` for the codomain.
  @inline(__always)
  func sinkPort(of source: Int32) -> (box: Int32, place: Int32)? {
    let port = Int(sink[Int(source)]) - codomainCount
    guard port >= 0 else { return nil }
    let place = port & ((1 << inputShift) - 1)
    return (Int32(truncatingIfNeeded: port >> inputShift), Int32(truncatingIfNeeded: place))
  }

  /// The box and place of the output that a sink gets; `nil` for the domain.
  @inline(__always)
  func sourcePort(of sink: Int32) -> (box: Int32, place: Int32)? {
    let port = Int(source[Int(sink)]) - domainCount
    guard port >= 0 else { return nil }
    let place = port & ((1 << outputShift) - 1)
    return (Int32(truncatingIfNeeded: port >> outputShift), Int32(truncatingIfNeeded: place))
  }

  /// Whether no path leads from an output of a match back to one of its boxes.
  func isConvex(
    _ pattern: PackedRuleBuffer.Side, _ images: UnsafeMutablePointer<Int32>
  ) -> Bool {
    for box in 0..<boxCount { ranks[box] = -1 }
    for box in 0..<pattern.kinds.count { ranks[Int(images[box])] = -2 }
    var count = 0
    for wire in pattern.wires where wire.sink.box < 0 {
      let output = sourceEnd(images[Int(wire.source.box)], wire.source.place)
      guard push(output, &count) else { return false }
    }
    while count > 0 {
      count -= 1
      let box = order[count]
      for place in 0..<outputCounts[Int(kinds[Int(box)])] {
        guard push(sourceEnd(box, place), &count) else { return false }
      }
    }
    return true
  }

  /// - Returns: `false` when the source leads into the match.
  private func push(_ source: Int32, _ count: inout Int) -> Bool {
    guard let box = sinkPort(of: source)?.box else { return true }
    guard ranks[Int(box)] == -1 else { return ranks[Int(box)] != -2 }
    ranks[Int(box)] = 0
    order[count] = box
    count += 1
    return true
  }
}

// MARK: - Encoding

extension PackedGraph {
  /// Writes the canonical encoding of what the interface reaches: the number of boxes; each box's kind and the
  /// sources of its inputs; the sources of the codomain. Boxes are numbered in breadth-first order from the
  /// domain, then the codomain, then along ports, so isomorphic diagrams have equal encodings.
  ///
  /// - Parameter count: how many boxes there are.
  /// - Parameter bound: one more than the largest number of a box.
  /// - Returns: whether the interface reaches all boxes.
  mutating func encode(count: Int, bound: Int) -> Bool {
    for box in 0..<bound { ranks[box] = -1 }
    byteCount = 0
    emit(count)
    var found = discoverInterface()
    var next = 0
    while next < found {
      let box = Int(order[next])
      next += 1
      let kind = Int(kinds[box])
      emit(kind)
      let firstInput = codomainCount + box << inputShift
      for input in firstInput..<(firstInput + Int(inputCounts[kind])) {
        let from = Int(source[input])
        if from >= domainCount { discover((from - domainCount) >> outputShift, &found) }
        emit(canonical(from))
      }
      let firstOutput = domainCount + box << outputShift
      for output in firstOutput..<(firstOutput + Int(outputCounts[kind])) {
        let to = Int(sink[output])
        if to >= codomainCount { discover((to - codomainCount) >> inputShift, &found) }
      }
    }
    guard found == count else { return false }
    for place in 0..<codomainCount { emit(canonical(Int(source[place]))) }
    UnsafeMutableRawPointer(bytes + byteCount).storeBytes(of: 0, as: UInt64.self)
    return true
  }

  private mutating func discoverInterface() -> Int {
    var found = 0
    for place in 0..<domainCount where Int(sink[place]) >= codomainCount {
      discover((Int(sink[place]) - codomainCount) >> inputShift, &found)
    }
    for place in 0..<codomainCount where Int(source[place]) >= domainCount {
      discover((Int(source[place]) - domainCount) >> outputShift, &found)
    }
    return found
  }

  @inline(__always)
  private func discover(_ box: Int, _ found: inout Int) {
    let rank = ranks[box]
    let isNew = rank < 0
    order[found] = Int32(truncatingIfNeeded: box)
    ranks[box] = isNew ? Int32(truncatingIfNeeded: found) : rank
    found += isNew ? 1 : 0
  }

  /// The number of a source when boxes are numbered canonically.
  @inline(__always)
  private func canonical(_ from: Int) -> Int {
    guard from >= domainCount else { return from }
    let port = from - domainCount
    let rank = Int(ranks[port >> outputShift])
    return domainCount + (rank << outputShift | port & ((1 << outputShift) - 1))
  }

  @inline(__always)
  private mutating func emit(_ value: Int) {
    guard value >= 255 else {
      bytes[byteCount] = UInt8(truncatingIfNeeded: value)
      byteCount += 1
      return
    }
    bytes[byteCount] = 255
    for byte in 0..<4 {
      bytes[byteCount + 1 + byte] = UInt8(truncatingIfNeeded: value >> (8 * byte))
    }
    byteCount += 5
  }

  /// The encoding written last.
  var encoding: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: bytes, count: byteCount) }

  /// A hash of the encoding written last: each eight bytes are mixed in by a full-width product.
  var fingerprint: UInt64 {
    let raw = UnsafeRawPointer(bytes)
    var hash = UInt64(truncatingIfNeeded: byteCount) ^ 0x9E37_79B9_7F4A_7C15
    for offset in stride(from: 0, to: byteCount, by: 8) {
      let word = raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      let product = (hash ^ word).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
      hash = product.high ^ product.low &+ 0x2545_F491_4F6C_DD1D
    }
    return hash ^ (hash >> 29)
  }
}
