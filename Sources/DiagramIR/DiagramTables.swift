/// A diagram's arrays as raw memory, for loops that can't afford to count references.
struct DiagramTables {
  let boxes: UnsafeBufferPointer<Diagram.BoxRecord>
  let ports: UnsafeBufferPointer<WireID>
  let wireTypes: UnsafeBufferPointer<TypeID>
  let interfaces: UnsafeBufferPointer<WireID>
  let regions: UnsafeBufferPointer<Diagram.RegionRecord>
}

extension Diagram {
  /// Calls a function with the diagram's tables, which it must not keep.
  func withTables<Result>(_ body: (DiagramTables) -> Result) -> Result {
    boxRecords.withUnsafeBufferPointer { boxes in
      ports.withUnsafeBufferPointer { ports in
        wireTypes.withUnsafeBufferPointer { wireTypes in
          interfaces.withUnsafeBufferPointer { interfaces in
            regionRecords.withUnsafeBufferPointer { regions in
              body(
                DiagramTables(
                  boxes: boxes, ports: ports, wireTypes: wireTypes, interfaces: interfaces,
                  regions: regions))
            }
          }
        }
      }
    }
  }
}
