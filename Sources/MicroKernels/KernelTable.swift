/// The kernels compiled for one instruction set.
public struct KernelTable: Sendable {
  /// The rows of a left panel of a matrix product.
  public let tileRows: Int
  /// The columns of a right panel.
  public let tileColumns: Int
  /// Packs the rows of a left factor.
  public let packRows: @Sendable (PanelPacking) -> Void
  /// Packs the columns of a right factor.
  public let packColumns: @Sendable (PanelPacking) -> Void
  /// Multiplies packed panels.
  public let multiply: @Sendable (PanelProduct) -> Void

  /// The kernels for an instruction set.
  ///
  /// To be called in the module that is compiled for it.
  @inlinable @inline(__always)
  public init<Set: InstructionSet>(_ set: Set.Type) {
    tileRows = Set.Tile.count
    tileColumns = Set.tileColumns
    packRows = { Set.packRows($0) }
    packColumns = { Set.packColumns($0) }
    multiply = { Set.multiply($0) }
  }
}
