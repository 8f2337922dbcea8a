import DiagramIR
import TensorKernels

extension FlatProgram {
  /// A step, equal to others that differ in the buffers that they write only.
  private struct StepKey: Hashable {
    let frame: Int
    let step: FlatStep

    static func == (a: StepKey, b: StepKey) -> Bool {
      let outputs = zip(a.step.outputs, b.step.outputs)
      return a.frame == b.frame && a.step.inputs == b.step.inputs && a.step.sizes == b.step.sizes
        && a.step.outputs.count == b.step.outputs.count
        && outputs.allSatisfy { $0 == $1.inBuffer($0.buffer) }
        && a.step.operation == b.step.operation
    }

    func hash(into hasher: inout Hasher) { hasher.combine(step.inputs) }
  }

  /// Equal steps on equal operands are run once.
  ///
  /// Left alone is what reads or writes states of loops, whose values change.
  ///
  /// - Complexity: linear in the steps, expected.
  mutating func shareEqualSteps() {
    let uses = BufferUses(self)
    var same = Array(buffers.indices)
    var known: [StepKey: Int] = Dictionary(minimumCapacity: steps.count)
    var isDropped = Array(repeating: false, count: steps.count)
    for number in steps.indices where uses.frames[number] >= 0 {
      for place in steps[number].inputs.indices {
        let buffer = steps[number].inputs[place].buffer
        if same[buffer] != buffer { steps[number].inputs[place].buffer = same[buffer] }
      }
      let step = steps[number]
      guard isShareable(step, number, uses) else { continue }
      let key = StepKey(frame: uses.frames[number], step: step)
      guard let first = known[key] else {
        known[key] = number
        continue
      }
      isDropped[number] = true
      for (own, other) in zip(step.outputs, steps[first].outputs) {
        same[own.buffer] = other.buffer
      }
      let work = step.work(in: self)
      choices.append(
        FlatChoice(laws: [.sharing], boxes: step.namingBoxes, before: work + work, after: work))
    }
    for place in results.indices { results[place].buffer = same[results[place].buffer] }
    for frame in frames.indices {
      frames[frame].removeAll { node in
        if case .step(let number) = node { isDropped[number] } else { false }
      }
    }
  }

  private func isShareable(_ step: FlatStep, _ number: Int, _ uses: BufferUses) -> Bool {
    step.outputs.allSatisfy { uses.writer[$0.buffer] == number && $0.loops.allSatisfy { $0 == 0 } }
      && step.inputs.allSatisfy {
        buffers[$0.buffer].source != .steps || uses.writer[$0.buffer] != nil
      }
  }
}

extension FlatOperand {
  /// The same place of another buffer.
  func inBuffer(_ buffer: Int) -> FlatOperand {
    var operand = self
    operand.buffer = buffer
    return operand
  }
}
