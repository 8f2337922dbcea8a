import DiagramIR

extension TensorDiagram {
  /// The first box that reads an input along an axis, in words; `nil` where none does.
  ///
  /// Lanes along the axis read it themselves; other lanes and scans pass it on to what is inside them.
  func firstReader(ofInput position: Int, axis: Int) -> String? {
    guard let wire = diagram.domain.dropFirst(position).first else { return nil }
    return firstReader(of: wire, axis, in: diagram.root).map { describe($0) }
  }

  private func firstReader(of wire: WireID, _ axis: Int, in region: RegionID) -> BoxID? {
    for box in diagram.boxes(in: region) {
      for (place, input) in diagram.inputs(of: box).enumerated() where input == wire {
        if let reader = reader(box, place, axis) { return reader }
      }
    }
    return nil
  }

  /// The box, or one in its body, that reads what comes in at a place along an axis.
  private func reader(_ box: BoxID, _ place: Int, _ axis: Int) -> BoxID? {
    guard let body = diagram.body(of: box) else { return box }
    let operation = diagram.operation(of: box)
    let isMapped =
      place >= operation.stateCount && place < operation.stateCount + operation.mappedCount
    if isMapped && axis == 0 { return box }
    guard let inner = diagram.domain(of: body).dropFirst(place).first else { return box }
    return firstReader(of: inner, isMapped ? axis - 1 : axis, in: body)
  }
}
