/// The command `anatomy-bench`.
public enum BenchmarkTool {
  /// How to use it.
  public static let usage = """
    usage: anatomy-bench [FILTER] [--csv] [--seconds N] [--size N] [--threads N]
                         [--svg OUT [--peers FILE]…]
           anatomy-bench attention|library [OPTION…]     (--help says more)

    Measures the workloads whose names begin with FILTER, all when there is none, and prints one
    line a measurement: workload, n, count, median_ms, min_ms.

      --csv        fields with commas, under a line of names
      --seconds N  skip sizes for which one run is expected to take longer (default 20)
      --size N     measure this size only
      --threads N  evaluate on so many threads (default 2)
      --svg OUT    draw the times, too: against sizes, or as bars where each has one size only
      --peers FILE with --svg: draw the times of this CSV file beside them (mechanism or workload,
                   median_ms, and n, variant or peer where there are several); may be repeated
    """

  /// Runs the command.
  ///
  /// - Parameters:
  ///   - arguments: those after the name.
  ///   - output: called with each line of data.
  ///   - error: called with each line for people.
  /// - Returns: the exit code: 0; 1 when a file can't be read or written; or 64 when the arguments are wrong.
  public static func run(
    _ arguments: [String], output: (String) -> Void, error report: (String) -> Void
  ) -> Int32 {
    let mechanisms = arguments.first.flatMap(MechanismBenchmark.init)
    let usage = mechanisms?.usage ?? usage
    if arguments.contains("--help") {
      output(usage)
      return 0
    }
    do throws(PlotRequest.Fault) {
      let (request, rest) = try PlotRequest.taken(from: arguments)
      if let mechanisms {
        return try time(mechanisms, rest.dropFirst(), request, output, report)
      }
      guard let options = Options(rest) else { throw .usage }
      return try measure(options, request, output, report)
    } catch {
      switch error {
      case .usage:
        report(usage)
        return 64
      case .ending(let path):
        report("--svg writes .svg, and not '\(path)'")
        return 64
      case .file(let message):
        report(message)
        return 1
      }
    }
  }

  /// Times mechanisms, and draws what was printed.
  private static func time(
    _ mechanisms: MechanismBenchmark, _ arguments: some Sequence<String>, _ request: PlotRequest?,
    _ output: (String) -> Void, _ report: (String) -> Void
  ) throws(PlotRequest.Fault) -> Int32 {
    var lines: [String] = []
    let code = mechanisms.run(
      arguments,
      output: { line in
        lines.append(line)
        output(line)
      }, error: report)
    guard code == 0, let request else { return code }
    let table: TimingTable
    do { table = try TimingTable(csv: lines.joined(separator: "\n")) } catch {
      throw .file("no picture is written, since times can't be drawn: \(error)")
    }
    try request.draw(table)
    return code
  }

  /// Measures workloads, and draws the times.
  private static func measure(
    _ options: Options, _ request: PlotRequest?, _ output: (String) -> Void,
    _ report: (String) -> Void
  ) throws(PlotRequest.Fault) -> Int32 {
    let all =
      RewritingWorkloads.all + EvaluationWorkloads.all(threads: options.threads)
      + DrawingWorkloads.all
    let workloads = all.filter { $0.name.hasPrefix(options.filter) }
    guard !workloads.isEmpty else {
      let names = all.map(\.name).joined(separator: ", ")
      report("no workload begins with '\(options.filter)'; there are \(names)")
      return 64
    }
    if options.isCSV { output(Measurement.fieldNames.joined(separator: ",")) }
    var measurements: [Measurement] = []
    for workload in workloads {
      let sizes = options.size.map { [$0] } ?? workload.sizes
      let skipped = workload.measure(sizes, secondsAllowed: options.seconds) { measurement in
        measurements.append(measurement)
        output(options.isCSV ? measurement.fields.joined(separator: ",") : columns(measurement))
      }
      guard let skipped else { continue }
      report(
        "\(workload.name): sizes from \(skipped.size) on are skipped; that one is expected to take "
          + "\(Int(min(skipped.seconds, 1e9))) s a run")
    }
    try request?.draw(TimingTable(measurements))
    return 0
  }

  /// A line for people: the fields in columns.
  static func columns(_ measurement: Measurement) -> String {
    zip(measurement.fields, [-16, 9, 9, 14, 14]).map { field, width in
      let space = String(repeating: " ", count: max(abs(width) - field.count, 1))
      return width < 0 ? field + space : space + field
    }.joined()
  }

  private struct Options {
    var filter = ""
    var isCSV = false
    var seconds = 20.0
    var size: Int?
    var threads = 2

    init?(_ arguments: [String]) {
      var (rest, hasFilter) = (arguments[...], false)
      while let argument = rest.popFirst() {
        switch argument {
        case "--csv": isCSV = true
        case "--seconds":
          guard let value = rest.popFirst().flatMap(Double.init), value > 0 else { return nil }
          seconds = value
        case "--size":
          guard let value = rest.popFirst().flatMap({ Int($0) }), value > 0 else { return nil }
          size = value
        case "--threads":
          guard let value = rest.popFirst().flatMap({ Int($0) }), value > 0 else { return nil }
          threads = value
        default:
          guard !argument.hasPrefix("-"), !hasFilter else { return nil }
          (filter, hasFilter) = (argument, true)
        }
      }
    }
  }
}
