import DiagramIR
import TensorKernels

/// How large the arrays of a diagram are at given sizes: computed before anything is allocated.
///
/// Guaranteed: no wire has more elements than the limit, nor have all wires of one level together; no box is
/// run in more lanes than their limit, those of all levels around it multiplied.
struct ArrayLayout {
  /// The shape of each entry of the diagram's table of types.
  let shapes: [Shape]
  /// The size of the axis of each SIMD or scan box, by operation.
  let axes: [OperationID: Int]

  /// - Throws: `openSizes`, `sizeOverflow`, `tooManyElements`, `tooManyElementsTogether`, `tooManyLanes`.
  init(
    of function: TensorDiagram, sizes: [SizeVariable: Int], elementLimit: Int, laneLimit: Int
  ) throws(InterpretationError) {
    let diagram = function.diagram
    shapes = try Self.shapes(of: function, sizes, elementLimit)
    axes = try Self.axes(of: function, sizes)
    for region in (0..<diagram.regionCount).map({ RegionID($0) }) {
      var total = 0
      for wire in diagram.wires(in: region) {
        let count = shapes[diagram.typeID(of: wire).index].elementCount
        total = total.addingReportingOverflow(count).partialValue
        guard total <= elementLimit else {
          let owner = diagram.owner(of: region).map { "in \(function.describe($0))" }
          throw .tooManyElementsTogether(
            what: "the wires \(owner ?? "of the diagram")", limit: elementLimit)
        }
      }
    }
    try checkLanes(of: function, laneLimit) { _ in true }
    // Steps of scans run one after the other, however cheap lanes are.
    try checkLanes(of: function, Shape.largestElementCount) {
      if case .scan = $0 { true } else { false }
    }
  }

  private static func shapes(
    of function: TensorDiagram, _ sizes: [SizeVariable: Int], _ limit: Int
  ) throws(InterpretationError) -> [Shape] {
    let diagram = function.diagram
    var shapes: [Shape?] = Array(repeating: nil, count: diagram.types.count)
    for wire in (0..<diagram.wireCount).map({ WireID($0) }) {
      let type = diagram.typeID(of: wire).index
      guard shapes[type] == nil else { continue }
      let open = diagram.types[type].shapeVariables
      guard open.isEmpty else { throw .openShapes(open.map(\.name)) }
      shapes[type] = try sizes.shape(
        diagram.types[type].sizes, what: function.describe(wire), limit: limit)
      if let size = diagram.types[type].indexedSize {
        _ = try sizes.value(size, what: function.describe(wire))
      }
    }
    return shapes.map { $0 ?? .scalar }
  }

  private static func axes(
    of function: TensorDiagram, _ sizes: [SizeVariable: Int]
  ) throws(InterpretationError) -> [OperationID: Int] {
    var axes: [OperationID: Int] = [:]
    for (position, operation) in function.diagram.operations.enumerated() {
      guard let axis = operation.axis else { continue }
      axes[OperationID(position)] = try sizes.value(axis, what: operation.words)
    }
    return axes
  }

  private func checkLanes(
    of function: TensorDiagram, _ limit: Int, counting isCounted: (Operation) -> Bool
  ) throws(InterpretationError) {
    let diagram = function.diagram
    let regionOfBox = diagram.regionsOfBoxes()
    var lanes = Array(repeating: 1, count: diagram.regionCount)
    for region in (0..<diagram.regionCount).reversed() {
      guard let owner = diagram.owner(of: RegionID(region)) else { continue }
      let operation = diagram.operationID(of: owner)
      let count = isCounted(diagram.operations[operation.index]) ? axes[operation] ?? 0 : 1
      let outer = lanes[regionOfBox[owner.index].index]
      let (product, overflow) = outer.multipliedReportingOverflow(by: count)
      guard !overflow, product <= limit else {
        throw .tooManyLanes(what: function.describe(owner), count: count, limit: limit)
      }
      lanes[region] = product
    }
  }
}

extension TensorDiagram {
  /// Checks that at these sizes no array is too large, parameters among them, before anything is allocated.
  ///
  /// - Parameters:
  ///   - elementLimit: for each array, for all wires of one level together, and for all parameters together.
  ///   - laneLimit: for the lanes in which a box runs.
  /// - Throws: `tooManyElements`, naming the wire or parameter, its shape and the limit;
  ///   `tooManyElementsTogether`, `tooManyLanes`, `openSizes`, `sizeOverflow`.
  /// - Complexity: linear in the diagram.
  public func checkLimits(
    sizes: [SizeVariable: Int], hiddenUnits: Int = 64,
    elementLimit: Int = Shape.largestElementCount, laneLimit: Int = Shape.largestElementCount
  ) throws(InterpretationError) {
    _ = try layout(
      sizes: sizes, hiddenUnits: hiddenUnits, elementLimit: elementLimit, laneLimit: laneLimit)
  }

  /// How large arrays are, checked as `checkLimits` does.
  func layout(
    sizes: [SizeVariable: Int], hiddenUnits: Int, elementLimit: Int, laneLimit: Int
  ) throws(InterpretationError) -> ArrayLayout {
    let layout = try ArrayLayout(
      of: self, sizes: sizes, elementLimit: elementLimit, laneLimit: laneLimit)
    var (total, counts): (Int, [Int: Int]) = (0, [:])
    for (declaration, form) in try parametersByForm(hiddenUnits: hiddenUnits) {
      let count: Int
      if let known = counts[form] {
        count = known
      } else {
        count = try sizes.shape(
          declaration.shape, what: "parameter '\(declaration.key)'", limit: elementLimit
        ).elementCount
        counts[form] = count
      }
      total = total.addingReportingOverflow(count).partialValue
      guard total <= elementLimit else {
        throw .tooManyElementsTogether(what: "the parameters", limit: elementLimit)
      }
    }
    return layout
  }
}
