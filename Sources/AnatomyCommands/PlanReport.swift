import DiagramIR
import Interchange
import TensorInterpretation

/// A plan of the fast engine as lines that a person reads, or as JSON.
struct PlanReport {
  let name: String
  let sizes: [SizeVariable: Int]
  let summary: PlanSummary
  private let labels: [String]

  init(name: String, sizes: [SizeVariable: Int], summary: PlanSummary) {
    (self.name, self.sizes, self.summary) = (name, sizes, summary)
    var made = 0
    labels = summary.buffers.map { buffer in
      switch buffer.source {
      case .input(let name): return name
      case .parameter(let key): return key
      case .constant: return "constant"
      case .kernels:
        made += 1
        return "%\(made)"
      }
    }
  }

  private var sortedSizes: [(name: String, value: Int)] {
    sizes.map { ($0.key.name, $0.value) }.sorted { $0.0 < $1.0 }
  }

  // MARK: Text

  /// Kernels, buffers and totals.
  var text: String {
    let given = sortedSizes.map { "\($0.name) = \($0.value)" }.joined(separator: ", ")
    let count = summary.kernels.count
    return "plan of \(name)" + (given.isEmpty ? "" : " at \(given)") + "\n\n" + kernels + "\n"
      + buffers + "\n" + results
      + "kernels: \(count)\(once), flops: \(Quantity(summary.work.flops)), "
      + "read: \(Quantity(summary.work.bytesRead).text)B, "
      + "written: \(Quantity(summary.work.bytesWritten).text)B, "
      + "memory: \(Quantity(summary.memorySize).text)B\n"
  }

  /// How many kernels run once, and what they take.
  private var once: String {
    let count = summary.kernels.count(where: \.runsOnce)
    guard count > 0 else { return "" }
    return " (\(count) once, \(Self.words(summary.workOnce)))"
  }

  private var kernels: String {
    var table = TextTable([
      ("#", .right), ("kernel", .left), ("shape", .left), ("flops", .right), ("read", .right),
      ("written", .right), ("computes", .left),
    ])
    for (position, kernel) in summary.kernels.enumerated() {
      let reads = kernel.reads.map { labels[$0] }.joined(separator: ", ")
      let writes = kernel.writes.map { labels[$0] }.joined(separator: ", ")
      table.add([
        "\(position + 1)", "\(writes) = \(Self.words(kernel))(\(reads))", Self.shape(kernel),
        Quantity(kernel.work.flops).text, Quantity(kernel.work.bytesRead).text + "B",
        Quantity(kernel.work.bytesWritten).text + "B", Self.words(kernel.boxes),
      ])
    }
    return table.text
  }

  private static func words(_ kernel: PlanSummary.Kernel) -> String {
    switch kernel.kind {
    case .elementwise, .fold: kernel.functions.joined(separator: " ")
    default: kernel.kind.rawValue
    }
  }

  /// The first boxes of a list.
  private static func words(_ boxes: [String]) -> String {
    let rest = boxes.count - 4
    return boxes.prefix(4).joined(separator: ", ") + (rest > 0 ? ", and \(rest) more" : "")
  }

  private static func shape(_ kernel: PlanSummary.Kernel) -> String {
    func list(_ sizes: [Int]) -> String { sizes.map(String.init).joined(separator: " ") }
    let folded = kernel.folded.isEmpty ? "" : " over [\(list(kernel.folded))]"
    let loops = kernel.loops.map { " \($0) times" }.joined()
    return "[\(list(kernel.shape))]" + folded + loops + (kernel.runsOnce ? " once" : "")
  }

  /// The laws that made the plan cheaper, where, and by how much.
  var explanation: String {
    guard !summary.choices.isEmpty else { return "laws used: none\n" }
    return "laws used:\n"
      + summary.choices.map { choice in
        let laws = choice.laws.map(\.rawValue).joined(separator: ", ")
        let orders = choice.orders.map { "    \($0)\n" }.joined()
        return "  \(laws): \(Self.words(choice.boxes))\n" + orders
          + "    \(Self.words(choice.before)) before, \(Self.words(choice.after)) after\n"
      }.joined()
  }

