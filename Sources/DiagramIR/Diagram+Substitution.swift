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
