/// Numbers side by side, as horizontal bars: a group for each thing measured, a bar in it for each series.
///
/// Where the numbers differ by more than a factor of twenty, the axis is logarithmic and begins at a decade. Each bar
/// bears its number. Series differ by hatching as well as by colours.
public struct BarPlot: Sendable {
  /// The bars of a thing.
  public struct Group: Sendable {
    /// What is measured.
    public var name: String
    /// For each series, its number; `nil` where it has none.
    public var values: [Double?]

    /// A group.
    public init(name: String, values: [Double?]) { (self.name, self.values) = (name, values) }
  }

  /// What the picture is called.
  public var title: String
  /// What the numbers are.
  public var axisTitle: String
  /// The names of the series.
  public var series: [String]
  /// The things measured.
  public var groups: [Group]

  /// A plot.
  public init(title: String, axisTitle: String, series: [String], groups: [Group]) {
    (self.title, self.axisTitle) = (title, axisTitle)
    (self.series, self.groups) = (series, groups)
  }

  /// The plot as an SVG document. Equal plots give equal bytes.
  public func svg() -> String { scene().svg(title: title) }

  private static let (barHeight, groupGap, nameWidth, length, legendLine) = (
    13.0, 9.0, 230.0, 460.0, 17.0
  )

  package func scene() -> PlotScene {
    let shown = groups.map { group in
      group.values.prefix(series.count).enumerated().compactMap { number, value in
        value.flatMap { $0 > 0 && $0.isFinite ? (series: number, value: $0) : nil }
      }
    }
    let axis = PlotAxis(bars: shown.joined().map(\.value))
    let widest = groups.map { PlotScene.width(of: $0.name, size: 11) }.max() ?? 0
    let left = min(widest, Self.nameWidth) + 22
    let top = 46 + Double(series.count) * Self.legendLine + 8
    let bars = shown.map { Double(max($0.count, 1)) * Self.barHeight + Self.groupGap }.reduce(0, +)
    var scene = PlotScene(width: left + Self.length + 84, height: top + bars + 54)
    scene.add(
      .init(x: 16, y: 26, size: 15, isBold: true, text: shortened(title, 15, scene.width - 32)))
    for (number, name) in series.enumerated() {
      let y = 46 + Double(number) * Self.legendLine
      scene.rectangle(left, y - 5, 26, 10, PlotStyle.fill(number))
      scene.add(.init(x: left + 34, y: y + 4, text: shortened(name, 11, scene.width - left - 44)))
    }
    drawAxis(axis, left, top, bars, &scene)
    var y = top
    for (group, values) in zip(groups, shown) {
      let height = Double(max(values.count, 1)) * Self.barHeight
      scene.add(
        .init(
          x: left - 8, y: y + height / 2 + 4, anchor: .end,
          text: shortened(group.name, 11, left - 14)))
      for (place, bar) in values.enumerated() {
        let length = axis.place(bar.value) * Self.length
        let barTop = y + Double(place) * Self.barHeight
        scene.rectangle(left, barTop, length, Self.barHeight - 2, PlotStyle.fill(bar.series))
        scene.add(
          .init(
            x: left + length + 5, y: barTop + Self.barHeight - 4, size: 10,
            text: PlotAxis.text(bar.value)))
      }
      y += height + Self.groupGap
    }
    return scene
  }

  private func drawAxis(
    _ axis: PlotAxis, _ left: Double, _ top: Double, _ height: Double, _ scene: inout PlotScene
  ) {
    let bottom = top + height
    for tick in axis.ticks(length: Self.length, room: { PlotScene.width(of: $0, size: 11) }) {
      let x = left + axis.place(tick) * Self.length
      scene.line((x, top - 4), (x, bottom + 4), "stroke=\"#dddddd\" stroke-width=\"0.8\"")
      scene.add(.init(x: x, y: bottom + 18, anchor: .middle, text: PlotAxis.text(tick)))
    }
    scene.line((left, top - 4), (left, bottom + 4), "stroke=\"#1c2230\" stroke-width=\"1\"")
    let kind = axis.isLogarithmic ? ", logarithmic" : ""
    scene.add(.init(x: left + Self.length, y: bottom + 36, anchor: .end, text: axisTitle + kind))
  }
}
