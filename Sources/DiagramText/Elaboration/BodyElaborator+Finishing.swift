import DiagramIR

extension BodyElaborator {
  /// In a symmetric theory, every name of the current level has been used. After another fault this is not
  /// asked, for a use may have been left out with it.
  mutating func requireUses() {
    guard !isFaulty else { return }
    guard builder.doctrine == .symmetric else { return }
    for binding in wires.innermost where binding.use == nil {
      _ = fail(.unusedWire(tree.names[binding.name]), at: binding.node)
    }
  }

  /// The diagram with these results; `nil` when there was a fault.
  mutating func finish(_ codomain: [WireID]) -> Diagram? {
    requireUses()
    var reported = OpenVariables()
    for call in openCalls where call.isExcused { reported.formUnion(openVariables(of: call)) }
    for call in openCalls where !call.isExcused { requireDetermined(call, &reported) }
    guard !isFaulty else { return nil }
    let diagram = builder.finish(codomain: codomain)
    return openCalls.isEmpty ? diagram : diagram.resolving(unifier)
  }

  /// Sizes and shapes that nothing determines.
  private struct OpenVariables {
    var sizes: Set<SizeVariable> = []
    var shapes: Set<ShapeVariable> = []
    /// Whether a size was too large to be written down.
    var isTooLarge = false

    var isEmpty: Bool { sizes.isEmpty && shapes.isEmpty }

    func isSubset(of other: OpenVariables) -> Bool {
      sizes.isSubset(of: other.sizes) && shapes.isSubset(of: other.shapes)
    }

    mutating func formUnion(_ other: OpenVariables) {
      sizes.formUnion(other.sizes)
      shapes.formUnion(other.shapes)
    }
  }

  /// Every size and shape of a call is known; of calls that share what is open, the first is reported.
  private mutating func requireDetermined(_ call: OpenCall, _ reported: inout OpenVariables) {
    let sizes = call.copies.sizes.filter {
      !openVariables(of: .real($0.value)).isSubset(of: reported)
    }
    let shapes = call.copies.shapes.filter {
      !openVariables(of: .array(.real, $0.value)).isSubset(of: reported)
    }
    let all = openVariables(of: call)
    reported.formUnion(all)
    let open =
      sizes.keys.map { "size \($0.name)" }.sorted()
      + shapes.keys.map { "shape ..\($0.name)" }.sorted()
    if !open.isEmpty {
      _ = fail(.undetermined(box: call.name, what: open), at: call.node)
    } else if all.isEmpty, !reported.isTooLarge, isTooLarge(call) {
      reported.isTooLarge = true
      _ = fail(.sizeTooLarge, at: call.node)
    }
  }

  /// Whether everything in a call is known, and still a size can't be written down.
  private func isTooLarge(_ call: OpenCall) -> Bool {
    call.types.contains { unifier.resolve($0).isFlexible }
  }

  /// Whether everything in a type is known, and still a size in it can't be written down.
  func isTooLarge(_ type: WireType) -> Bool {
    unifier.resolve(type).isFlexible && openVariables(of: type).isEmpty
  }

  /// The variables in a call that nothing determines.
  private func openVariables(of call: OpenCall) -> OpenVariables {
    call.types.reduce(into: OpenVariables()) { all, type in
      all.formUnion(openVariables(of: type))
    }
  }

  /// The variables in a type that nothing determines.
  private func openVariables(of type: WireType) -> OpenVariables {
    let type = unifier.resolve(type)
    return OpenVariables(
      sizes: Set(
        type.sizeVariables.filter { $0.isFlexible && unifier.resolve(Size($0)) == Size($0) }),
      shapes: Set(type.shapeVariables.filter(\.isFlexible)))
  }
}

extension BodyElaborator.OpenCall {
  /// What must be known in the end: the copies of the box's variables, and its results.
  fileprivate var types: [WireType] {
    copies.sizes.values.map { .real($0) } + copies.shapes.values.map { .array(.real, $0) } + outputs
  }
}
