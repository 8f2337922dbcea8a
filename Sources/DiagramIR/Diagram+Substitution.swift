extension Diagram {
  /// The diagram with every flexible variable replaced by what the unifier knows of it.
  ///
  /// - Complexity: linear in the tables, and in the diagram where table entries become equal.
  public func resolving(_ unifier: Unifier) -> Diagram {
    var (newTypes, newOperations) = (InternTable<WireType>(), InternTable<Operation>())
    let typeMap = types.map { TypeID(newTypes.intern(unifier.resolve($0))) }
    let operationMap = operations.map { OperationID(newOperations.intern($0.resolving(unifier))) }
    var result = self
    result.types = newTypes.values
    result.operations = newOperations.values
    for index in wireTypes.indices { result.wireTypes[index] = typeMap[wireTypes[index].index] }
    for index in boxRecords.indices {
      result.boxRecords[index].operation = operationMap[boxRecords[index].operation.index]
    }
    return result
  }
}

extension Diagram {
  /// Keeps those types and operations in the tables that a wire or a box has, in their order.
  ///
  /// - Complexity: linear.
  mutating func dropUnusedTableEntries() {
    var isUsedType = Array(repeating: false, count: types.count)
    var isUsedOperation = Array(repeating: false, count: operations.count)
    for id in wireTypes { isUsedType[id.index] = true }
    for box in boxRecords { isUsedOperation[box.operation.index] = true }
    if isUsedType.contains(false) {
      let newIDs = types.keep(isUsedType)
      for index in wireTypes.indices { wireTypes[index] = TypeID(newIDs[wireTypes[index].index]) }
    }
    if isUsedOperation.contains(false) {
      let newIDs = operations.keep(isUsedOperation)
      for index in boxRecords.indices {
        boxRecords[index].operation = OperationID(newIDs[boxRecords[index].operation.index])
      }
    }
  }
}

extension Array {
  /// Keeps the marked elements; returns the new position of each old one.
  fileprivate mutating func keep(_ isKept: [Bool]) -> [Int] {
    var (kept, positions): ([Element], [Int]) = ([], [])
    for (index, element) in enumerated() {
      positions.append(kept.count)
      if isKept[index] { kept.append(element) }
    }
    self = kept
    return positions
  }
}

extension Operation {
  func resolving(_ unifier: Unifier) -> Operation {
    switch self {
    case .box, .number: return self
    case .use(var use):
      use.per = use.per.map { unifier.resolve($0) }
      use.openSizes = use.openSizes.map { unifier.resolve($0) }
      return .use(use)
    case .learned(var box):
      box.per = box.per.map { unifier.resolve($0) }
      return .learned(box)
    case .size(let size): return .size(unifier.resolve(size))
    case .simd(let axis, let mapped): return .simd(axis: unifier.resolve(axis), mapped: mapped)
    case .scan(let axis, let states, let mapped):
      return .scan(axis: unifier.resolve(axis), states: states, mapped: mapped)
    }
  }
}
