import DiagramIR

/// The boxes and ports of a diagram where they lie, for loops over all of them.
struct SourceArrays {
  let boxes: UnsafeBufferPointer<Diagram.BoxRecord>
  let ports: UnsafeBufferPointer<WireID>

  /// The places of a box's inputs among the ports.
  @inline(__always)
  func inputs(of box: Diagram.BoxRecord) -> Range<Int> {
    let first = Int(box.firstPort)
    return first..<(first + Int(box.inputCount))
  }

  /// The places of a box's outputs among the ports.
  @inline(__always)
  func outputs(of box: Diagram.BoxRecord) -> Range<Int> {
    let first = Int(box.firstPort) + Int(box.inputCount)
    return first..<(first + Int(box.outputCount))
  }
}

extension Diagram {
  /// Calls with the arrays, which end with the call.
  func withSourceArrays(_ body: (SourceArrays) -> Void) {
    boxRecords.withUnsafeBufferPointer { boxes in
      ports.withUnsafeBufferPointer { ports in body(SourceArrays(boxes: boxes, ports: ports)) }
    }
  }
}
