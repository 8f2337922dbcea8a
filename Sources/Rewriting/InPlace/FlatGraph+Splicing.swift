import DiagramIR

extension FlatGraph {
  /// Puts the other side of a rule in the place of the match that was found last, in `symmetric`.
  ///
  /// Every wire has two ends there and the match disappears as a whole, so nothing has to be taken off: new ends
  /// overwrite the old ones.
  ///
  /// - Complexity: linear in the match and the other side.
  @inline(__always)
  mutating func splice(
    _ found: inout FlatSearch, by instance: inout RuleInstance, _ change: inout Change
  ) {
    change.clear()
    let (matched, images) = (found.boxes.elements, found.wires.elements)
    let region = boxes[matched[0]].region
    for wire in instance.wires.elements { change.glued.append(place(wire, images)) }
    for join in instance.joins.elements {
      view.join(images[Int(join.result)], to: images[Int(join.input)], &change.touched)
    }
    for side in instance.boxes.elements {
      let box = side.slot < 0 ? takeSlot(room: side.ports) : matched[Int(side.slot)]
      view.overwrite(box, side, instance.ports.elements, change.glued.elements, region: region)
      change.added.append(box)
    }
    for step in instance.leftBoxes.elements {
      boxes[matched[Int(step)]].kind = -1
      leaveSlot(matched[Int(step)])
    }
    for wire in instance.leftWires.elements { removeWire(images[Int(wire)]) }
    boxCount += instance.boxes.count - matched.count
  }

  /// The wire of the graph that a wire of the other side becomes.
  @inline(__always)
  private mutating func place(
    _ side: RuleInstance.Wire, _ images: UnsafeMutableBufferPointer<Int32>
  ) -> Int32 {
    guard side.image >= 0 else { return addWire(side.type, name: side.name) }
    let wire = images[Int(side.image)]
    switch side.role {
    case .input: break
    case .result: if wires[wire].name < 0 { wires[wire].name = side.name }
    case .inner: wires[wire] = Wire(type: side.type, name: side.name)
    }
    return wire
  }
}

extension FlatGraph.View {
  /// Has what consumed a result consume an input.
  @inline(__always)
  fileprivate func join(_ result: Int32, to input: Int32, _ touched: inout RawBuffer<Int32>) {
    let use = wires[Int(result)].firstUse
    wires[Int(input)].firstUse = use
    ports[Int(use)].wire = input
    let (producer, consumer) = (producer(of: input), ports[Int(use)].box)
    if producer >= 0 { touched.append(producer) }
    if consumer >= 0 { touched.append(consumer) }
  }

  /// Makes a slot a box of the other side, and its ports the ends of its wires.
  @inline(__always)
  fileprivate func overwrite(
    _ box: Int32, _ side: RuleInstance.Box, _ sidePorts: UnsafeMutableBufferPointer<Int32>,
    _ glued: UnsafeMutableBufferPointer<Int32>, region: Int32
  ) {
    let first = boxes[Int(box)].firstPort
    boxes[Int(box)] = FlatGraph.Box(
      kind: side.kind, operation: side.operation, firstPort: first, inputs: side.inputs,
      outputs: side.ports &- side.inputs, room: side.ports, region: region, body: -1)
    var offset: Int32 = 0
    while offset < side.ports {
      let (wire, port) = (glued[Int(sidePorts[Int(side.firstPort &+ offset)])], first &+ offset)
      ports[Int(port)] = FlatGraph.Port(wire: wire, box: box)
      if offset < side.inputs {
        wires[Int(wire)].firstUse = port
      } else {
        wires[Int(wire)].producer = port
      }
      offset &+= 1
    }
  }
}
