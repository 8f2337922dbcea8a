import Drawing
import Foundation
import Testing

@testable import Benchmarks

@Suite("Pictures of times")
struct TimingPlotTests {
  private final class Folder {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("anatomy-\(UUID().uuidString)").path
    init() throws {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    deinit { try? FileManager.default.removeItem(atPath: path) }
    func text(_ name: String) -> String? {
      FileManager.default.contents(atPath: "\(path)/\(name)").map {
        String(decoding: $0, as: UTF8.self)
      }
    }
    func write(_ name: String, _ text: String) throws -> String {
      try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
      return "\(path)/\(name)"
    }
  }

  @Test("tables are read by the names of their columns")
  func tables() throws {
    let table = try TimingTable(
      csv: "mechanism, variant ,median_ms,min_ms\r\nD,eager, 12.5 ,12\n\nL,eager,3,2\n")
    #expect(table.rows.map(\.name) == ["D", "L"])
    #expect(table.rows.map(\.milliseconds) == [12.5, 3])
    #expect(table.rows.allSatisfy { $0.variant == "eager" && $0.size == nil })
    let sized = try TimingTable(csv: "workload,n,count,median_ms,min_ms\nW1,100,5,0.25,0.2")
    #expect(sized.rows.first?.size == 100)
  }

  @Test(
    "what is wrong with a table is said with its line",
    arguments: [
      ("", "the first line names no column 'mechanism'"),
      ("a,median_ms\nx,1", "the first line names no column 'mechanism'"),
      ("mechanism,ms\nx,1", "the first line names no column 'median_ms'"),
      ("mechanism,median_ms\n", "there is no line after the names of the columns"),
      ("mechanism,median_ms\nx,1\ny", "line 3: there are 1 fields, and 2 columns"),
      (
        "mechanism,median_ms\n\nx,fast",
        "line 3: 'fast' is no positive number for the column 'median_ms'"
      ),
      (
        "mechanism,median_ms\nx,inf",
        "line 2: 'inf' is no positive number for the column 'median_ms'"
      ),
      (
        "mechanism,median_ms\nx,-1", "line 2: '-1' is no positive number for the column 'median_ms'"
      ),
      (
        "workload,n,median_ms\nx,1,5\nx,2,1e-323",
        "line 3: '1e-323' is no time in milliseconds from 1e-9 to 1e12"
      ),
      (
        "workload,n,median_ms\nx,1,1e13",
        "line 2: '1e13' is no time in milliseconds from 1e-9 to 1e12"
      ),
      (
        "mechanism,median_ms\nx,1e300",
        "line 2: '1e300' is no time in milliseconds from 1e-9 to 1e12"
      ),
      (
        "mechanism,median_ms\nx,1e400",
        "line 2: '1e400' is no positive number for the column 'median_ms'"
      ),
      (
        "mechanism,median_ms\nx,nan",
        "line 2: 'nan' is no positive number for the column 'median_ms'"
      ),
      (
        "workload,n,median_ms\nx,99999999999999999999,1",
        "line 2: '99999999999999999999' is no positive number for the column 'n'"
      ),
      ("workload,n,median_ms\nx,0,1", "line 2: '0' is no positive number for the column 'n'"),
    ])
  func faults(text: String, expected: String) {
    do {
      _ = try TimingTable(csv: text)
      Issue.record("'\(text)' was read")
    } catch { #expect(error.description == expected) }
  }

  @Test("workloads at several sizes become lines in panels, others bars, with the peers beside")
  func forms() throws {
    let own = TimingTable([
      Measurement(workload: "W1-a", size: 10, count: 1, median: 0.001, minimum: 0.001),
      Measurement(workload: "W1-a", size: 100, count: 1, median: 0.01, minimum: 0.01),
      Measurement(workload: "W1-b", size: 10, count: 1, median: 0.002, minimum: 0.001),
      Measurement(workload: "W2", size: 10, count: 1, median: 0.003, minimum: 0.001),
    ])
    let peer = try TimingTable(
      csv: "workload,n,peer,median_ms\nW1-a,10,fast,0.5\nW2,10,fast,0.7\nW9,1,fast,1")
    let plot = TimingPlot(own, peers: [("other", peer)])
    #expect(plot.lines.panels.map(\.title) == ["W1", "W2"])
    #expect(
      plot.lines.panels.map { $0.series.map(\.name) } == [
        ["W1-a", "W1-a, other fast", "W1-b"], ["W2", "W2, other fast"],
      ])
    #expect(plot.lines.panels[0].series.map(\.points.count) == [2, 1, 1])
    #expect(plot.svg() == plot.lines.svg() && plot.svg() != plot.bars.svg())
    let single = try TimingTable(csv: "mechanism,median_ms\nD,1\nL,2")
    let peers = try TimingTable(
      csv: "mechanism,variant,median_ms\nL,eager,4\nD,eager,3\nD,compile,5")
    let bars = TimingPlot(single, peers: [("torch", peers)])
    #expect(bars.svg() == bars.bars.svg())
    #expect(bars.bars.series == ["this engine", "torch eager", "torch compile"])
    #expect(bars.bars.groups.map(\.values) == [[1, 3, 5], [2, 4, nil]])
  }

