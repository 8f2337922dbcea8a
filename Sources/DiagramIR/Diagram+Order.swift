extension Diagram {
  /// For every wire, the box that produces it, or -1; wires of all regions.
  ///
  /// - Complexity: linear.
  public func producers() -> [Int32] {
    var producer = Array(repeating: Int32(-1), count: wireCount)
    for (box, record) in boxRecords.enumerated() {
      let first = Int(record.firstPort + record.inputCount)
      for port in first..<(first + Int(record.outputCount)) {
        producer[ports[port].index] = Int32(box)
      }
    }
    return producer
  }

  /// For every wire, how many ports and codomain places consume it; wires of all regions.
  ///
  /// - Complexity: linear.
  public func consumerCounts() -> [Int32] {
    var count = Array(repeating: Int32(0), count: wireCount)
    for record in boxRecords {
      let first = Int(record.firstPort)
      for port in first..<(first + Int(record.inputCount)) { count[ports[port].index] += 1 }
    }
    for region in 0..<regionCount {
      for wire in codomain(of: RegionID(region)) { count[wire.index] += 1 }
    }
    return count
  }

  /// The boxes of a region, each after those it depends on; `nil` when there is a cycle.
  ///
  /// Boxes stand as early as their place in storage allows: a region that is stored in order comes back as it
  /// is stored.
  ///
  /// - Parameter producers: what `producers()` returned.
  /// - Complexity: linear in the region.
  public func topologicalOrder(of region: RegionID, producers: [Int32]) -> [BoxID]? {
    enum Mark { case fresh, entered, done }
    let boxes = boxes(in: region)
    guard let first = boxes.first else { return [] }
    if isStoredInOrder(boxes, producers) { return Array(boxes) }
    var marks = Array(repeating: Mark.fresh, count: boxes.count)
    var order: [BoxID] = []
    order.reserveCapacity(boxes.count)
    var stack: [(box: BoxID, next: Int)] = []
    for start in boxes where marks[start.index - first.index] == .fresh {
      stack.append((start, inputs(of: start).startIndex))
      marks[start.index - first.index] = .entered
      while let (box, next) = stack.last {
        guard next < inputs(of: box).endIndex else {
          marks[box.index - first.index] = .done
          order.append(box)
          stack.removeLast()
          continue
        }
        stack[stack.count - 1].next += 1
        let producer = Int(producers[ports[next].index])
        guard producer >= 0 else { continue }
        switch marks[producer - first.index] {
        case .done: continue
        case .entered: return nil
        case .fresh:
          marks[producer - first.index] = .entered
          stack.append((BoxID(producer), inputs(of: BoxID(producer)).startIndex))
        }
      }
    }
    return order
  }

  /// Whether consecutive boxes each follow those they depend on.
  private func isStoredInOrder(
    _ boxes: IdentifierRange<BoxTag>, _ producers: [Int32]
  ) -> Bool {
    for index in boxes.start..<(boxes.start + boxes.count) {
      let start = Int(boxRecords[index].firstPort)
      for port in start..<(start + Int(boxRecords[index].inputCount))
      where Int(producers[ports[port].index]) >= index { return false }
    }
    return true
  }

  /// How deep bodies are nested.
  ///
  /// - Complexity: linear in the regions.
  public var nesting: Int {
    guard regionCount > 1 else { return 0 }
    return axesAroundRegions().reduce(0) { max($0, $1.count) }
  }
}
