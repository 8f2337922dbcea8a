import DiagramIR

extension FlatGraph {
  /// For every box a number that is larger than those of the boxes it depends on, with gaps for new boxes.
  ///
  /// - Complexity: linear; one pass when each box has a larger number than those it depends on.
  func levels() -> RawBuffer<Int> {
    var levels = RawBuffer<Int>(repeating: 0, count: boxes.count)
    for box in 0..<Int32(boxes.count) {
      guard view.setLevel(of: box, levels.elements) else {
        levels = RawBuffer(repeating: 0, count: boxes.count)
        view.setLevelsAlongWires(levels.elements)
        return levels
      }
    }
    return levels
  }

  /// Gives new boxes levels, and raises those of boxes that now depend on higher ones.
  func raise(_ levels: inout RawBuffer<Int>, after change: borrowing Change) {
    levels.append(0, count: boxes.count - levels.count)
    var pending = RawBuffer<Int32>()
    for place in 0..<change.added.count {
      let box = change.added[place]
      levels[box] = view.inputLevel(of: box, levels.elements) + 1
      pending.append(box)
    }
    for place in 0..<change.touched.count { pending.append(change.touched[place]) }
    view.raise(levels.elements, from: &pending)
  }
}

extension FlatGraph.View {
  /// How far apart levels are at first.
  private static let levelGap = 1 << 16

  /// `false` when the box depends on one with a larger number.
  @inline(__always)
  fileprivate func setLevel(of box: Int32, _ levels: UnsafeMutableBufferPointer<Int>) -> Bool {
    let record = boxes[Int(box)]
    var level = 0
    for port in record.firstPort..<(record.firstPort + record.inputs) {
      let needed = producer(of: ports[Int(port)].wire)
      guard needed >= 0 else { continue }
      guard needed < box else { return false }
      level = max(level, levels[Int(needed)] + Self.levelGap)
    }
    levels[Int(box)] = level
    return true
  }

  fileprivate func setLevelsAlongWires(_ levels: UnsafeMutableBufferPointer<Int>) {
    var missing = RawBuffer<Int32>(repeating: 0, count: boxes.count)
    var ready = RawBuffer<Int32>()
    for box in 0..<Int32(boxes.count) {
      let record = boxes[Int(box)]
      for port in record.firstPort..<(record.firstPort + record.inputs)
      where producer(of: ports[Int(port)].wire) >= 0 {
        missing[box] += 1
      }
      if missing[box] == 0 { ready.append(box) }
    }
    while let box = ready.popLast() {
      forEachConsumer(of: box) { consumer in
        levels[Int(consumer)] = max(levels[Int(consumer)], levels[Int(box)] + Self.levelGap)
        missing[consumer] -= 1
        if missing[consumer] == 0 { ready.append(consumer) }
      }
    }
  }

  fileprivate func raise(
    _ levels: UnsafeMutableBufferPointer<Int>, from pending: inout RawBuffer<Int32>
  ) {
    while let box = pending.popLast() {
      levels[Int(box)] = max(levels[Int(box)], inputLevel(of: box, levels) + 1)
      forEachConsumer(of: box) { consumer in
        if levels[Int(consumer)] <= levels[Int(box)] { pending.append(consumer) }
      }
    }
  }

  @inline(__always)
  private func forEachConsumer(of box: Int32, _ visit: (Int32) -> Void) {
    let record = boxes[Int(box)]
    let first = record.firstPort + record.inputs
    for port in first..<(first + record.outputs) {
      var use = wires[Int(ports[Int(port)].wire)].firstUse
      while use >= 0 {
        let consumer = ports[Int(use)].box
        use = ports[Int(use)].next
        if consumer >= 0 { visit(consumer) }
      }
    }
  }

  fileprivate func inputLevel(of box: Int32, _ levels: UnsafeMutableBufferPointer<Int>) -> Int {
    let record = boxes[Int(box)]
    var level = -1
    for port in record.firstPort..<(record.firstPort + record.inputs) {
      let producer = producer(of: ports[Int(port)].wire)
      if producer >= 0 { level = max(level, levels[Int(producer)]) }
    }
    return level
  }
}
