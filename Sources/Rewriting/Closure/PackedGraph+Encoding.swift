extension PackedGraph {
  /// How many bytes an encoding of that many boxes takes at most, the zeros after it among them.
  func encodingBound(_ boxes: Int) -> Int {
    5 * (1 + boxes * (firstOutput - 1) + codomainCount) + 16
  }

  /// Writes the canonical encoding of what the interface reaches: the number of boxes; each box's kind and the
  /// codes of what its inputs get; the codes of what the codomain gets. Boxes are numbered in breadth-first order
  /// from the domain, then the codomain, then along ports, so isomorphic diagrams have equal encodings. No encoding
  /// begins with another one.
  ///
  /// - Parameters:
  ///   - count: how many boxes there are.
  ///   - bound: one more than the largest number of a box.
  ///   - bytes: has room for `encodingBound(bound)`.
  /// - Returns: how many words were written, the last one filled with zeros; `nil` unless the interface reaches all
  ///   boxes.
  func encode(count: Int, bound: Int, to bytes: UnsafeMutablePointer<UInt8>) -> Int? {
    let largestCode = domainCount &+ bound &<< outputBits &+ mask
    return largestCode < 255 && kindCount < 255 && count < 255
      ? encode(count, bound, PackedWriter(bytes, isShort: true))
      : encode(count, bound, PackedWriter(bytes, isShort: false))
  }

  @inline(__always)
  private func encode(_ count: Int, _ bound: Int, _ writer: consuming PackedWriter) -> Int? {
    forgetCodes(bound)
    var numbering = Numbering(next: domainCount, step: 1 &<< outputBits)
    writer.write(count)
    var place = 0
    while place < domainCount &+ codomainCount {
      _ = discover(Int(cells[Int(interface[place])]) & ~mask, &numbering)
      place &+= 1
    }
    var next = 0
    while next < numbering.found {
      write(Int(order[next]), &writer, &numbering)
      next &+= 1
    }
    guard numbering.found == count else { return nil }
    place = domainCount
    while place < domainCount &+ codomainCount {
      let end = Int(cells[Int(interface[place])])
      writer.write(Int(cells[end & ~mask]) &+ (end & mask))
      place &+= 1
    }
    return writer.finish()
  }

  /// Writes a box; the boxes at its ports get numbers.
  @inline(__always)
  private func write(_ record: Int, _ writer: inout PackedWriter, _ numbering: inout Numbering) {
    let kind = Int(cells[record &+ 1])
    writer.write(kind)
    let arity = arities[kind]
    var port = record &+ 2
    let inputEnd = port &+ Int(arity.inputs)
    while port < inputEnd {
      let end = Int(cells[port])
      writer.write(discover(end & ~mask, &numbering) &+ (end & mask))
      port &+= 1
    }
    port = record &+ firstOutput
    let outputEnd = port &+ Int(arity.outputs)
    while port < outputEnd {
      _ = discover(Int(cells[port]) & ~mask, &numbering)
      port &+= 1
    }
  }

  /// How far the numbering of boxes is.
  private struct Numbering {
    /// Where the record of the next box is noted.
    var found = 0
    /// The least code of the next box.
    var next: Int
    let step: Int
  }

  /// Numbers the box of a record unless it has a number: its code is then larger than all that are given. By masks
  /// and without a branch, since there is no telling which it is.
  ///
  /// - Returns: the least code of the record.
  @inline(__always)
  private func discover(_ record: Int, _ numbering: inout Numbering) -> Int {
    let known = Int(cells[record])
    let excess = numbering.next &- known
    let isNew = excess &>> (Int.bitWidth - 1)
    let code = known &+ excess & isNew
    order[numbering.found] = Int32(truncatingIfNeeded: record)
    cells[record] = Int32(truncatingIfNeeded: code)
    numbering.found &-= isNew
    numbering.next &+= numbering.step & isNew
    return code
  }
}

// MARK: - Bytes

/// Writes numbers as bytes: one below 255 as it is, others as 255 and four bytes, low ones first.
struct PackedWriter {
  private let start: UnsafeMutablePointer<UInt8>
  private var position: UnsafeMutablePointer<UInt8>
  private let isShort: Bool

  /// - Parameter isShort: whether all numbers are below 255.
  @inline(__always)
  init(_ bytes: UnsafeMutablePointer<UInt8>, isShort: Bool) {
    (start, position) = (bytes, bytes)
    self.isShort = isShort
  }

  @inline(__always)
  mutating func write(_ value: Int) {
    guard isShort || value < 255 else { return writeLong(value) }
    position.pointee = UInt8(truncatingIfNeeded: value)
    position += 1
  }

  private mutating func writeLong(_ value: Int) {
    position.pointee = 255
    for byte in 0..<4 { position[1 + byte] = UInt8(truncatingIfNeeded: value >> (8 * byte)) }
    position += 5
  }

  /// Fills the last word with zeros.
  ///
  /// - Returns: how many words there are.
  @inline(__always)
  mutating func finish() -> Int {
    UnsafeMutableRawPointer(position).storeBytes(of: 0, as: UInt64.self)
    return (position - start &+ 7) &>> 3
  }
}

/// Reads what `PackedWriter` writes.
struct PackedReader {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0

  init(_ encoding: UnsafeBufferPointer<UInt64>) {
    bytes = UnsafeRawBufferPointer(encoding)
  }

  @inline(__always)
  mutating func next() -> Int {
    let first = bytes[position]
    position &+= 1
    guard first == 255 else { return Int(first) }
    var value = 0
    for byte in 0..<4 { value |= Int(bytes[position + byte]) << (8 * byte) }
    position += 4
    return value
  }
}
