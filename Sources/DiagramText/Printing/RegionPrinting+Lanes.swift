import DiagramIR

extension RegionPrinting {
  mutating func lanes(_ box: BoxID) throws(PrintingError) -> String {
    if let lifted = lifted(box) { return lifted }
    guard let body = diagram.body(of: box), let axis = diagram.operation(of: box).axis else {
      return ""
    }
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
    let inside = try self.body(of: body)
    visible = outside
    let stateList = entries.prefix(states).joined(separator: ", ")
    let mappedList = entries.dropFirst(states).joined(separator: ", ")
    let isScan = if case .scan = operation { true } else { false }
    let head =
      isScan
      ? "scan \(axis)(\(stateList);\(mappedList.isEmpty ? "" : " " + mappedList))"
      : "simd \(axis)(\(mappedList))"
    if inside.statements.isEmpty { return "\(head) { \(inside.results) }" }
    return "\(head) {\n\((inside.statements + [inside.results]).joined(separator: "\n"))\n}"
  }

  /// `x` or `x = expression` for a wire that a body peels or carries along.
  private mutating func entry(
    _ inner: WireID, _ outer: String, sharedNames: Set<String>
  ) -> String {
    let wish = diagram.name(of: inner)
    if Self.isName(outer), wish.isEmpty || wish == outer, !sharedNames.contains(outer) {
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
      guard let inside = texts(of: inner, in: body, arguments) else { return nil }
      arguments = inside
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

  /// The texts of a box's inputs, when they are the wires that its body maps; an expression is not written twice.
  private func texts(of box: BoxID, in body: RegionID, _ arguments: [String]) -> [String]? {
    let (domain, inputs) = (diagram.domain(of: body), diagram.inputs(of: box))
    let uses = Dictionary(inputs.map { ($0, 1) }, uniquingKeysWith: +)
    guard uses.count == domain.count else { return nil }
    var texts: [WireID: String] = [:]
    for (wire, text) in zip(domain, arguments) {
      guard uses[wire] == 1 || Self.isName(text) else { return nil }
      texts[wire] = text
    }
    return inputs.compactMap { texts[$0] }
  }

  private static func isName(_ text: String) -> Bool {
    text.first?.isNumber == false && text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
  }
}
