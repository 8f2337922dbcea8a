import DiagramIR
import DiagramText
import Interchange
import Rewriting

extension CheckCommand {
  /// `anatomy check --confluence`: critical pairs, loops, and why rewriting ends.
  static func checkConfluence(
    _ arguments: Arguments, _ console: Console
  ) throws(CommandFailure) -> ExitCode {
    let paths = arguments.positionals
    let workspace = try Workspace(paths, arguments, console)
    let rules = workspace.exactRules(of: paths)
    guard !rules.isEmpty else { throw .failure("the files declare no exact rules (==)") }
    let limit = try arguments.count("--limit") ?? ConfluenceCheck.defaultLimit
    let text = ConfluenceText(
      workspace: workspace, path: paths[0], limit: limit,
      showsOverlaps: arguments.has("--overlaps"))
    var json: [JSONValue] = []
    var isFine = true
    for doctrine in Doctrine.allCases {
      let own = rules.filter { $0.left.doctrine == doctrine }
      guard !own.isEmpty else { continue }
      let report = try Self.report(own, doctrine, limit: limit, console)
      isFine = isFine && report.isFine
      if arguments.has("--json") {
        json.append(try text.json(report, doctrine, rules: own.count))
      } else {
        try text.print(report, doctrine, rules: own.count, console)
      }
    }
    if arguments.has("--json") { console.writeLine(JSONValue.array(json).compactText) }
    return isFine ? .success : .failure
  }

  private static func report(
    _ rules: [Rule], _ doctrine: Doctrine, limit: Int, _ console: Console
  ) throws(CommandFailure) -> ConfluenceReport {
    let count = rules.count
    let progress = Progress(
      "check", of: count * (count + 1) / 2, unit: "pair of rules", units: "pairs of rules",
      on: console)
    let report = ConfluenceCheck(limit: limit).check(rules, doctrine: doctrine) { done, _ in
      progress.reached(done)
    }
    try progress.finish()
    guard let report else { throw .reported }
    return report
  }
}

/// A report on confluence for people and for programs.
struct ConfluenceText {
  let workspace: Workspace
  let path: String
  let limit: Int
  let showsOverlaps: Bool

  func print(
    _ report: ConfluenceReport, _ doctrine: Doctrine, rules: Int, _ console: Console
  ) throws(CommandFailure) {
    for (rule, error) in report.unusable {
      console.note("\(rule.name): not applied from left to right: \(error)")
    }
    for pair in report.pairs {
      console.writeLine(line(pair))
      if showsOverlaps { console.write(try overlap(of: pair)) }
    }
    for loop in report.loops { console.writeLine(line(loop)) }
    for note in notes(report) { console.note(note) }
    console.writeLine(summary(report, doctrine, rules: rules))
  }

  private func line(_ pair: CriticalPair) -> String {
    let names = "\(pair.first.name) / \(pair.second.name)"
    switch pair.outcome {
    case .joins: return "\(names): joins"
    case .differs: return "\(names): does not join"
    case .loops: return "\(names): does not join; rewriting a result loops"
    case .undecided:
      return "\(names): not decided in \(limit) steps; raise --limit, or look for a loop"
    }
  }

  private func line(_ loop: RuleLoop) -> String {
    func after(_ period: Int) -> String {
      "comes back to itself after \(period) step\(period == 1 ? "" : "s")"
    }
    switch loop {
    case .containsItself(let rule):
      return "\(rule.name): loops: it applies to its own right side for ever"
    case .cycle(let rule, let period):
      return "\(rule.name): loops: rewriting its right side \(after(period))"
    case .pairCycle(let first, let second, let period):
      return "\(first.name) / \(second.name): loops: rewriting a result \(after(period))"
    }
  }

  /// What a reader of the summary has to know.
  private func notes(_ report: ConfluenceReport) -> [String] {
    var notes: [String] = []
    if !report.notConnected.isEmpty {
      notes.append(
        "overlaps are not enough for rules whose left side has an input without a path to some output: "
          + report.notConnected.map(\.name).joined(separator: ", "))
    }
    if report.isCut { notes.append("some rules have more overlaps than were looked at") }
    return notes
  }

  private func summary(_ report: ConfluenceReport, _ doctrine: Doctrine, rules: Int) -> String {
    let (count, joined) = (report.pairs.count, report.pairs.count { $0.outcome == .joins })
    let pairs =
      "\(doctrine.rawValue): \(rules) rule\(rules == 1 ? "" : "s"), "
      + "\(count) critical pair\(count == 1 ? "" : "s")"
      + (count == 0 ? "" : count == joined ? ", all join" : ", \(joined) join")
    return "\(pairs); \(termination(report)); \(verdict(report, doctrine))"
  }

