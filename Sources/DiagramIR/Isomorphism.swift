extension Diagram {
  /// Whether the diagrams are equal up to the laws that their doctrine gives for free and up to names.
  ///
  /// They are where their canonical forms are equal. Where that form is found within a budget only, as its note
  /// says, this may find isomorphic what has different forms.
  ///
  /// - Complexity: linear in what can be reached from the interface, up to the first difference. In `symmetric`
  ///   closed components without bodies take linear time too, as long as those of one hash are alike; what else
  ///   isn't reached takes what two canonical forms take.
  public func isIsomorphic(to other: Diagram) -> Bool {
    guard doctrine == other.doctrine, boxCount == other.boxCount,
      operationCounts == other.operationCounts
    else { return false }
    // New names in one size have to be told apart by where else they occur, which walks don't look for.
    let isWalkable =
      doctrine != .frobenius && !hasSizeOfSeveralVariables && !other.hasSizeOfSeveralVariables
    let answer = isWalkable ? Isomorphism.decide(self, other) : nil
    return answer ?? (canonicalForm() == other.canonicalForm())
  }

  private var hasSizeOfSeveralVariables: Bool {
    let areComposite = { (sizes: [Size]) in sizes.contains { $0.variables.count > 1 } }
    let inTypes = types.contains { type in
      guard case .array(let element, let shape) = type else { return false }
      if case .index(let size) = element, areComposite([size]) { return true }
      return areComposite(shape.compactMap { if case .size(let size) = $0 { size } else { nil } })
    }
    return inTypes || operations.contains { areComposite($0.sizes) }
  }

  /// How many boxes have which of those operations that no renaming changes.
  private var operationCounts: [Operation: Int] {
    var counts = Array(repeating: 0, count: operations.count)
    for record in boxRecords { counts[record.operation.index] += 1 }
    var result: [Operation: Int] = [:]
    for (operation, count) in zip(operations, counts) where count > 0 {
      switch operation {
      case .box, .number: result[operation, default: 0] += count
      default: break
      }
    }
    return result
  }
}

/// Decides isomorphism by walks in both diagrams.
private enum Isomorphism {
  /// `nil` where walks don't decide it.
  static func decide(_ left: Diagram, _ right: Diagram) -> Bool? {
    left.withTables { leftTables in
      right.withTables { rightTables in
        let (one, other) = (WalkedDiagram(left, leftTables), WalkedDiagram(right, rightTables))
        let names = PairedNames(left, right)
        defer {
          one.deallocate()
          other.deallocate()
          names.deallocate()
        }
        return decide(one, other, names, left.doctrine)
      }
    }
  }

  private static func decide(
    _ left: WalkedDiagram, _ right: WalkedDiagram, _ names: PairedNames, _ doctrine: Doctrine
  ) -> Bool? {
    let isSymmetric = doctrine == .symmetric
    var walk = IsomorphismWalk(left, right, names, isSymmetric: isSymmetric)
    defer { walk.deallocate() }
    guard walk.pairInterfaces() else { return false }
    let rest = left.boxes.count - walk.boxCount
    if rest == 0 { return true }
    guard isSymmetric, left.tables.regions.count == 1, right.tables.regions.count == 1,
      walk.names.numberRest(left, right)
    else { return nil }
    let one = ClosedComponents(left, names.leftNumbers, count: rest)
    let other = ClosedComponents(right, names.rightNumbers, count: rest)
    var inside = IsomorphismWalk(inside: left, walk.names)
    defer {
      one.deallocate()
      other.deallocate()
      inside.deallocate()
    }
    var matching = ClosedComponentMatching(one, other, boxCount: rest)
    return matching.run(&inside, &walk)
  }
}