  @Test("times and sizes at the ends of what is read become a picture")
  func ends() throws {
    let rows = "a,1,1e-9\na,9223372036854775807,1e12\nb,5,1e-9\n"
    let table = try TimingTable(csv: "workload,n,median_ms\n" + rows)
    for plot in [TimingPlot(table, peers: []), TimingPlot(table, peers: [("other", table)])] {
      for svg in [plot.lines.svg(), plot.bars.svg()] {
        #expect(svg.hasSuffix("</svg>\n") && !svg.contains("nan") && !svg.contains("inf"))
      }
    }
  }

  @Test("--svg draws what was measured, and nothing is written when something is wrong")
  func command() throws {
    let folder = try Folder()
    var (lines, faults): ([String], [String]) = ([], [])
    func run(_ arguments: String...) -> Int32 {
      BenchmarkTool.run(arguments, output: { lines.append($0) }, error: { faults.append($0) })
    }
    let peers = try folder.write("other.csv", "workload,n,median_ms\nW2-recorded-a,7,1\n")
    let out = "\(folder.path)/out.svg"
    #expect(run("W2-recorded-a", "--csv", "--size", "7", "--svg", out, "--peers", peers) == 0)
    #expect(lines.count == 2)
    #expect(folder.text("out.svg")?.contains(">W2-recorded-a</text>") == true)
    #expect(folder.text("out.svg")?.contains(">other</text>") == true)
    for (text, fault) in [
      ("1e-323", "line 2: '1e-323' is no time in milliseconds from 1e-9 to 1e12"),
      ("1e300", "line 2: '1e300' is no time in milliseconds from 1e-9 to 1e12"),
    ] {
      let odd = try folder.write("odd.csv", "workload,n,median_ms\nW2-recorded-a,7,\(text)\n")
      let path = "\(folder.path)/odd.svg"
      #expect(run("W2-recorded-a", "--size", "7", "--svg", path, "--peers", odd) == 1)
      #expect(faults.last == "\(odd): \(fault)" && folder.text("odd.svg") == nil)
    }
    let bad = try folder.write("bad.csv", "workload,n\n")
    let count = lines.count
    #expect(
      run("W2-recorded-a", "--size", "7", "--svg", "\(folder.path)/new.svg", "--peers", bad) == 1)
    #expect(faults.last == "\(bad): the first line names no column 'median_ms'")
    #expect(
      run("W2-recorded-a", "--svg", "\(folder.path)/new.svg", "--peers", "\(folder.path)/none.csv")
        == 1)
    #expect(run("W2-recorded-a", "--svg", folder.path) == 1)
    #expect(run("W2-recorded-a", "--svg", "\(folder.path)/out.png") == 64)
    #expect(faults.last == "--svg writes .svg, and not '\(folder.path)/out.png'")
    #expect(run("W2-recorded-a", "--svg") == 64)
    #expect(run("W2-recorded-a", "--peers", peers) == 64)
    #expect(run("W2-recorded-a", "--svg", out, "--svg", out) == 64)
    #expect(lines.count == count && folder.text("new.svg") == nil)
    #expect(run("W2-recorded-a", "--size", "7", "--svg", "\(folder.path)/no/such.svg") == 1)
  }
}
