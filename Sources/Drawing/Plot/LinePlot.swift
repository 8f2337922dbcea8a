/// Numbers against sizes, both on logarithmic axes, as lines in panels.
///
/// A power law is a straight line, and its exponent the slope; a thin line from the first point of each panel has the
/// slope of linear growth. Series differ by marks and dashes as well as by colours.
public struct LinePlot: Sendable {
  /// A line.
  public struct Series: Sendable {
    /// Its name.
    public var name: String
    /// Its points. Those that aren't positive and finite are left out.
    public var points: [(x: Double, y: Double)]

    /// A line.
    public init(name: String, points: [(x: Double, y: Double)]) {
      (self.name, self.points) = (name, points)
    }

    fileprivate var shown: [(x: Double, y: Double)] {
      points.filter { $0.x > 0 && $0.y > 0 && $0.x.isFinite && $0.y.isFinite }
    }
  }

  /// Lines that share axes.
  public struct Panel: Sendable {
    /// What stands above it.
    public var title: String
    /// Its lines.
    public var series: [Series]

    /// A panel.
    public init(title: String, series: [Series]) { (self.title, self.series) = (title, series) }
  }

  /// What the picture is called.
  public var title: String
  /// What the axes measure.
  public var (xTitle, yTitle): (String, String)
  /// The panels, in rows of three.
  public var panels: [Panel]

  /// A plot.
  public init(title: String, xTitle: String, yTitle: String, panels: [Panel]) {
    (self.title, self.xTitle, self.yTitle, self.panels) = (title, xTitle, yTitle, panels)
  }

  /// The plot as an SVG document. Equal plots give equal bytes.
  public func svg() -> String { scene().svg(title: title) }

  private static let (panelWidth, areaHeight, columns, legendLine) = (330.0, 190.0, 3, 17.0)

  package func scene() -> PlotScene {
    let rows = stride(from: 0, to: panels.count, by: Self.columns).map {
      Array(panels[$0..<min($0 + Self.columns, panels.count)])
    }
    let heights = rows.map { row in row.map { height($0) }.max() ?? 0 }
    let columns = max(min(Self.columns, panels.count), 1)
    var scene = PlotScene(
      width: Double(columns) * Self.panelWidth + 20, height: heights.reduce(46, +) + 10)
    scene.add(
      .init(x: 16, y: 26, size: 15, isBold: true, text: shortened(title, 15, scene.width - 32)))
    var y = 46.0
    for (row, height) in zip(rows, heights) {
      for (place, panel) in row.enumerated() {
        draw(panel, (10 + Double(place) * Self.panelWidth, y), &scene)
      }
      y += height
    }
    return scene
  }

  private func height(_ panel: Panel) -> Double {
    40 + Self.areaHeight + 40 + Double(panel.series.count) * Self.legendLine + 14
  }

  private func draw(_ panel: Panel, _ corner: (x: Double, y: Double), _ scene: inout PlotScene) {
    let points = panel.series.flatMap(\.shown)
    let (xAxis, yAxis) = (
      PlotAxis(logarithmic: points.map(\.x)), PlotAxis(logarithmic: points.map(\.y))
    )
    let ticks = yAxis.ticks(length: Self.areaHeight) { _ in 13 }
    let widest = ticks.map { PlotScene.width(of: PlotAxis.text($0), size: 11) }.max() ?? 0
    let left = corner.x + 16 + widest
    let area = PlotArea(
      left: left, top: corner.y + 40, width: corner.x + Self.panelWidth - 22 - left,
      height: Self.areaHeight, xAxis: xAxis, yAxis: yAxis)
    let room = Self.panelWidth - 20
    scene.add(
      .init(
        x: corner.x + 6, y: corner.y + 13, size: 13, isBold: true,
        text: shortened(panel.title, 13, room)))
    scene.add(.init(x: corner.x + 6, y: corner.y + 30, text: shortened(yTitle, 11, room)))
    area.drawAxes(ticks, xTitle, &scene)
    if let first = panel.series.first?.shown.min(by: { $0.x < $1.x }) {
      area.drawLinearGrowth(from: first, &scene)
    }
    for (number, series) in panel.series.enumerated() {
      let places = series.shown.sorted { $0.x < $1.x }.map(area.place)
      if places.count > 1 { scene.polyline(places, PlotStyle.stroke(number)) }
      for (x, y) in places { scene.mark(x, y, of: number) }
    }
    legend(panel, (corner.x + 14, area.bottom + 50), &scene)
  }

  private func legend(_ panel: Panel, _ corner: (x: Double, y: Double), _ scene: inout PlotScene) {
    for (number, series) in panel.series.enumerated() {
      let y = corner.y + Double(number) * Self.legendLine
      scene.line((corner.x, y), (corner.x + 26, y), PlotStyle.stroke(number))
      scene.mark(corner.x + 13, y, of: number)
      scene.add(
        .init(x: corner.x + 34, y: y + 4, text: shortened(series.name, 11, Self.panelWidth - 64)))
    }
  }
}
