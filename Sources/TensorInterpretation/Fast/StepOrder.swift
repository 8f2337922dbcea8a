/// When each step of a program runs, and which steps write the buffers that have several writers.
struct StepOrder {
  /// Steps of loops' bodies come where their loops do; 0 for those that don't run.
  private(set) var times: [Int]
  private var writers: [Int: [Int]] = [:]

  init(_ program: FlatProgram, _ uses: BufferUses) {
    var (times, time) = (Array(repeating: 0, count: program.steps.count), 0)
    func walk(_ frame: Int) {
      for node in program.frames[frame] {
        switch node {
        case .step(let number):
          time += 1
          times[number] = time
        case .loop(_, let body): walk(body)
        }
      }
    }
    walk(FlatProgram.prologue)
    walk(0)
    self.times = times
    for (number, step) in program.steps.enumerated() where uses.frames[number] >= 0 {
      for output in step.outputs where uses.writer[output.buffer] == nil {
        writers[output.buffer, default: []].append(number)
      }
    }
  }

  /// The writers of a buffer, in any order; none where it has one only.
  func severalWriters(of buffer: Int) -> [Int] { writers[buffer] ?? [] }

  /// A step takes another's place among the writers of a buffer.
  mutating func replaceWriter(_ old: Int, by new: Int, of buffer: Int) {
    writers[buffer] = writers[buffer]?.map { $0 == old ? new : $0 }
  }
}
