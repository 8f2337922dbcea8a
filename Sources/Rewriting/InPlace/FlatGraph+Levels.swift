import DiagramIR

extension FlatGraph {
  /// For every box a number that is larger than those of the boxes it depends on, with gaps for new boxes.
  ///
  /// - Complexity: linear; one pass when each box has a larger number than those it depends on.
  func levels() -> RawBuffer<Int> {
    var levels = RawBuffer<Int>(repeating: 0, count: boxes.count)
    for box in 0..<Int32(boxes.count) {
      guard setLevel(of: box, &levels) else { return levelsAlongWires() }
    }
    return levels
  }

  /// `false` when the box depends on one with a larger number.
  @inline(__always)
  private func setLevel(of box: Int32, _ levels: inout RawBuffer<Int>) -> Bool {
    let record = boxes[box]
    var level = 0
    for port in record.firstPort..<(record.firstPort + record.inputs) {
      let needed = producer(of: ports[port].wire)
      guard needed >= 0 else { continue }
      guard needed < box else { return false }
      level = max(level, levels[needed] + levelGap)
    }
    levels[box] = level
    return true
  }

  private func levelsAlongWires() -> RawBuffer<Int> {
    var levels = RawBuffer<Int>(repeating: 0, count: boxes.count)
    var missing = RawBuffer<Int32>(repeating: 0, count: boxes.count)
    var ready = RawBuffer<Int32>()
    for box in 0..<Int32(boxes.count) {
      let record = boxes[box]
      for port in record.firstPort..<(record.firstPort + record.inputs)
      where producer(of: ports[port].wire) >= 0 {
        missing[box] += 1
      }
      if missing[box] == 0 { ready.append(box) }
    }
    while let box = ready.popLast() {
      let record = boxes[box]
      let first = record.firstPort + record.inputs
      for port in first..<(first + record.outputs) {
        var use = wires[ports[port].wire].firstUse
        while use >= 0 {
          let consumer = ports[use].box
          use = ports[use].next
          guard consumer >= 0 else { continue }
          levels[consumer] = max(levels[consumer], levels[box] + levelGap)
          missing[consumer] -= 1
          if missing[consumer] == 0 { ready.append(consumer) }
        }
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
      levels[box] = inputLevel(of: box, levels) + 1
      pending.append(box)
    }
    for place in 0..<change.touched.count { pending.append(change.touched[place]) }
    while let box = pending.popLast() {
      levels[box] = max(levels[box], inputLevel(of: box, levels) + 1)
      let record = boxes[box]
      let first = record.firstPort + record.inputs
      for port in first..<(first + record.outputs) {
        var use = wires[ports[port].wire].firstUse
        while use >= 0 {
          let consumer = ports[use].box
          use = ports[use].next
          if consumer >= 0 && levels[consumer] <= levels[box] { pending.append(consumer) }
        }
      }
    }
  }

  private func inputLevel(of box: Int32, _ levels: borrowing RawBuffer<Int>) -> Int {
    let record = boxes[box]
    var level = -1
    for port in record.firstPort..<(record.firstPort + record.inputs) {
      let producer = producer(of: ports[port].wire)
      if producer >= 0 { level = max(level, levels[producer]) }
    }
    return level
  }
}

/// How far apart levels are at first.
private let levelGap = 1 << 16
