import DiagramIR
import Drawing

/// Pictures of random diagrams: how long their layouts take, and SVG of them. The counts are of boxes that were placed, and
/// of bytes.
public enum DrawingWorkloads {
  /// All of them.
  public static var all: [Workload] {
    [
      layout("drawing-symmetric") { PortGraph.random($0).diagram() },
      layout("drawing-copies") { RandomPicture.diagram(boxes: $0, hasLanes: false) },
      layout("drawing-lanes") { RandomPicture.diagram(boxes: $0, hasLanes: true) },
      Workload("drawing-svg", sizes) { size in
        let layout = try? DiagramLayout(RandomPicture.diagram(boxes: size, hasLanes: true))
        return { layout.map { SVGDrawing().draw($0, title: "random").utf8.count } ?? 0 }
      },
    ]
  }

  private static let sizes = [100, 1000, 10_000]

  private static func layout(
    _ name: String, _ diagram: @escaping @Sendable (Int) -> Diagram
  ) -> Workload {
    Workload(name, sizes) { size in
      let diagram = diagram(size)
      return {
        let layout = try? DiagramLayout(diagram)
        return layout.map { $0.boxes.reduce(0) { $0 + $1.sources.count } } ?? 0
      }
    }
  }
}

/// Random cartesian diagrams: each box takes one to three wires, half of the time of the last four, else of the last
/// thousand; most wires go on in several places.
struct RandomPicture {
  private var random: RandomSource
  private var builder = DiagramBuilder(doctrine: .cartesian)
  private var budget: Int
  private let hasLanes: Bool

  /// A diagram of that many boxes, bodies counted.
  static func diagram(boxes: Int, hasLanes: Bool, seed: UInt64 = 1) -> Diagram {
    var picture = RandomPicture(
      random: RandomSource(seed: seed &* 1_000_003 &+ UInt64(boxes)), budget: boxes,
      hasLanes: hasLanes)
    var wires = (0..<8).map { _ in picture.builder.addDomainWire(.scalar) }
    while picture.budget > 0 { picture.step(&wires) }
    return picture.builder.finish(codomain: Array(wires.suffix(8)))
  }

  private init(random: RandomSource, budget: Int, hasLanes: Bool) {
    (self.random, self.budget, self.hasLanes) = (random, budget, hasLanes)
  }

  private mutating func pick(_ wires: [WireID]) -> WireID {
    let reach = min(wires.count, random.below(2) == 0 ? 4 : 1000)
    return wires[wires.count - 1 - random.below(reach)]
  }

  private mutating func step(_ wires: inout [WireID]) {
    budget -= 1
    var inputs: [WireID] = []
    for _ in 0...random.below(3) { inputs.append(pick(wires)) }
    if hasLanes, builder.nesting < 3, budget > 10, random.below(12) == 0 {
      return addLanes(inputs, &wires)
    }
    let names = ["f", "add", "softmax", "normalize"]
    let symbol = Symbol(module: "random", name: names[random.below(names.count)])
    let outputs = Array(repeating: WireType.scalar, count: 1 + random.below(2))
    wires += builder.addBox(.box(symbol), inputs: inputs, outputs: outputs)
  }

  /// Lanes with some boxes, whose inputs are shared.
  private mutating func addLanes(_ inputs: [WireID], _ wires: inout [WireID]) {
    let types = inputs.map { builder.type(of: $0) }
    builder.openBody()
    var inner = types.map { builder.addDomainWire($0) }
    for _ in 0..<(2 + random.below(6)) { step(&inner) }
    let axis = Size("n")
    let results = inner.suffix(3).filter { builder.type(of: $0) == .scalar }
    wires += builder.closeBody(
      .simd(axis: axis, mapped: 0), inputs: inputs, codomain: Array(results),
      outputs: results.map { _ in .real(axis) })
  }
}
