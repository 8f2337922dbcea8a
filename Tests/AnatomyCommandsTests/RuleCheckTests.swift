import Foundation
import Interchange
import Testing

/// `check --confluence` and `verify --rules`.
struct RuleCheckTests {
  private func file(_ text: String) throws -> (folder: TemporaryFolder, path: String) {
    let folder = try TemporaryFolder()
    return (folder, try folder.write("own.rules", text))
  }

  private func lines(_ text: String) -> [String] {
    text.split(separator: "\n").map(String.init)
  }

  @Test("rules that join exit with 0, and say so in one line a pair and one at last")
  func joins() throws {
    let run = Tool.run("check", "--confluence", "\(Repository.root)/Rules/comonoid.rules")
    #expect(run.code == .success && run.errors.isEmpty)
    let found = lines(run.output)
    #expect(found.count == 6 && found[0] == "coassoc / coassoc: joins")
    #expect(found.dropLast().allSatisfy { $0.hasSuffix(": joins") })
    #expect(found[5].hasPrefix("symmetric: 3 rules, 5 critical pairs, all join; "))
  }

  @Test("a pair that doesn't join exits with 1, and its overlap is printed on request")
  func differs() throws {
    let (folder, path) = try file(
      """
      theory maps: symmetric
      sort M
      box f: M -> M
      box g: M -> M
      rule one: f ; f == g
      rule two: f ; g == id

      """)
    defer { withExtendedLifetime(folder) {} }
    let run = Tool.run("check", "--confluence", path)
    #expect(run.code == .failure)
    let found = lines(run.output)
    #expect(found.contains("one / two: does not join"), "\(run.output)")
    #expect(found.last?.hasSuffix("each rule lowers the number of boxes; not confluent") == true)
    let shown = Tool.run("check", "--confluence", "--overlaps", path)
    #expect(shown.output.contains("  diagram overlap(") && shown.code == .failure)
    #expect(shown.output.contains("f(f(f("), "\(shown.output)")
    let json = try JSONValue(
      parsing:
        Tool.run("check", "--confluence", "--json", path).output)
    let pairs = json[0]?["pairs"]?.arrayValue ?? []
    #expect(pairs.contains { $0["outcome"]?.stringValue == "differs" })
    #expect(json[0]?["confluent"]?.boolValue == false)
    #expect(json[0]?["terminates"]?.boolValue == true)
  }

  @Test("a loop exits with 1, also where no pair differs")
  func loops() throws {
    let (folder, path) = try file(
      "import tensor\nrule turn(a: [], b: []) { add(a, b) == add(b, a) }\n")
    defer { withExtendedLifetime(folder) {} }
    let run = Tool.run("check", "--confluence", path)
    #expect(run.code == .failure)
    #expect(run.output.contains("turn: loops: it applies to its own right side for ever"))
    #expect(run.output.contains("rewriting may loop; not known to be confluent"))
  }

  @Test("growing without end is not decided, and exits with 1")
  func growth() throws {
    let (folder, path) = try file(
      """
      theory maps: symmetric
      sort M
      box f: M -> M
      box g: M -> M
      box h: M -> M
      rule grow: f ; g == g ; f ; f
      rule other: g ; h == id

      """)
    defer { withExtendedLifetime(folder) {} }
    let run = Tool.run("check", "--confluence", "--limit", "5", path)
    #expect(run.output.contains("grow / other: ") && run.code == .failure, "\(run.output)")
  }

  @Test("a rule that holds for some sizes only is refused with the condition that is missing")
  func conditions() throws {
    let (folder, path) = try file(
      """
      import tensor
      rule turned(x: [n]) { reverse(x) == x }
      rule traces(x: [n m], y: [m n]) {
        sum(sum(matmul(x, y))) == sum(sum(matmul(y, x)))
      }
      rule never(a: [], b: []) { sub(a, b) == sub(b, a) }
      rule always(x: [n]) { reverse(reverse(x)) == x }

      """)
    defer { withExtendedLifetime(folder) {} }
    let run = Tool.run("verify", "--rules", path)
    #expect(run.code == .failure)
    let found = lines(run.output)
    #expect(found.count == 5)
    #expect(found.dropFirst(3).first == "always: ==: largest difference on random tensors 0")
    #expect(found.last?.hasPrefix("4 rules, 4 evaluated, largest difference ") == true)
    #expect(found.last?.hasSuffix("; 3 refused") == true)
    let errors = lines(run.errors)
    #expect(errors.contains { $0.hasPrefix("turned: the sides differ") && $0.contains(" at n = ") })
    #expect(errors.contains("note: it holds where n = 1"))
    #expect(errors.contains("note: it holds where m = 1 and n = 1"))
    #expect(!run.errors.contains("always"))
  }

  @Test("every rule of the library is evaluated, and the largest difference is told at last")
  func library() {
    let run = Tool.run(
      ["verify", "--rules"] + Repository.files(in: "Rules", endings: ["rules"]))
    #expect(run.code == .success && run.errors.isEmpty)
    let last = lines(run.output).last ?? ""
    #expect(last.contains(" rules, ") && last.contains("evaluated, largest difference "))
    let count = Int(last.split(separator: " ").first ?? "")
    #expect(count == lines(run.output).count - 1 && (count ?? 0) >= 120)
  }
}
