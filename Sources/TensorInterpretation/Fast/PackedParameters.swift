import TensorKernels

/// The parameters that products read, and what is made of them once, packed as they are read: once for all runs.
struct PackedParameters {
  private struct Part {
    let step: Int
    let kernel: ContractionKernel
    let source: FastPlan.Access
    let start: Int
    let end: Int
  }

  private let parts: [Part]
  /// Of each step of the program, where its part starts.
  private let starts: [Int?]
  private let memory: KernelMemory
  private let level: FeatureLevel

  /// Allocates what the products of a plan need at a level.
  init(_ plan: FastPlan, level: FeatureLevel) {
    self.level = level
    parts = Self.parts(of: plan, level: level)
    var starts: [Int?] = Array(repeating: nil, count: plan.program.steps.count)
    for part in parts { starts[part.step] = part.start }
    self.starts = starts
    memory = KernelMemory(size: Self.size(of: parts))
  }

  /// How many bytes a plan needs for them at a level.
  static func size(for plan: FastPlan, level: FeatureLevel) -> Int {
    size(of: parts(of: plan, level: level))
  }

  private static func size(of parts: [Part]) -> Int {
    (parts.last?.end ?? 0) * MemoryLayout<Float>.stride
  }

  private static func parts(of plan: FastPlan, level: FeatureLevel) -> [Part] {
    var parts: [Part] = []
    let (isOnce, made) = (plan.program.stepsOnce, plan.program.buffersOnce)
    for case .command(let command) in plan.frames.joined() {
      guard !isOnce.contains(command.step), case .contraction(let kernel) = command.kernel,
        let array = kernel.packedArray,
        case let (source, count) = (command.arrays[array], kernel.packedCount(level: level)),
        source.loops.allSatisfy({ $0 == 0 }),
        plan.buffers[source.buffer].source.isParameter || made.contains(source.buffer),
        // Panels of a few columns are mostly padding; those are packed part by part in each run.
        count / 2 <= plan.buffers[source.buffer].count
      else { continue }
      let start = parts.last?.end ?? 0
      parts.append(
        Part(
          step: command.step, kernel: kernel, source: source, start: start,
          end: start + (count + 15) / 16 * 16))
    }
    return parts
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
