import DiagramIR
import TensorKernels

/// Sums of products that have parts in common, and the cheapest way that was found to compute them.
struct ProductGroup {
  /// What replaces the steps of the group.
  struct Chosen {
    var replacements: [(root: Int, steps: [FlatStep])] = []
    /// Those that are new, numbered after those of the program.
    var buffers: [FlatBuffer] = []
    var choice: FlatChoice
  }

  /// A sum with the order in which it is computed.
  private struct Part {
    let sum: SumOfProducts
    /// The factors that aren't numbers.
    let factors: [SumOfProducts.Factor]
    let scalars: [SumOfProducts.Factor]
    var order: ContractionOrder?
    /// How many equal terms are summed, along axes that no factor has.
    let termCount: Int

    init(_ sum: SumOfProducts) {
      self.sum = sum
      factors = sum.factors.filter { sum.axes(of: $0.operand) != 0 }
      scalars = sum.factors.filter { sum.axes(of: $0.operand) == 0 }
      let moving = factors.reduce(sum.keptAxes) { $0 | sum.axes(of: $1.operand) }
      termCount = Int.productSaturating(
        sum.sizes.indices.filter { moving & 1 << UInt64($0) == 0 }.map { sum.sizes[$0] })
    }

    /// The factors that are numbers, with one for equal terms, which is a new buffer after `count` others.
    func allScalars(_ buffers: inout [FlatBuffer], after count: Int) -> [SumOfProducts.Factor] {
      guard termCount > 1 else { return scalars }
      buffers.append(FlatBuffer(count: 1, isIndex: false, source: .number(Float(termCount))))
      let operand = FlatOperand(
        buffer: count + buffers.count - 1, offset: 0, loops: [], strides: sum.sizes.map { _ in 0 })
      return scalars + [SumOfProducts.Factor(operand: operand, isInverse: false)]
    }
  }

  private var parts: [Part]

  /// - Parameter sums: in the order of their steps.
  /// - Returns: `nil` where a sum has no order.
  init?(_ sums: [SumOfProducts], elementLimit: Int) {
    parts = sums.map(Part.init)
    // The longest first: what it makes on the way is there for the others.
    let places = parts.indices.sorted {
      (parts[$1].factors.count, $0) < (parts[$0].factors.count, $1)
    }
    for (count, place) in places.enumerated() {
      let (sum, factors) = (parts[place].sum, parts[place].factors)
      guard factors.contains(where: { !$0.isInverse }) else { return nil }
      let known = places.prefix(count).flatMap { other in
        parts[other].order?.products(parts[other].sum, parts[other].factors, in: sum, factors) ?? []
      }
      let order = ContractionOrder(sum, factors, known: known, elementLimit: elementLimit)
      guard !order.nodes.isEmpty else { return nil }
      parts[place].order = order
    }
  }

  /// What is cheaper than what the diagram draws; `nil` where this isn't.
  ///
  /// - Parameter writer: the step that makes a buffer.
  func chosen(_ program: FlatProgram, writer: (Int) -> Int?) -> Chosen? {
    var members = Set(parts.map(\.sum.root))
    for part in parts { members.formUnion(part.sum.absorbed) }
    let ordered = members.sorted()
    let before = ordered.reduce(KernelWork()) { $0 + program.steps[$1].work(in: program) }
    var chosen = Chosen(
      choice: FlatChoice(
        laws: [], boxes: ordered.flatMap { program.steps[$0].boxes }, before: before,
        after: KernelWork()))
    var made: [ProductEmission.Made] = []
    for part in parts {
      guard let order = part.order else { return nil }
      let root = program.steps[part.sum.root]
      let scalars = part.allScalars(&chosen.buffers, after: program.buffers.count)
      var emission = ProductEmission(
        part.sum, part.factors, scalars, order, root: root,
        innerBoxes: part.sum.absorbed.sorted().flatMap { program.steps[$0].boxes },
        present: made, firstBuffer: program.buffers.count + chosen.buffers.count,
        level: program.buffers[root.outputs[0].buffer].level)
      emission.run()
      chosen.buffers += emission.buffers
      chosen.replacements.append((part.sum.root, emission.steps))
      made = emission.made
      let boxes = part.factors.map { factor in
        writer(factor.operand.buffer).map { program.steps[$0].boxes } ?? []
      }
      chosen.choice.orders.append((root.boxes, order.words(part.factors, boxes)))
    }
    for step in chosen.replacements.flatMap(\.steps) {
      // All arrays of sums are real numbers.
      let work = step.work { _ in MemoryLayout<Float>.stride }
      chosen.choice.after = chosen.choice.after + work
    }
    let laws = Set(parts.flatMap(laws))
    chosen.choice.laws = PlanLaw.allCases.filter(laws.contains)
    return chosen.choice.after.cost < before.cost ? chosen : nil
  }

  /// The laws that lead from what the diagram draws to the order of a sum.
  private func laws(_ part: Part) -> [PlanLaw] {
    guard let order = part.order else { return [] }
    var laws: [PlanLaw] = part.scalars.isEmpty ? [] : [.scaling]
    if part.termCount > 1 { laws.append(.distribution) }
    for node in order.nodes {
      if case .fold = node.kind { laws.append(.distribution) }
      if case .quotient = node.kind { laws.append(.division) }
    }
    return part.factors.count > 2 ? laws + [.association] : laws
  }
}

extension ContractionOrder {
  /// The order as a term over the buffers of factors.
  fileprivate func words(
    _ factors: [SumOfProducts.Factor], _ boxes: [[BoxID]]
  ) -> ProductOrder {
    var terms: [ProductOrder] = []
    for node in nodes {
      switch node.kind {
      case .factor(let factor):
        terms.append(
          .factor(buffer: factors[factor].operand.buffer, boxes: boxes[factor]))
      case .fold(let part): terms.append(.sum(terms[part]))
      case .product(let a, let b): terms.append(.product(terms[a], terms[b]))
      case .quotient(let a, let b): terms.append(.quotient(terms[a], terms[b]))
      }
    }
    return terms.last ?? .factor(buffer: 0, boxes: [])
  }
}
