import Testing

@testable import Drawing

@Suite("Plots")
struct PlotTests {
  private static let hostile = [
    "</text><script>alert(1)</script>", "a & b \"c\" 'd'",
    "a very long name of a workload that has no room in its panel",
    "x", "\u{0}\u{7}", "",
  ]

  private static func lines(panels: Int, scale: Double) -> LinePlot {
    LinePlot(
      title: hostile[2], xTitle: "n", yTitle: "milliseconds, median",
      panels: (0..<panels).map { panel in
        .init(
          title: hostile[panel % hostile.count],
          series: (0...panel % 6).map { number in
            let sizes = (0...3).map {
              100 * Double(number + 1) * (0..<$0).reduce(1.0) { x, _ in x * 10 * scale }
            }
            return .init(
              name: hostile[number], points: sizes.map { ($0, $0 * Double(number + 1) * 1e-4) })
          })
      })
  }

  private static func bars(groups: Int, factor: Double) -> BarPlot {
    BarPlot(
      title: "bars", axisTitle: "milliseconds, median", series: ["ours", hostile[0], hostile[2]],
      groups: (0..<groups).map { group in
        .init(
          name: hostile[group % hostile.count],
          values: [0.5, group % 3 == 0 ? nil : factor, 0.5 * factor * Double(group + 1)])
      })
  }

  /// How many pairs of texts overlap, and how many texts leave the canvas.
  private static func faults(_ scene: PlotScene) -> Int {
    let boxes = scene.labels.map(\.box)
    var count = boxes.count {
      $0.left < 0 || $0.top < 0 || $0.right > scene.width || $0.bottom > scene.height
    }
    for (place, one) in boxes.enumerated() {
      count += boxes[..<place].count { other in
        one.left < other.right && other.left < one.right && one.top < other.bottom
          && other.top < one.bottom
      }
    }
    return count
  }

  @Test("no text overlaps another or leaves the canvas", arguments: [1, 2, 3, 4, 11])
  func geometry(count: Int) {
    for scale in [0.3, 1, 30] {
      let scene = Self.lines(panels: count, scale: scale).scene()
      #expect(Self.faults(scene) == 0, "lines, \(scale)")
      #expect(scene.labels.count >= count * 5)
    }
    for factor in [0.9, 3, 700, 1e7] {
      #expect(Self.faults(Self.bars(groups: count, factor: factor).scene()) == 0, "bars, \(factor)")
    }
    var crowded = PlotScene(width: 100, height: 30)
    crowded.add(.init(x: 10, y: 20, text: "one"))
    #expect(Self.faults(crowded) == 0)
    crowded.add(.init(x: 20, y: 20, text: "two"))
    crowded.add(.init(x: 90, y: 20, text: "three"))
    #expect(Self.faults(crowded) == 2)
  }

  @Test("plots are well-formed, whatever the names, and the same each time")
  func markup() throws {
    for svg in [Self.lines(panels: 6, scale: 1).svg(), Self.bars(groups: 6, factor: 50).svg()] {
      let markup = try StrictMarkup(svg)
      #expect(markup.named("script").isEmpty)
      #expect(markup.named("text").contains { $0.text.hasPrefix("</text><script>") })
    }
    #expect(Self.lines(panels: 6, scale: 1).svg() == Self.lines(panels: 6, scale: 1).svg())
    #expect(throws: StrictMarkup.Fault.self) {
      try StrictMarkup(PlotScene(width: 1, height: 1).svg(title: "t") + "<b>")
    }
  }

  @Test("lines have a mark for each point, bars a rectangle for each number")
  func counts() throws {
    let plot = LinePlot(
      title: "t", xTitle: "n", yTitle: "ms",
      panels: [
        .init(
          title: "p",
          series: [.init(name: "s", points: [(1, 2), (10, 30), (0, 1), (100, .nan), (5, -1)])])
      ])
    let paths = try StrictMarkup(plot.svg()).named("path")
    // Two points and the legend's; what can't stand on the axes is left out.
    #expect(paths.count { $0.attributes["stroke-width"] == "1.3" } == 3)
    let bars = BarPlot(
      title: "t", axisTitle: "ms", series: ["a", "b"],
      groups: [.init(name: "x", values: [1, 2]), .init(name: "y", values: [nil, 3, 4])])
    let rectangles = try StrictMarkup(bars.svg()).named("rect")
    #expect(rectangles.count { $0.attributes["height"] == "11" } == 3)
    #expect(rectangles.count { $0.attributes["height"] == "10" } == 2)
    #expect(
      try StrictMarkup(BarPlot(title: "t", axisTitle: "", series: [], groups: []).svg()).named(
        "text"
      ).count >= 2)
  }

  @Test("axes hold their numbers; ticks are round and keep apart")
  func axes() {
    let axis = PlotAxis(logarithmic: [3, 45_000])
    #expect(axis.ticks(length: 300) { _ in 30 } == [10, 100, 1000, 10_000])
    #expect(axis.ticks(length: 60) { _ in 30 }.count < 3)
    #expect(axis.place(3) > 0 && axis.place(45_000) < 1 && axis.place(300) > axis.place(30))
    let linear = PlotAxis(bars: [2, 9])
    #expect(!linear.isLogarithmic && linear.place(0) == 0)
    #expect(linear.ticks(length: 300) { _ in 20 } == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    let wide = PlotAxis(bars: [0.02, 90])
    #expect(wide.isLogarithmic && wide.range.lowerBound == 0.01)
    #expect(PlotAxis(logarithmic: []).place(1) >= 0)
  }

  @Test("the least and the greatest numbers there are can be drawn")
  func extremes() throws {
    let values = [Double.leastNonzeroMagnitude, 5, .greatestFiniteMagnitude]
    for first in values {
      for second in values {
        for axis in [PlotAxis(logarithmic: [first, second]), PlotAxis(bars: [first, second])] {
          #expect(axis.place(first).isFinite && axis.place(second).isFinite)
          #expect(axis.ticks(length: 300) { _ in 30 }.allSatisfy { $0.isFinite })
        }
        let series = LinePlot.Series(name: "s", points: [(first, second), (second, first)])
        let lines = LinePlot(
          title: "t", xTitle: "n", yTitle: "ms", panels: [.init(title: "p", series: [series])])
        _ = try StrictMarkup(lines.svg())
      }
    }
    #expect(PlotAxis.text(.leastNonzeroMagnitude) == "0" && PlotAxis.text(1e300).hasPrefix("10"))
  }

  @Test("a shortened text fits its room, and a wide letter takes more than a narrow one")
  func widths() {
    #expect(PlotScene.width(of: "MMMM", size: 11) > PlotScene.width(of: "iiii", size: 11) * 2)
    for text in ["MMMMMMMMMMMMMMMM", "iiiiiiiiiiiiiiiiiiiiiiiiii"] {
      let short = shortened(text, 11, 60)
      #expect(short.hasSuffix("…") && PlotScene.width(of: short, size: 11) <= 60)
    }
  }

  @Test("numbers are written as people do")
  func numbers() {
    let texts = [0.0, 0.001, 0.25, 1, 12.34, 250, 1234, 100_000, 1e6, 2.5e7, 3e-6].map(
      PlotAxis.text)
    #expect(
      texts == [
        "0", "0.001", "0.25", "1", "12.3", "250", "1,234", "100,000", "10⁶", "2.5 × 10⁷",
        "3 × 10⁻⁶",
      ])
  }
}
