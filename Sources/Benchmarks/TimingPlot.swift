import Drawing

/// Times as a picture: against sizes where something was measured at several, as bars otherwise.
public struct TimingPlot {
  /// What engines took, each with the name of its engine.
  public typealias Source = (name: String, table: TimingTable)

  private let own: TimingTable
  private let peers: [Source]

  /// Our own times, and those of others.
  public init(_ own: TimingTable, peers: [Source]) { (self.own, self.peers) = (own, peers) }

  /// The picture as an SVG document.
  public func svg() -> String {
    let sizes = Dictionary(grouping: own.rows, by: \.name).values.map { Set($0.map(\.size)).count }
    return sizes.contains { $0 > 1 } ? lines.svg() : bars.svg()
  }

  // MARK: Lines

  /// A panel for the workloads whose names agree up to a hyphen, with the peers' lines beside ours.
  package var lines: LinePlot {
    var panels: [LinePlot.Panel] = []
    for name in Self.unique(own.rows.map(\.name)) {
      let family = String(name.prefix { $0 != "-" })
      var series = [LinePlot.Series(name: name, points: Self.points(of: name, in: own.rows))]
      for peer in peers {
        let rows = peer.table.rows.filter { $0.name == name }
        for variant in Self.unique(rows.map(\.variant)) {
          let title = "\(name), \(Self.title(peer.name, variant))"
          let points = Self.points(of: name, in: rows.filter { $0.variant == variant })
          series.append(.init(name: title, points: points))
        }
      }
      if let known = panels.firstIndex(where: { $0.title == family }) {
        panels[known].series += series
      } else {
        panels.append(.init(title: family, series: series))
      }
    }
    return LinePlot(
      title: "Time against size", xTitle: "n", yTitle: "milliseconds, median", panels: panels)
  }

  private static func points(
    of name: String, in rows: [TimingTable.Row]
  ) -> [(x: Double, y: Double)] {
    rows.compactMap { row in
      guard row.name == name, let size = row.size else { return nil }
      return (Double(size), row.milliseconds)
    }
  }

  // MARK: Bars

  /// A group of bars for each thing measured, ours first.
  package var bars: BarPlot {
    var columns: [(title: String, rows: [TimingTable.Row])] = [("this engine", own.rows)]
    for peer in peers {
      for variant in Self.unique(peer.table.rows.map(\.variant)) {
        let rows = peer.table.rows.filter { $0.variant == variant }
        columns.append((Self.title(peer.name, variant), rows))
      }
    }
    let names = Self.unique(own.rows.map(\.name))
    let groups = names.map { name in
      BarPlot.Group(
        name: name,
        values: columns.map { column in
          column.rows.first { $0.name == name }?.milliseconds
        })
    }
    return BarPlot(
      title: "Times, side by side", axisTitle: "milliseconds, median",
      series: columns.map(\.title), groups: groups)
  }

  private static func title(_ peer: String, _ variant: String) -> String {
    variant.isEmpty ? peer : "\(peer) \(variant)"
  }

  private static func unique(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }
}
