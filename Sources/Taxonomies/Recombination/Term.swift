import DiagramIR

/// Generators of terms: boxes, each from some sorts to one, and variables.
public struct TermSignature: Sendable {
  /// A box that makes one thing of several.
  public struct Generator: Hashable, Sendable {
    /// The box.
    public let box: Symbol
    /// The types of its inputs.
    public let domain: [WireType]
    /// The type of its output.
    public let codomain: WireType

    /// A generator.
    public init(_ box: Symbol, _ domain: [WireType], _ codomain: WireType) {
      self.box = box
      self.domain = domain
      self.codomain = codomain
    }
  }

  /// The generators. Their order decides the order of terms.
  public let generators: [Generator]
  /// The types of the variables.
  public let variables: [WireType]
  /// The names of the variables.
  public let variableNames: [String]
  /// The doctrine of the boxes.
  public let doctrine: Doctrine

  /// A signature.
  public init(_ generators: [Generator], variables: [(name: String, type: WireType)]) {
    self.generators = generators
    self.variables = variables.map(\.type)
    variableNames = variables.map(\.name)
    doctrine = .cartesian
  }
}

/// A tree of generators over variables, in prefix notation.
///
/// No part of a term is shared: what stands in two places is there twice, and counts twice.
///
/// Invariant: each generator is followed by as many terms as it has inputs.
public struct Term: Hashable, Sendable {
  /// An entry of the prefix notation.
  public enum Symbol: Hashable, Comparable, Sendable {
    /// A generator, by its place in the signature.
    case generator(Int)
    /// A variable, by its place in the signature.
    case variable(Int)
  }

  /// The prefix notation.
  public let symbols: [Symbol]
  /// How many generators it has.
  public let boxCount: Int

  init(_ symbols: [Symbol]) {
    self.symbols = symbols
    boxCount = symbols.count { if case .generator = $0 { true } else { false } }
  }
}

extension Term: Comparable {
  /// Orders by the number of boxes, then by prefix notation: generators in their order, before variables.
  public static func < (left: Term, right: Term) -> Bool {
    if left.boxCount != right.boxCount { return left.boxCount < right.boxCount }
    return left.symbols.lexicographicallyPrecedes(right.symbols)
  }
}

extension Term {
  /// The term as the language writes it: `read(x, summarise(x, x))`.
  ///
  /// - Parameter name: how a generator is called; its box's name unless told otherwise.
  /// - Complexity: linear.
  public func text(
    in signature: TermSignature, name: (DiagramIR.Symbol) -> String = { $0.name }
  ) -> String {
    var stack: [String] = []
    for symbol in symbols.reversed() {
      switch symbol {
      case .variable(let number): stack.append(signature.variableNames[number])
      case .generator(let number):
        let generator = signature.generators[number]
        let arguments = stack.suffix(generator.domain.count).reversed()
        stack.removeLast(generator.domain.count)
        stack.append("\(name(generator.box))(\(arguments.joined(separator: ", ")))")
      }
    }
    return stack.last ?? ""
  }

  /// The term as a diagram from the variables to its result.
  ///
  /// - Complexity: linear.
  public func diagram(in signature: TermSignature) -> Diagram {
    var builder = DiagramBuilder(doctrine: signature.doctrine)
    let inputs = zip(signature.variables, signature.variableNames).map {
      builder.addDomainWire($0, name: $1)
    }
    var stack: [WireID] = []
    for symbol in symbols.reversed() {
      switch symbol {
      case .variable(let number): stack.append(inputs[number])
      case .generator(let number):
        let generator = signature.generators[number]
        let arguments = Array(stack.suffix(generator.domain.count).reversed())
        stack.removeLast(generator.domain.count)
        stack += builder.addBox(
          .box(generator.box), inputs: arguments, outputs: [generator.codomain])
      }
    }
    return builder.finish(codomain: stack.suffix(1))
  }

  /// The term that a diagram draws, what it shares being written out; `nil` when it is none of the signature.
  ///
  /// - Complexity: linear in the term.
  public init?(_ diagram: Diagram, in signature: TermSignature) {
    guard diagram.codomain.count == 1, diagram.regionCount == 1 else { return nil }
    let producers = diagram.producers()
    var symbols: [Symbol] = []
    var pending = Array(diagram.codomain)
    while let wire = pending.popLast() {
      let producer = producers[wire.index]
      if producer < 0 {
        guard let place = diagram.domain.firstIndex(of: wire) else { return nil }
        symbols.append(.variable(place - diagram.domain.startIndex))
        continue
      }
      let box = BoxID(Int(producer))
      guard case .box(let name) = diagram.operation(of: box),
        let number = signature.generators.firstIndex(where: { $0.box == name })
      else { return nil }
      symbols.append(.generator(number))
      pending += diagram.inputs(of: box).reversed()
    }
    self.init(symbols)
  }
}