  private func termination(_ report: ConfluenceReport) -> String {
    if !report.loops.isEmpty { return "rewriting may loop" }
    switch report.termination {
    case .boxes: return "rewriting ends: each rule lowers the number of boxes"
    case .weightedBoxes(let weights):
      let list = weights.map { "\($0.name) \($0.weight)" }.joined(separator: ", ")
      return "rewriting ends: each rule lowers the number of boxes weighted by \(list)"
    case .kinds(let order):
      return "rewriting ends: each rule takes away a box and puts in none of the kinds up to it in "
        + order.names.joined(separator: ", ")
    case .positions(let weights):
      let end = weights.isReversed ? "after" : "before"
      return
        "rewriting ends: each rule lowers the sum of \(text(weights)), where a wire counts 1 and "
        + "the boxes \(end) it"
    case .unknown(let rules):
      let names = rules.map(\.name).joined(separator: ", ")
      return "no loop found; nothing known that says rewriting ends (\(names))"
    }
  }

  /// What each box weighs: `mul 1 + input 1`.
  private func text(_ weights: PositionWeights) -> String {
    let port = weights.isReversed ? "output" : "input"
    return weights.weights.map { weight in
      let constant = weight.constant == 0 ? [] : ["\(weight.constant)"]
      let wires = weight.factors.enumerated().filter { $0.element > 0 }.map { place, factor in
        (factor == 1 ? "" : "\(factor) ") + "\(port) \(place + 1)"
      }
      return "\(weight.name): \((constant + wires).joined(separator: " + "))"
    }.joined(separator: ", ")
  }

  /// Why confluence is not claimed where every pair joins.
  private func reason(_ doctrine: Doctrine) -> String {
    doctrine == .cartesian
      ? " (in cartesian diagrams critical pairs are not known to be enough: copies can be unshared)"
      : ""
  }

  private func verdict(_ report: ConfluenceReport, _ doctrine: Doctrine) -> String {
    if report.isConfluent { return "confluent" }
    if report.pairs.contains(where: { $0.outcome == .differs }) { return "not confluent" }
    return report.isFine ? "no difference found\(reason(doctrine))" : "not known to be confluent"
  }

  private func overlap(of pair: CriticalPair) throws(CommandFailure) -> String {
    try diagram(pair.overlap.diagram, "overlap") + diagram(pair.results.0, "first")
      + diagram(pair.results.1, "second")
  }

  private func diagram(_ diagram: Diagram, _ name: String) throws(CommandFailure) -> String {
    let definition = Definition(
      symbol: Symbol(module: workspace.moduleName(of: path), name: name), diagram: diagram,
      resultNames: [])
    let text = try StandaloneText(workspace, path: path).text(definition)
    return text.split(separator: "\n").map { "  \($0)\n" }.joined()
  }

  // MARK: For programs

  func json(
    _ report: ConfluenceReport, _ doctrine: Doctrine, rules: Int
  ) throws(CommandFailure) -> JSONValue {
    var pairs: [JSONValue] = []
    for pair in report.pairs { pairs.append(try json(pair)) }
    var object: JSONObject = [
      "doctrine": .string(doctrine.rawValue), "rules": .integer(rules), "pairs": .array(pairs),
      "loops": .array(report.loops.map { .string(line($0)) }),
      "not_applied": .array(report.unusable.map { .string($0.rule.name) }),
      "not_connected": .array(report.notConnected.map { .string($0.name) }),
      "confluent": .bool(report.isConfluent),
    ]
    _ = object.append("terminates", .bool(report.termination.isKnown && report.loops.isEmpty))
    if case .weightedBoxes(let weights) = report.termination {
      let members = weights.map { ($0.name, JSONValue.integer($0.weight)) }
      _ = object.append("weights", .object(JSONObject(members.map { (key: $0.0, value: $0.1) })))
    }
    return .object(object)
  }

  private func json(_ pair: CriticalPair) throws(CommandFailure) -> JSONValue {
    let outcome =
      switch pair.outcome {
      case .joins: "joins"
      case .differs: "differs"
      case .loops: "loops"
      case .undecided: "undecided"
      }
    var object: JSONObject = [
      "first": .string(pair.first.name), "second": .string(pair.second.name),
      "outcome": .string(outcome),
    ]
    if showsOverlaps {
      _ = object.append("overlap", .string(try diagram(pair.overlap.diagram, "overlap")))
    }
    return .object(object)
  }
}
