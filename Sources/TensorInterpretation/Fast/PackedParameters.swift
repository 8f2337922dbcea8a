import TensorKernels

/// The parameters that products read, packed as they are read: once for all runs.
struct PackedParameters {
  private struct Part {
    let kernel: ContractionKernel
    let source: FastPlan.Access
    let start: Int
  }

  private let parts: [Part]
  /// Of each step of the program, where its part starts.
  private let starts: [Int?]
  private let memory: KernelMemory
  private let level: FeatureLevel

  /// Allocates what the products of a plan need at a level.
  init(_ plan: FastPlan, level: FeatureLevel) {
    var (parts, end) = ([Part](), 0)
    var starts: [Int?] = Array(repeating: nil, count: plan.program.steps.count)
    for case .command(let command) in plan.frames.joined() {
      guard case .contraction(let kernel) = command.kernel, let array = kernel.packedArray,
        command.arrays[array].loops.allSatisfy({ $0 == 0 }),
        case .parameter = plan.buffers[command.arrays[array].buffer].source
      else { continue }
      parts.append(Part(kernel: kernel, source: command.arrays[array], start: end))
      starts[command.step] = end
      end += (kernel.packedCount(level: level) + 15) / 16 * 16
    }
    (self.parts, self.starts, self.level) = (parts, starts, level)
    memory = KernelMemory(size: end * MemoryLayout<Float>.stride)
  }

  /// Packs them, from where each array is.
  func pack(_ place: (FastPlan.Access) -> UnsafeMutablePointer<Float>) {
    for part in parts {
      part.kernel.pack(
        place(part.source), to: memory.array(of: Float.self, at: part.start), level: level)
    }
  }

  /// What the product of a step reads; `nil` where it packs what it reads in each run.
  subscript(step: Int) -> UnsafePointer<Float>? {
    starts[step].map { UnsafePointer(memory.array(of: Float.self, at: $0)) }
  }
}
