import DiagramIR

/// The declarations that random diagrams draw on.
public enum RandomSignature {
  /// A box with abstract sorts.
  public struct SortedBox: Sendable {
    /// Its operation.
    public let operation: Operation
    /// The types of its inputs.
    public let domain: [WireType]
    /// The types of its outputs.
    public let codomain: [WireType]
  }

  /// The first sort.
  public static let h = WireType.sort(Symbol(module: "hopf", name: "H"))
  /// The second sort.
  public static let k = WireType.sort(Symbol(module: "hopf", name: "K"))

  /// Boxes with abstract sorts, some without inputs, without outputs and without both.
  public static let sortedBoxes: [SortedBox] = [
    sorted("mul", [h, h], [h]), sorted("comul", [h], [h, h]), sorted("unit", [], [h]),
    sorted("counit", [h], []), sorted("antipode", [h], [h]), sorted("down", [h], [k]),
    sorted("act", [k, h], [k]), sorted("up", [k], [k, h]), sorted("end", [k], []),
    sorted("begin", [], [k]), sorted("twist", [k, k], [k, k]), sorted("scalar", [], []),
  ]

  private static func sorted(
    _ name: String, _ domain: [WireType], _ codomain: [WireType]
  ) -> SortedBox {
    SortedBox(
      operation: .box(Symbol(module: "hopf", name: name)), domain: domain, codomain: codomain)
  }

  /// The symbol of a box that random tensor diagrams use.
  public static func tensor(_ name: String) -> Symbol { Symbol(module: "tensor", name: name) }

  /// Declares every box of random diagrams in a doctrine.
  public static func environment(_ doctrine: Doctrine) -> Environment {
    var environment = Environment()
    environment.add(Theory(symbol: Symbol(module: "hopf", name: "hopf"), doctrine: doctrine))
    for sort in [h, k] { if case .sort(let symbol) = sort { environment.add(sort: symbol) } }
    for box in sortedBoxes {
      guard case .box(let symbol) = box.operation else { continue }
      environment.add(
        BoxDeclaration(
          symbol: symbol, doctrine: doctrine, domain: box.domain, codomain: box.codomain))
    }
    for (name, domain, codomain) in tensorBoxes {
      environment.add(
        BoxDeclaration(
          symbol: tensor(name), doctrine: doctrine, domain: domain, codomain: codomain))
    }
    return environment
  }

  private static var tensorBoxes: [(String, [WireType], [WireType])] {
    let s = Dimension.shape(ShapeVariable("s"))
    let (n, m) = (Dimension.size(Size("n")), Dimension.size(Size("m")))
    let any = WireType.array(.real, [s])
    let stacked = WireType.array(.real, [n, s])
    return [
      ("exp", [any], [any]), ("add", [any, any], [any]), ("sub", [any, any], [any]),
      ("both", [any], [any, any]), ("sum", [stacked], [any]), ("repeat", [any], [stacked]),
      ("transpose", [.array(.real, [n, m, s])], [.array(.real, [m, n, s])]),
      ("iota", [], [.array(.real, [n])]),
    ]
  }
}
