/// Numbers for the types and operations of two diagrams: equal for what is equal when bound names are paired in the
/// order in which they are met.
///
/// The numbers are in memory of their own, for loops that ask for them; whoever made the value deallocates it.
struct PairedNames {
  /// The numbers of one diagram's types and operations; -1 for what wasn't met.
  struct Numbers {
    let types: UnsafeMutableBufferPointer<Int32>
    let operations: UnsafeMutableBufferPointer<Int32>

    fileprivate init(_ diagram: Diagram) {
      types = .allocate(capacity: diagram.types.count)
      types.initialize(repeating: -1)
      operations = .allocate(capacity: diagram.operations.count)
      operations.initialize(repeating: -1)
    }
  }

  private var left: Side
  private var right: Side
  private var typeCount: Int32 = 0

  init(_ left: Diagram, _ right: Diagram) {
    self.left = Side(left)
    self.right = Side(right)
  }

  func deallocate() {
    for side in [left, right] {
      side.numbers.types.deallocate()
      side.numbers.operations.deallocate()
    }
  }

  var leftNumbers: Numbers { left.numbers }
  var rightNumbers: Numbers { right.numbers }

  /// Whether two types that don't both have numbers may be paired; then they get one.
  mutating func pair(types a: Int, _ b: Int) -> Bool {
    guard left.numbers.types[a] < 0, right.numbers.types[b] < 0,
      left.form(ofType: a) == right.form(ofType: b)
    else { return false }
    left.numbers.types[a] = typeCount
    right.numbers.types[b] = typeCount
    typeCount += 1
    return true
  }

  /// Whether two operations that don't both have numbers may be paired; then they have one.
  mutating func pair(operations a: Int, _ b: Int) -> Bool {
    let (one, other) = (left.newForm(ofOperation: a), right.newForm(ofOperation: b))
    return one == other && left.numbers.operations[a] == right.numbers.operations[b]
  }

  /// Numbers what boxes do that a walk hasn't numbered, and the types of wires that it hasn't numbered.
  ///
  /// - Returns: `false` when there is a label, or a bound name that wasn't met before.
  mutating func numberRest(_ one: WalkedDiagram, _ other: WalkedDiagram) -> Bool {
    var types: [[UInt8]: Int32] = [:]
    guard left.numberRest(one, &types, after: typeCount) else { return false }
    right.operations = left.operations
    return right.numberRest(other, &types, after: typeCount)
  }
}

extension PairedNames {
  /// One diagram's part.
  private struct Side {
    let diagram: Diagram
    let numbers: Numbers
    private var naming: CanonicalNaming
    /// The numbers of operations by what they do: diagrams that are used under several names may be one.
    var operations: [[UInt8]: Int32] = [:]

    init(_ diagram: Diagram) {
      self.diagram = diagram
      numbers = Numbers(diagram)
      naming = CanonicalNaming(prefixes: diagram.foldedLabels, profiles: [:])
    }

    mutating func form(ofType type: Int) -> [UInt8] {
      var bytes: [UInt8] = []
      naming.append(diagram.types[type], to: &bytes)
      return bytes
    }

    /// Numbers an operation that has no number.
    ///
    /// - Returns: what it does, when no other does the same.
    mutating func newForm(ofOperation operation: Int) -> [UInt8]? {
      guard numbers.operations[operation] < 0 else { return nil }
      var bytes: [UInt8] = []
      naming.append(diagram.operations[operation], to: &bytes)
      if let known = operations[bytes] {
        numbers.operations[operation] = known
        return nil
      }
      numbers.operations[operation] = Int32(operations.count)
      operations[bytes] = Int32(operations.count)
      return bytes
    }

    mutating func numberRest(
      _ walked: WalkedDiagram, _ types: inout [[UInt8]: Int32], after typeCount: Int32
    ) -> Bool {
      naming.seal()
      for box in walked.boxes where box.rank < 0 {
        let operation = box.record.operation.index
        guard numbers.operations[operation] < 0 else { continue }
        guard !diagram.operations[operation].hasLabel else { return false }
        _ = newForm(ofOperation: operation)
      }
      for wire in walked.wires where wire.rank < 0 {
        let type = Int(wire.type)
        guard numbers.types[type] < 0 else { continue }
        let form = form(ofType: type)
        numbers.types[type] = types[form, default: typeCount + Int32(types.count)]
        types[form] = numbers.types[type]
      }
      return naming.newNames == 0
    }
  }
}

extension Operation {
  fileprivate var hasLabel: Bool {
    switch self {
    case .learned: true
    case .use(let use): !use.label.isEmpty
    default: false
    }
  }
}
