import DiagramIR

extension RegionPrinting {
  /// A SIMD or scan box.
  mutating func lanes(_ box: BoxID, _ depth: Int) throws(PrintingError) -> Expression {
    if let lifted = lifted(box) { return Expression(text: lifted) }
    guard let body = diagram.body(of: box) else { return Expression(text: "") }
    let operation = diagram.operation(of: box)
    let (states, mapped) = (operation.stateCount, operation.mappedCount)
    let pairs = Array(zip(diagram.domain(of: body), diagram.inputs(of: box)))
    var entries: [String] = []
    let around = Set(pairs.dropFirst(states + mapped).map { texts[$0.1.index] })
    let outside = visible
    visible = [around]
    for (inner, outer) in pairs.prefix(states + mapped) {
      entries.append(entry(inner, texts[outer.index], sharedNames: around))
    }
    for (inner, outer) in pairs.dropFirst(states + mapped) {
      names[inner.index] = texts[outer.index]
      texts[inner.index] = texts[outer.index]
    }
    var inside = try self.body(of: body, depth: depth + 1)
    visible = outside
    let head = head(of: operation, entries)
    if inside.statements.isEmpty, inside.results.block == nil,
      !inside.results.text.utf8.contains(UInt8(ascii: "\n"))
    {
      return Expression(text: "\(head) { \(inside.results.text) }")
    }
    LineLayout.append("", inside.results, .results, depth + 1, to: &inside.statements)
    return Expression(text: "\(head) {", block: inside.statements)
  }

  /// `simd n(a, b = e)` or `scan n(h = h0; x)`.
  private func head(of operation: Operation, _ entries: [String]) -> String {
    let states = operation.stateCount
    let stateList = entries.prefix(states).joined(separator: ", ")
    let mappedList = entries.dropFirst(states).joined(separator: ", ")
    switch operation {
    case .scan(let axis, _, _):
      return "scan \(axis)(\(stateList);\(mappedList.isEmpty ? "" : " " + mappedList))"
    case .simd(let axis, _): return "simd \(axis)(\(mappedList))"
    default: return ""
    }
  }

  /// `x` or `x = expression` for a wire that a body peels or carries along.
  private mutating func entry(
    _ inner: WireID, _ outer: String, sharedNames: Set<String>
  ) -> String {
    let wish = diagram.name(of: inner)
    if outer.isName, wish.isEmpty || wish == outer, !sharedNames.contains(outer) {
      names[inner.index] = outer
      visible[visible.count - 1].insert(outer)
      texts[inner.index] = outer
      return outer
    }
    let chosen = name(inner)
    return chosen == outer ? outer : "\(chosen) = \(outer)"
  }

  /// `f[n d](x)`, when a SIMD box holds one box that is applied to its mapped wires.
  private func lifted(_ box: BoxID) -> String? {
    var axes: [Size] = []
    var current = box
    var arguments = arguments(of: box)
    while case .simd(let axis, let mapped) = diagram.operation(of: current) {
      guard let body = diagram.body(of: current), diagram.boxes(in: body).count == 1,
        let inner = diagram.boxes(in: body).first,
        mapped == diagram.domain(of: body).count, mapped > 0,
        Array(diagram.outputs(of: inner)) == Array(diagram.codomain(of: body))
      else { return nil }
      if !diagram.inputs(of: inner).elementsEqual(diagram.domain(of: body)) {
        let text = Dictionary(
          zip(diagram.domain(of: body), arguments), uniquingKeysWith: { first, _ in first })
        let inputs = diagram.inputs(of: inner)
        arguments = inputs.compactMap { text[$0] }
        // An argument is written where it is used: one that is used twice must be a name.
        let isRepeated = Set(inputs).count < inputs.count
        if isRepeated, arguments.contains(where: { !$0.isName }) { return nil }
      }
      axes.append(axis)
      current = inner
    }
    switch diagram.operation(of: current) {
    case .box, .use: return call(current, lift: axes, arguments: arguments)
    case .learned(let learned) where learned.kind != .state:
      return call(current, lift: axes, arguments: arguments)
    default: return nil
    }
  }
}

extension String {
  /// Whether the text is one name, without a module in front.
  fileprivate var isName: Bool {
    first?.isNumber == false && allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
  }
}
