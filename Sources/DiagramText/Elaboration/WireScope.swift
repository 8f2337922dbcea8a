import DiagramIR

/// What the names of wires mean where a body is read: the diagram's own level, and the bodies that are open.
///
/// One scope serves all declarations of a module, one after the other: its table has a place for every name of
/// the file.
///
/// - Complexity: constant for each name that is bound or looked up.
struct WireScope {
  /// A name for a wire.
  struct Binding {
    var name: NameID
    var wire: WireID
    /// Where it was bound.
    var node: SyntaxNode
    /// On which level.
    var level: Int32
    /// The binding that this one hides, or -1.
    var hidden: Int32
    private var useIndex = UInt32.max

    init(name: NameID, wire: WireID, node: SyntaxNode, level: Int32, hidden: Int32) {
      (self.name, self.wire, self.node) = (name, wire, node)
      (self.level, self.hidden) = (level, hidden)
    }

    /// Its first use, where a symmetric theory counts them.
    var use: SyntaxNode? {
      get { useIndex == .max ? nil : SyntaxNode(Int(useIndex)) }
      set { useIndex = newValue.map { UInt32(truncatingIfNeeded: $0.index) } ?? .max }
    }
  }

  private var bindings: [Binding] = []
  /// For each name, its visible binding, or -1.
  private var latest: [Int32]
  /// For each open level, its first binding.
  private var levels: [Int] = [0]

  init(nameCount: Int) { latest = Array(repeating: -1, count: nameCount) }

  /// Starts anew, with one level.
  mutating func begin() {
    for binding in bindings { latest[Int(binding.name.index)] = -1 }
    bindings.removeAll(keepingCapacity: true)
    levels = [0]
  }

  /// Opens a level inside those that are open.
  mutating func openLevel() { levels.append(bindings.count) }

  /// Forgets what the innermost level binds.
  mutating func closeLevel() {
    let first = levels.removeLast()
    while bindings.count > first {
      let binding = bindings.removeLast()
      latest[Int(binding.name.index)] = binding.hidden
    }
  }

  /// What a name means here; `nil` when it means nothing.
  subscript(name: NameID) -> Binding? {
    let position = latest[Int(name.index)]
    return position < 0 ? nil : bindings[Int(position)]
  }

  /// What a name means on the innermost level; `nil` when that doesn't bind it.
  func bindingOfInnermostLevel(_ name: NameID) -> Binding? {
    self[name].flatMap { Int($0.level) == levels.count - 1 ? $0 : nil }
  }

  /// Binds a name on the innermost level.
  mutating func bind(_ name: NameID, to wire: WireID, at node: SyntaxNode) {
    bindings.append(
      Binding(
        name: name, wire: wire, node: node, level: Int32(levels.count - 1),
        hidden: latest[Int(name.index)]))
    latest[Int(name.index)] = Int32(bindings.count - 1)
  }

  /// Notes the first use of a name that means something here.
  mutating func note(useOf name: NameID, at node: SyntaxNode) {
    bindings[Int(latest[Int(name.index)])].use = node
  }

  /// What the innermost level binds, in order.
  var innermost: ArraySlice<Binding> { bindings[levels[levels.count - 1]...] }

  /// All names that are bound on some level, in order of binding.
  var names: [NameID] { bindings.map(\.name) }
}
