extension Diagram {
  /// The contiguous arrays of a diagram, as a kernel that rewrites on arrays of its own hands them over.
  package struct Storage {
    package var types: [WireType]
    package var operations: [Operation]
    package var wireTypes: [TypeID]
    package var wireNames: [String]
    package var boxRecords: [BoxRecord]
    package var ports: [WireID]
    package var interfaces: [WireID]
    package var regionRecords: [RegionRecord]

    package init(types: [WireType], operations: [Operation]) {
      (self.types, self.operations) = (types, operations)
      (wireTypes, wireNames, boxRecords) = ([], [], [])
      (ports, interfaces, regionRecords) = ([], [], [])
    }
  }

  /// The diagram of these arrays, without a builder. Entries of the tables that nothing uses are dropped.
  ///
  /// The caller keeps what `DiagramBuilder` keeps: tables hold distinct values; the wires and the boxes of a region
  /// are consecutive; a region comes after those inside it, and the diagram itself last; `interfaces` holds the
  /// domain and then the codomain of region after region. A `frobenius` diagram has no wires left to identify, and
  /// the bodies of a `cartesian` one are in the normal form that `Diagram` describes. `verify()` checks the rest.
  ///
  /// - Complexity: linear.
  package init(doctrine: Doctrine, _ storage: consuming Storage) {
    self.init(doctrine: doctrine)
    types = storage.types
    operations = storage.operations
    wireTypes = storage.wireTypes
    wireNames = storage.wireNames
    boxRecords = storage.boxRecords
    ports = storage.ports
    interfaces = storage.interfaces
    regionRecords = storage.regionRecords
    dropUnusedTableEntries()
  }
}

extension Diagram.BoxRecord {
  /// A box that has all its ports from this one on.
  package init(
    _ operation: OperationID, firstPort: Int32, inputs: Int32, outputs: Int32, body: Int32
  ) {
    self.init(
      operation: operation, firstPort: firstPort, inputCount: inputs, outputCount: outputs,
      body: body)
  }
}

extension Diagram.RegionRecord {
  /// A region without wires and boxes that begins at these places of the arrays.
  package init(firstWire: Int32, firstBox: Int32, firstInterface: Int32) {
    self.init(
      firstWire: firstWire, wireCount: 0, firstBox: firstBox, boxCount: 0,
      firstInterface: firstInterface, domainCount: 0, codomainCount: 0, owner: -1)
  }
}
