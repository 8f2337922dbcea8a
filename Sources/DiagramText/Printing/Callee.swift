import DiagramIR

/// How an operation is called, as far as that is the same for all its boxes.
struct Callee {
  let name: String
  /// ` as label per h`, or nothing.
  private(set) var label = ""
  /// What the arguments may leave open; `nil` when they never do.
  private var open: OpenSizes?

  private struct OpenSizes {
    var scheme: TypeScheme
    var sizes: [SizeVariable]
    /// What sizes that the interface doesn't determine are, where they differ from themselves.
    var values: [SizeVariable: Size]
  }

  init(
    _ operation: Operation, _ environment: Environment, _ spelling: (Symbol) -> String,
    _ useCounts: [Symbol: Int]
  ) {
    switch operation {
    case .box(let symbol):
      name = spelling(symbol)
      guard let box = environment.box(symbol) else { return }
      open = Self.openSizes(TypeScheme(box.domain, box.codomain), box.sizes, [:])
    case .use(let use):
      name = spelling(use.definition)
      if !use.label.isEmpty {
        let isAutomatic = use.label == use.definition.name && useCounts[use.definition] == 1
        label = (isAutomatic ? "" : " as \(use.label)") + LearnedPrinting.per(use.per)
      }
      guard let definition = environment.definition(use.definition) else { return }
      let inner = definition.diagram
      var values: [SizeVariable: Size] = [:]
      for (variable, size) in zip(definition.openSizes, use.openSizes)
      where size != Size(variable) { values[variable] = size }
      open = Self.openSizes(
        TypeScheme(inner.domainTypes, inner.codomainTypes), definition.sizes, values)
    case .learned(let learned): name = learned.label
    default: name = ""
    }
  }

  private static func openSizes(
    _ scheme: TypeScheme, _ sizes: [SizeVariable], _ values: [SizeVariable: Size]
  ) -> OpenSizes? {
    let isSettled = scheme.sizesAlwaysDetermined.isSuperset(of: scheme.sizeVariables)
    return isSettled && values.isEmpty
      ? nil : OpenSizes(scheme: scheme, sizes: sizes, values: values)
  }

  /// Whether boxes may have sizes that their arguments leave open.
  var isOpen: Bool { open != nil }

  /// `<…>` with the sizes that the arguments of a box with these ports don't determine.
  func sizeArguments(
    _ ports: @autoclosure () -> (domain: [WireType], codomain: [WireType])
  ) -> String {
    guard let open else { return "" }
    let (domain, codomain) = ports()
    let interface = open.scheme.sizeVariables
    let determined = open.scheme.sizesDetermined(by: domain)
    guard !open.values.isEmpty || !determined.isSuperset(of: interface) else { return "" }
    let values = open.scheme.instance(domain, codomain, sizes: open.values)?.sizes ?? [:]
    let given = open.sizes.filter { variable in
      !determined.contains(variable)
        && (interface.contains(variable) || open.values[variable] != nil)
    }
    let isPrefix = given == Array(open.sizes.prefix(given.count))
    let texts = given.map { variable in
      let size = open.values[variable] ?? values[variable] ?? Size(variable)
      return isPrefix ? "\(size)" : "\(variable.name) = \(size)"
    }
    return texts.isEmpty ? "" : "<\(texts.joined(separator: ", "))>"
  }
}