  private static func words(_ work: KernelWork) -> String {
    "\(Quantity(work.flops)) flops and \(Quantity(work.bytesMoved).text)B"
  }

  private var buffers: String {
    var table = TextTable([
      ("buffer", .left), ("size", .right), ("place", .right), ("kernels", .left), ("", .left),
    ])
    for (label, buffer) in zip(labels, summary.buffers) where buffer.source != .constant {
      let lifetime = buffer.lifetime.map(Self.words) ?? "none"
      table.add([
        label, Quantity(buffer.size).text + "B", Self.place(buffer), lifetime,
        Self.words(buffer),
      ])
    }
    return table.text
  }

  private static func words(_ kernels: ClosedRange<Int>) -> String {
    let (first, last) = (kernels.lowerBound + 1, kernels.upperBound + 1)
    return first == last ? "\(first)" : "\(first) to \(last)"
  }

  private static func place(_ buffer: PlanSummary.Buffer) -> String {
    buffer.place.map { "\(buffer.isIndex ? "indices " : "")\($0)" } ?? ""
  }

  private static func words(_ buffer: PlanSummary.Buffer) -> String {
    switch buffer.source {
    case .input: "input"
    case .parameter: "parameter"
    case .constant, .kernels: buffer.place == nil ? "result" : ""
    }
  }

  private var results: String {
    "results: " + summary.results.map { labels[$0] }.joined(separator: ", ") + "\n"
  }
}

// MARK: - JSON

extension PlanReport {
  /// The same as data; kernels and buffers are counted from zero.
  var json: JSONValue {
    .object([
      "diagram": .string(name),
      "sizes": .array(
        sortedSizes.map { .object(["name": .string($0.name), "size": .integer($0.value)]) }),
      "kernels": .array(summary.kernels.map(json)),
      "buffers": .array(summary.buffers.map(json)),
      "results": .array(summary.results.map(JSONValue.integer)),
      "choices": .array(summary.choices.map(json)),
      "total": json(summary.work),
      "once": json(summary.workOnce),
      "memory": .integer(summary.memorySize),
    ])
  }

  private func json(_ kernel: PlanSummary.Kernel) -> JSONValue {
    .object([
      "kind": .string(kernel.kind.rawValue),
      "functions": .array(kernel.functions.map(JSONValue.string)),
      "shape": .array(kernel.shape.map(JSONValue.integer)),
      "over": .array(kernel.folded.map(JSONValue.integer)),
      "loops": .array(kernel.loops.map(JSONValue.integer)),
      "reads": .array(kernel.reads.map(JSONValue.integer)),
      "writes": .array(kernel.writes.map(JSONValue.integer)),
      "boxes": .array(kernel.boxes.map(JSONValue.string)),
      "once": .bool(kernel.runsOnce),
      "work": json(kernel.work),
    ])
  }

  private func json(_ choice: PlanChoice) -> JSONValue {
    .object([
      "laws": .array(choice.laws.map { .string($0.rawValue) }),
      "boxes": .array(choice.boxes.map(JSONValue.string)),
      "orders": .array(choice.orders.map(JSONValue.string)),
      "before": json(choice.before), "after": json(choice.after),
    ])
  }

  private func json(_ work: KernelWork) -> JSONValue {
    .object([
      "flops": .integer(work.flops), "bytesRead": .integer(work.bytesRead),
      "bytesWritten": .integer(work.bytesWritten),
    ])
  }

  private func json(_ buffer: PlanSummary.Buffer) -> JSONValue {
    let (kind, name): (String, String) =
      switch buffer.source {
      case .input(let name): ("input", name)
      case .parameter(let key): ("parameter", key)
      case .constant: ("constant", "")
      case .kernels: ("kernels", "")
      }
    let lifetime = buffer.lifetime.map { [$0.lowerBound, $0.upperBound] } ?? []
    return .object([
      "source": .string(kind), "name": .string(name), "bytes": .integer(buffer.size),
      "place": buffer.place.map(JSONValue.integer) ?? .null, "indices": .bool(buffer.isIndex),
      "lifetime": .array(lifetime.map(JSONValue.integer)),
    ])
  }
}
