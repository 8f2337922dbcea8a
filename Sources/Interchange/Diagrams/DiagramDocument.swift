import DiagramIR

/// A definition together with the declarations that it needs.
struct DiagramDocument {
  private let main: Definition
  private let environment: Environment
  /// The diagrams that it uses, each after those it uses itself.
  private var definitions: [Definition] = []
  private var boxes: [BoxDeclaration] = []
  private var sorts: [Symbol] = []
  private var theories: [Theory] = []

  init(of main: Definition, in environment: Environment) {
    self.main = main
    self.environment = environment
    collect()
  }

  var json: JSONValue {
    .object([
      "format": .string(DiagramJSON.format),
      "version": .integer(DiagramJSON.version),
      "theories": .array(
        theories.map { .object(["symbol": json($0.symbol), "doctrine": json($0.doctrine)]) }),
      "sorts": .array(sorts.map(json)),
      "boxes": .array(boxes.map(json)),
      "definitions": .array(
        definitions.map { json($0, as: $0.symbol) } + [json(main, as: mainSymbol)]),
      "main": json(mainSymbol),
    ])
  }

  // MARK: What is needed

  private mutating func collect() {
    let used = usedDefinitions()
    definitions = environment.definitions.filter { used.contains($0.symbol) }
    let diagrams = definitions.map(\.diagram) + [main.diagram]
    var (boxNames, sortNames): (Set<Symbol>, Set<Symbol>) = ([], [])
    for diagram in diagrams {
      for case .box(let symbol) in diagram.operations { boxNames.insert(symbol) }
      for case .sort(let symbol) in diagram.types { sortNames.insert(symbol) }
    }
    boxes = environment.boxes.filter { boxNames.contains($0.symbol) }
    for box in boxes {
      for case .sort(let symbol) in box.domain + box.codomain { sortNames.insert(symbol) }
    }
    sorts = environment.sorts.filter { sortNames.remove($0) != nil }
    let named = boxes.map(\.symbol) + sorts + definitions.map(\.symbol) + [main.symbol]
    let modules = Set(named.map(\.module))
    var seen: Set<Symbol> = []
    theories = environment.theories.filter {
      modules.contains($0.symbol.module) && seen.insert($0.symbol).inserted
    }
  }

  private func usedDefinitions() -> Set<Symbol> {
    var used: Set<Symbol> = []
    var pending = [main.diagram]
    while let diagram = pending.popLast() {
      for symbol in diagram.usedDefinitions where used.insert(symbol).inserted {
        if let definition = environment.definition(symbol) { pending.append(definition.diagram) }
      }
    }
    return used
  }

  /// The symbol of the definition itself, with a number where a needed declaration has the same.
  private var mainSymbol: Symbol {
    let taken = Set(definitions.map(\.symbol) + boxes.map(\.symbol))
    var (symbol, number) = (main.symbol, 1)
    while taken.contains(symbol) {
      number += 1
      symbol = Symbol(module: main.symbol.module, name: "\(main.symbol.name)_\(number)")
    }
    return symbol
  }

  // MARK: Declarations

  private func json(_ symbol: Symbol) -> JSONValue { .string(symbol.description) }

  private func json(_ doctrine: Doctrine) -> JSONValue { .string(doctrine.rawValue) }

  private func json(_ box: BoxDeclaration) -> JSONValue {
    var object: JSONObject = [
      "symbol": json(box.symbol),
      "doctrine": json(box.doctrine),
      "domain": .array(box.domain.map(\.json)),
      "codomain": .array(box.codomain.map(\.json)),
      "sizes": .array(box.sizes.map { .string($0.name) }),
    ]
    if !box.linear.isEmpty {
      object["linear"] = .array(box.linear.map { .array($0.map { .integer($0) }) })
    }
    return .object(object)
  }

  private func json(_ definition: Definition, as symbol: Symbol) -> JSONValue {
    .object([
      "symbol": json(symbol),
      "results": .array(definition.resultNames.map(JSONValue.string)),
      "sizes": .array(definition.sizes.map { .string($0.name) }),
      "diagram": DiagramEncoder(definition.diagram).json,
    ])
  }
}
