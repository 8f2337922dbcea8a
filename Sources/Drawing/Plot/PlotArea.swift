/// The part of a plot in which points stand, with its axes.
struct PlotArea {
  let (left, top, width, height): (Double, Double, Double, Double)
  let (xAxis, yAxis): (PlotAxis, PlotAxis)

  init(
    left: Double, top: Double, width: Double, height: Double, xAxis: PlotAxis, yAxis: PlotAxis
  ) {
    (self.left, self.top, self.width, self.height) = (left, top, width, height)
    (self.xAxis, self.yAxis) = (xAxis, yAxis)
  }

  var bottom: Double { top + height }

  /// Where a point stands.
  func place(_ point: (x: Double, y: Double)) -> (Double, Double) {
    (left + xAxis.place(point.x) * width, top + (1 - yAxis.place(point.y)) * height)
  }

  /// Draws the axes, lines at the numbers of the upright one, and the numbers.
  func drawAxes(_ yTicks: [Double], _ xTitle: String, _ scene: inout PlotScene) {
    let ink = "stroke=\"#1c2230\" stroke-width=\"1\""
    for tick in yTicks {
      let y = top + (1 - yAxis.place(tick)) * height
      scene.line((left, y), (left + width, y), "stroke=\"#dddddd\" stroke-width=\"0.8\"")
      scene.add(.init(x: left - 6, y: y + 4, anchor: .end, text: PlotAxis.text(tick)))
    }
    for tick in xAxis.ticks(length: width, room: { PlotScene.width(of: $0, size: 11) }) {
      let x = left + xAxis.place(tick) * width
      scene.line((x, bottom), (x, bottom + 4), ink)
      scene.add(.init(x: x, y: bottom + 17, anchor: .middle, text: PlotAxis.text(tick)))
    }
    scene.line((left, bottom), (left + width, bottom), ink)
    let title = shortened(xTitle, 11, width)
    scene.add(.init(x: left + width, y: bottom + 33, anchor: .end, text: title))
  }

  /// Draws the line on which twice the size takes twice the time, as far as it stays inside.
  func drawLinearGrowth(from point: (x: Double, y: Double), _ scene: inout PlotScene) {
    let growth = min(xAxis.range.upperBound / point.x, yAxis.range.upperBound / point.y)
    guard growth > 1 else { return }
    let style = "stroke=\"#999999\" stroke-width=\"0.7\""
    scene.line(place(point), place((point.x * growth, point.y * growth)), style)
  }
}

/// A text, or so much of it as is no wider than this, with an ellipsis.
func shortened(_ text: String, _ size: Double, _ width: Double) -> String {
  guard PlotScene.width(of: text, size: size) > width else { return text }
  var room = width - PlotScene.width(of: "…", size: size)
  let start = text.prefix { character in
    room -= PlotScene.width(of: String(character), size: size)
    return room >= 0
  }
  return start + "…"
}
