import MicroKernels

// MARK: - Right panels that are packed once

extension MatrixProduct {
  /// How many floats all panels of b take.
  func panelCount(_ kernels: KernelTable) -> Int { depth.count * paddedColumns(kernels) }

  /// The columns, with those that fill the last panel.
  private func paddedColumns(_ kernels: KernelTable) -> Int {
    let width = kernels.tileColumns
    return (columns.count + width - 1) / width * width
  }

  /// Where the panel that starts with a column is, in a block of the depth; panels of one block follow one another.
  func panelStart(_ column: Int, _ depth: Range<Int>, _ kernels: KernelTable) -> Int {
    depth.lowerBound * paddedColumns(kernels) + column * depth.count
  }

  /// Packs all of b.
  ///
  /// - Parameter panels: `panelCount` floats.
  func pack(
    _ b: UnsafePointer<Float>, to panels: UnsafeMutablePointer<Float>, _ kernels: KernelTable
  ) {
    let size = min(Self.blockColumns, columns.count)
    withUnsafeTemporaryAllocation(of: Int.self, capacity: max(1, size)) { offsets in
      guard let start = offsets.baseAddress else { return }
      forBlocks(0..<columns.count) { columns, depth in
        packColumns(
          columns, depth, of: b, offsets: start,
          to: panels + panelStart(columns.lowerBound, depth, kernels), kernels)
      }
    }
  }

  /// Packs a block of b.
  ///
  /// - Parameter offsets: memory for where each column is.
  func packColumns(
    _ columns: Range<Int>, _ depth: Range<Int>, of b: UnsafePointer<Float>,
    offsets: UnsafeMutablePointer<Int>, to panels: UnsafeMutablePointer<Float>,
    _ kernels: KernelTable
  ) {
    self.columns.copyOffsets(0, columns, to: offsets)
    self.depth.forRuns(in: depth) { place, count in
      let start = place - depth.lowerBound
      kernels.packColumns(
        PanelPacking(
          source: b + self.depth.offset(1, at: place), offsets: offsets, lanes: columns.count,
          depth: count, step: self.depth.innermostStride(1),
          target: panels + start * kernels.tileColumns,
          panelStep: depth.count * kernels.tileColumns))
    }
  }
}

// MARK: - Right panels that workers pack together

extension MatrixProduct {
  /// The columns that one worker packs: whole panels of every level.
  private static let sharedColumns = 4 * tileColumns

  /// Whether workers should pack the right panels together: where each has many rows, and would pack all of b.
  func isShared(by workers: Workers) -> Bool {
    path == .packed && !isCutByColumns && workers.count > 1
      && rows.count >= workers.count * 4 * Self.partRows
      && rows.count * columns.count * depth.count / 8 >= workers.leastWork
  }

  /// Computes all of the result, block by block: first all pack, then all multiply.
  ///
  /// - Parameter scratch: `scratchCount` floats for each worker.
  func runTogether(
    _ factors: Factors, scratch: UnsafeMutablePointer<Float>, workers: Workers
  ) {
    let (kernels, size) = (workers.level.kernels, scratchCount)
    func run(_ worker: Int) -> PackedRun { packedRun(factors, kernels, scratch + worker * size) }
    let shared = run(0).memory.right
    forBlocks(0..<columns.count) { columns, depth in
      let groups = (columns.count + Self.sharedColumns - 1) / Self.sharedColumns
      workers.run(items: groups, work: 4 * columns.count * depth.count) { worker, items in
        let start = items.lowerBound * Self.sharedColumns
        let end = min(columns.count, items.upperBound * Self.sharedColumns)
        packColumns(
          (columns.lowerBound + start)..<(columns.lowerBound + end), depth, of: factors.b,
          offsets: run(worker).memory.columns.b, to: shared + start * depth.count, kernels)
      }
      let parts = (rows.count + Self.partRows - 1) / Self.partRows
      let work = rows.count * columns.count * max(1, depth.count)
      workers.run(items: parts, work: work, leastItems: leastParts) { worker, items in
        let end = min(rows.count, items.upperBound * Self.partRows)
        run(worker).run((items.lowerBound * Self.partRows)..<end, columns, depth, shared)
      }
    }
  }
}
