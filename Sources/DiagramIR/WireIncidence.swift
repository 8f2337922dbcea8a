/// For every wire, the ports it is connected to, in one contiguous array.
struct WireIncidence {
  /// A port, by a number that is the same in isomorphic diagrams.
  struct End {
    var box: Int32
    var port: Int32
  }

  private let firstEnd: [Int32]
  private let ends: [End]

  /// - Complexity: linear.
  init(_ diagram: Diagram) {
    var first = Array(repeating: Int32(0), count: diagram.wireCount + 1)
    Self.forEachEnd(in: diagram) { wire, _ in first[wire.index + 1] += 1 }
    for wire in 0..<diagram.wireCount { first[wire + 1] += first[wire] }
    var next = first
    var all = Array(repeating: End(box: -1, port: 0), count: Int(first[diagram.wireCount]))
    Self.forEachEnd(in: diagram) { wire, end in
      all[Int(next[wire.index])] = end
      next[wire.index] += 1
    }
    (firstEnd, ends) = (first, all)
  }

  func ends(of wire: WireID) -> ArraySlice<End> {
    ends[Int(firstEnd[wire.index])..<Int(firstEnd[wire.index + 1])]
  }

  private static func forEachEnd(in diagram: Diagram, _ visit: (WireID, End) -> Void) {
    for index in 0..<diagram.boxCount {
      let box = BoxID(index)
      let operation = diagram.operation(of: box)
      let (states, shared) = (
        operation.stateCount, operation.stateCount + operation.mappedCount
      )
      let hasPlaces = diagram.body(of: box) == nil || diagram.doctrine == .frobenius
      for (place, wire) in diagram.inputs(of: box).enumerated() {
        let port = hasPlaces || place < states ? 4 * (place + 2) : place < shared ? 0 : 4
        visit(wire, End(box: Int32(index), port: Int32(port)))
      }
      for (place, wire) in diagram.outputs(of: box).enumerated() {
        visit(wire, End(box: Int32(index), port: Int32(4 * place + 1)))
      }
      guard let body = diagram.body(of: box) else { continue }
      for (place, wire) in diagram.codomain(of: body).enumerated() {
        visit(wire, End(box: Int32(index), port: Int32(4 * place + 2)))
      }
      guard diagram.doctrine == .frobenius else { continue }
      for (place, wire) in diagram.domain(of: body).enumerated() {
        visit(wire, End(box: Int32(index), port: Int32(4 * place + 3)))
      }
    }
  }
}
