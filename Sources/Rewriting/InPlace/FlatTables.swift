import DiagramIR

/// Numbers for the operations, the kinds of operations and the types of a graph.
struct FlatTables: Sendable {
  private(set) var operations: [Operation]
  private(set) var types: [WireType]
  private(set) var kindOfOperation: [Int32] = []
  private var kinds: [OperationKey: Int32] = [:]
  private var operationNumbers: [Operation: Int32] = [:]
  private var typeNumbers: [WireType: Int32] = [:]

  /// Operations and types have the numbers that they have in the diagram.
  init(_ diagram: Diagram) {
    (operations, types) = (diagram.operations, diagram.types)
    for (number, type) in types.enumerated() { typeNumbers[type] = Int32(number) }
    for (number, operation) in operations.enumerated() {
      operationNumbers[operation] = Int32(number)
      kindOfOperation.append(self.number(of: OperationKey(operation)))
    }
  }

  /// How many kinds have numbers.
  var kindCount: Int { kinds.count }

  mutating func number(of kind: OperationKey) -> Int32 {
    if let known = kinds[kind] { return known }
    let number = Int32(kinds.count)
    kinds[kind] = number
    return number
  }

  /// The number of a kind, when it has one.
  func knownNumber(of kind: OperationKey) -> Int32? { kinds[kind] }

  mutating func number(of operation: Operation) -> Int32 {
    if let known = operationNumbers[operation] { return known }
    let number = Int32(operations.count)
    operations.append(operation)
    kindOfOperation.append(self.number(of: OperationKey(operation)))
    operationNumbers[operation] = number
    return number
  }

  mutating func number(of type: WireType) -> Int32 {
    if let known = typeNumbers[type] { return known }
    let number = Int32(types.count)
    types.append(type)
    typeNumbers[type] = number
    return number
  }
}
