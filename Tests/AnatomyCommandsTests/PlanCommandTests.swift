import Interchange
import Testing

/// `anatomy show --as plan`.
struct PlanCommandTests {
  private static let path = "\(Repository.root)/Diagrams/Attention/linear_attention.diagram"
  private static let words = [
    "show", path, "linear_attention_quadratic", "--as", "plan", "--size", "n=3", "m=4", "k=5",
  ]

  @Test("a plan is printed as a table, the same each time")
  func text() {
    let run = Tool.run(Self.words + ["e=6"])
    #expect(run.code == .success && run.errors.isEmpty)
    let lines = run.output.split(separator: "\n")
    #expect(lines.first == "plan of linear_attention_quadratic at e = 6, k = 5, m = 4, n = 3")
    #expect(lines.contains { $0.contains("product(") && $0.contains("over [") })
    #expect(lines.last?.hasPrefix("kernels: ") == true)
    #expect(run.output.split(separator: "\n").allSatisfy { !$0.hasSuffix(" ") })
    #expect(Tool.run(Self.words + ["e=6"]).output == run.output)
    #expect(Tool.run(Self.words + ["e=7"]).output != run.output)
  }

  @Test("JSON says the same, with exact numbers")
  func json() throws {
    let run = Tool.run(Self.words + ["e=6", "--json"])
    let value = try JSONValue(parsing: Array(run.output.utf8))
    let kernels = try #require(value["kernels"]?.arrayValue)
    let flops = kernels.compactMap { $0["work"]?["flops"]?.intValue }
    #expect(flops.count == kernels.count && kernels.count > 3)
    #expect(value["total"]?["flops"]?.intValue == flops.reduce(0, +))
    #expect(value["buffers"]?[0]?["name"]?.stringValue == "q")
  }

  @Test("--explain says which laws were used: with a plan, or beside results")
  func explained() {
    let sizes = ["n=40", "m=40", "k=2", "e=2"]
    let plan = Tool.run(Array(Self.words.prefix(6)) + sizes + ["--explain"])
    let law = "association, distribution, division: mul, sum of 'weights'"
    #expect(plan.output.contains("laws used:\n  \(law)"))
    #expect(plan.output.contains("total = add · (sum add)"))
    let head = ["evaluate", Self.path, "linear_attention_quadratic", "--input"]
    let words = head + ["q=random", "k=random", "v=random", "--size"] + sizes
    let run = Tool.run(words + ["--explain"])
    #expect(run.errors.contains(law) && !run.output.contains("laws"))
    #expect(Tool.run(words).output == run.output && !Tool.run(words).errors.contains("laws"))
    let few = Tool.run(Array(Self.words.prefix(6)) + ["n=2", "m=2", "k=9", "e=9", "--explain"])
    #expect(few.output.contains("total = sum (add · add)") && few.code == .success)
  }

  @Test("what runs once is marked, and counted apart")
  func once() throws {
    let path = "\(Repository.root)/Diagrams/TokenMixing/fnet.diagram"
    let words = ["show", path, "fnet_mixing_two_sided", "--as", "plan", "--size", "n=6", "d=4"]
    let run = Tool.run(words)
    #expect(run.code == .success && run.output.contains("[6 6] once"))
    #expect(run.output.split(separator: "\n").last?.contains(" once, ") == true)
    let value = try JSONValue(parsing: Array(Tool.run(words + ["--json"]).output.utf8))
    let kernels = try #require(value["kernels"]?.arrayValue)
    func flops(_ runsOnce: Bool) -> Int {
      kernels.filter { $0["once"]?.boolValue == runsOnce }
        .compactMap { $0["work"]?["flops"]?.intValue }.reduce(0, +)
    }
    #expect(value["total"]?["flops"]?.intValue == flops(false) && flops(false) > 0)
    #expect(value["once"]?["flops"]?.intValue == flops(true) && flops(true) > 0)
    #expect(!Tool.run(Self.words + ["e=6"]).output.contains("once"))
  }

  @Test("sizes that stay open are asked for by name")
  func open() {
    let run = Tool.run(Self.words)
    #expect(run.code == .failure && run.output.isEmpty)
    #expect(run.errors.contains("nothing determines e (needed by"))
    #expect(run.errors.contains("give --size e=N"))
  }
}
