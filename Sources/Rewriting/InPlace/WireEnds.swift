import DiagramIR

/// For every wire of a diagram the box that produces it and, in `symmetric`, the box that consumes it; -1 for places
/// in interfaces.
struct WireEnds: ~Copyable {
  private(set) var producers: RawBuffer<Int32>
  /// Empty except in `symmetric`.
  private(set) var consumers: RawBuffer<Int32>
  private var isSingle = true

  private static let none: Int32 = -2

  /// `nil` when a wire has several producers or none or, in `symmetric`, several consumers or none.
  ///
  /// - Complexity: linear.
  static func ends(of diagram: Diagram) -> WireEnds? {
    var ends = WireEnds(diagram)
    ends.addInterfaces(diagram)
    ends.addBoxes(diagram)
    guard ends.hasAll else { return nil }
    return ends
  }

  private init(_ diagram: Diagram) {
    producers = RawBuffer(repeating: Self.none, count: diagram.wireCount)
    consumers = RawBuffer(
      repeating: Self.none, count: diagram.doctrine == .symmetric ? diagram.wireCount : 0)
  }

  private mutating func addInterfaces(_ diagram: Diagram) {
    for region in 0..<diagram.regionCount {
      for wire in diagram.domain(of: RegionID(region)) { produce(wire, -1) }
      guard consumers.count > 0 else { continue }
      for wire in diagram.codomain(of: RegionID(region)) { consume(wire, -1) }
    }
  }

  private mutating func addBoxes(_ diagram: Diagram) {
    let countsConsumers = consumers.count > 0
    diagram.withSourceArrays { source in
      for (box, record) in source.boxes.enumerated() {
        if countsConsumers {
          for port in source.inputs(of: record) { consume(source.ports[port], Int32(box)) }
        }
        for port in source.outputs(of: record) { produce(source.ports[port], Int32(box)) }
      }
    }
  }

  @inline(__always)
  private mutating func produce(_ wire: WireID, _ box: Int32) {
    if producers[wire.rawValue] != Self.none { isSingle = false }
    producers[wire.rawValue] = box
  }

  @inline(__always)
  private mutating func consume(_ wire: WireID, _ box: Int32) {
    if consumers[wire.rawValue] != Self.none { isSingle = false }
    consumers[wire.rawValue] = box
  }

  private var hasAll: Bool {
    isSingle && !producers.elements.contains(Self.none)
      && !consumers.elements.contains(Self.none)
  }
}
