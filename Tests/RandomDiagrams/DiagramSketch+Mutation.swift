import DiagramIR

/// A change that no isomorphism undoes.
public enum Mutation: String, CaseIterable, Sendable {
  /// One box without a body gets a name that occurs nowhere else.
  case relabel
  /// A box without ports joins.
  case insertScalar
  /// One of several boxes with the same label gets a label of its own.
  case untie
  /// Two labels become one.
  case tie
  /// A number changes to one that occurs nowhere else.
  case number
  /// A box without a body disappears with its wires cut; only where nothing uses its outputs.
  case remove
}

extension DiagramSketch {
  /// A sketch that is not isomorphic to this one; `nil` where the mutation doesn't apply.
  public func mutated(_ mutation: Mutation, _ random: inout SplitMix64) -> DiagramSketch? {
    var result = self
    switch mutation {
    case .relabel:
      return changing(&random, where: { _ in true }) { $0 = .box(Symbol.mutant) }
    case .insertScalar:
      result.root.boxes.append(Box(operation: .box(.mutant), inputs: [], outputs: []))
      return result
    case .number:
      return changing(&random, where: { if case .number = $0 { true } else { false } }) {
        $0 = .number(1e100)
      }
    case .untie: return untied(&random)
    case .tie: return tied(&random)
    case .remove: return withoutDeadBox(&random)
    }
  }

  private func changing(
    _ random: inout SplitMix64, where matches: (Operation) -> Bool,
    _ change: (inout Operation) -> Void
  ) -> DiagramSketch? {
    var result = self
    var count = 0
    result.root.forEachBox { if $0.body == nil && matches($0.operation) { count += 1 } }
    guard count > 0 else { return nil }
    var chosen = random.below(count)
    result.root.forEachBox {
      guard $0.body == nil && matches($0.operation) else { return }
      if chosen == 0 { change(&$0.operation) }
      chosen -= 1
    }
    return result
  }

  private var learnedBoxes: [LearnedBox] {
    var found: [LearnedBox] = []
    var copy = self
    copy.root.forEachBox { if case .learned(let box) = $0.operation { found.append(box) } }
    return found
  }

  private func untied(_ random: inout SplitMix64) -> DiagramSketch? {
    let labels = learnedBoxes.map(\.label)
    let shared = labels.filter { label in labels.count { $0 == label } > 1 }
    guard let label = random.pick(shared) else { return nil }
    return changing(&random, where: { $0.label == label }) {
      guard case .learned(var box) = $0 else { return }
      box.label = "untied"
      $0 = .learned(box)
    }
  }

  private func tied(_ random: inout SplitMix64) -> DiagramSketch? {
    let learned = learnedBoxes
    guard let kept = random.pick(learned),
      let renamed = random.pick(learned.filter { $0.label != kept.label })
    else { return nil }
    var result = self
    result.root.forEachBox {
      guard case .learned(var box) = $0.operation, box.label == renamed.label else { return }
      box.label = kept.label
      $0.operation = .learned(box)
    }
    return result
  }

  private func withoutDeadBox(_ random: inout SplitMix64) -> DiagramSketch? {
    guard doctrine == .cartesian else { return nil }
    var result = self
    let used = Set(root.boxes.flatMap(\.inputs) + root.codomain)
    let dead = root.boxes.indices.filter { box in
      !root.boxes[box].outputs.contains { used.contains($0) }
    }
    guard let box = random.pick(dead) else { return nil }
    let lost = Set(root.boxes[box].outputs)
    result.root.boxes.remove(at: box)
    result.root.removeWires(lost)
    return result
  }
}

extension DiagramSketch.Level {
  fileprivate mutating func removeWires(_ lost: Set<Int>) {
    var place = Array(repeating: -1, count: wires.count)
    var kept: [DiagramSketch.Wire] = []
    for index in wires.indices where !lost.contains(index) {
      place[index] = kept.count
      kept.append(wires[index])
    }
    wires = kept
    domain = domain.map { place[$0] }
    codomain = codomain.map { place[$0] }
    for index in boxes.indices {
      boxes[index].inputs = boxes[index].inputs.map { place[$0] }
      boxes[index].outputs = boxes[index].outputs.map { place[$0] }
    }
  }
}

extension Symbol {
  /// A box that no random diagram has.
  public static let mutant = Symbol(module: "mutant", name: "mutant")
}
