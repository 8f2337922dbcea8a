import DiagramIR

extension RegionPrinting {
  /// Writes a SIMD or scan box to the line, as `writeExpression` does.
  mutating func writeLanes(_ box: BoxID, _ depth: Int) throws(PrintingError) -> [UInt8]? {
    if writeLifted(box) { return nil }
    guard let body = diagram.body(of: box) else { return nil }
    scope.open()
    var head = enter(body, of: box)
    var inside = try self.body(of: body, depth: depth + 1)
    scope.close()
    let isSimple =
      inside.statements.isEmpty && inside.results.block == nil
      && !inside.results.text.contains(UInt8(ascii: "\n"))
    head.append(contentsOf: " {".utf8)
    (line, lineStart) = (head, 0)
    argumentStarts.removeAll(keepingCapacity: true)
    if isSimple {
      line.append(UInt8(ascii: " "))
      line.append(contentsOf: inside.results.text)
      line.append(contentsOf: " }".utf8)
      return nil
    }
    LineLayout.append(inside.results, .results, depth + 1, to: &inside.statements)
    return inside.statements
  }

  /// Names what enters a body; `simd n(a, b = e)` or `scan n(h = h0; x)`.
  private mutating func enter(_ body: RegionID, of box: BoxID) -> [UInt8] {
    let operation = diagram.operation(of: box)
    let (states, mapped) = (operation.stateCount, operation.mappedCount)
    let pairs = Array(zip(diagram.domain(of: body), diagram.inputs(of: box)))
    for (inner, outer) in pairs.dropFirst(states + mapped) {
      texts[inner.index] = texts[outer.index]
      _ = share(texts[outer.index])
    }
    var (stateList, mappedList): ([UInt8], [UInt8]) = ([], [])
    for (place, (inner, outer)) in pairs.prefix(states + mapped).enumerated() {
      let entry = entry(inner, texts[outer.index])
      if place < states { stateList.appendElement(entry) } else { mappedList.appendElement(entry) }
    }
    let word = if case .scan = operation { "scan" } else { "simd" }
    var head = Array("\(word) \(operation.axis ?? .one)(".utf8) + stateList
    if case .scan = operation { head.append(contentsOf: (mappedList.isEmpty ? ";" : "; ").utf8) }
    return head + mappedList + [UInt8(ascii: ")")]
  }

  /// `x` or `x = expression` for a wire that a body peels or carries along.
  private mutating func entry(_ inner: WireID, _ outer: PrintedRange) -> [UInt8] {
    let text = Array(kept[outer.indices])
    let wish = diagram.name(of: inner)
    if text.isName, wish.isEmpty || wish.utf8.elementsEqual(text), share(outer) {
      texts[inner.index] = outer
      return text
    }
    let name = name(inner)
    let chosen = Array(kept[name.indices])
    return chosen == text ? text : chosen + Array(" = ".utf8) + text
  }

  /// Takes a name that a wire has outside for a wire of the open body; false when another has it there.
  private mutating func share(_ name: PrintedRange) -> Bool {
    let text = Array(kept[name.indices])
    return text.withUnsafeBufferPointer { scope.share($0) }
  }

  /// Writes `f[n d](x)`, when a SIMD box holds one box that is applied to its mapped wires.
  private mutating func writeLifted(_ box: BoxID) -> Bool {
    var axes: [Size] = []
    var current = box
    var arguments = diagram.inputs(of: box).map { texts[$0.index] }
    while case .simd(let axis, let mapped) = diagram.operation(of: current) {
      guard let body = diagram.body(of: current), diagram.boxes(in: body).count == 1,
        let inner = diagram.boxes(in: body).first,
        mapped == diagram.domain(of: body).count, mapped > 0,
        diagram.outputs(of: inner).elementsEqual(diagram.codomain(of: body))
      else { return false }
      if !diagram.inputs(of: inner).elementsEqual(diagram.domain(of: body)) {
        let text = Dictionary(
          zip(diagram.domain(of: body), arguments), uniquingKeysWith: { first, _ in first })
        let inputs = diagram.inputs(of: inner)
        arguments = inputs.compactMap { text[$0] }
        // An argument is written where it is used: one that is used twice must be a name.
        let isRepeated = Set(inputs).count < inputs.count
        if isRepeated, arguments.contains(where: { !kept[$0.indices].isName }) { return false }
      }
      axes.append(axis)
      current = inner
    }
    switch operations[diagram.operationID(of: current).index].form {
    case .call, .openCall:
      writeCall(current, lift: axes, arguments: arguments)
      return true
    case .constant, .lanes: return false
    }
  }
}
