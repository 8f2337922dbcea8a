import DiagramIR
import TensorInterpretation
import Testing

import Benchmarks

@Suite("The benchmarks of mechanisms")
struct MechanismBenchmarkTests {
  private func run(_ arguments: [String], of command: String = "attention") -> (
    code: Int32, output: [String], error: [String]
  ) {
    var (output, error): ([String], [String]) = ([], [])
    let code = BenchmarkTool.run(
      [command] + arguments, output: { output.append($0) }, error: { error.append($0) })
    return (code, output, error)
  }

  private static let small = [
    "--batch", "2", "--heads", "2", "--tokens", "3", "--width", "4", "--head-width", "2",
  ]

  @Test("prints a line a mechanism, under the names of other engines' benchmarks")
  func lines() {
    let (code, output, error) = run(Self.small + ["--threads", "1", "--only", "L,D.query.L"])
    #expect(code == 0, "\(error)")
    #expect(output.first == "mechanism,median_ms,min_ms")
    #expect(output.dropFirst().map { $0.split(separator: ",")[0] } == ["L", "D.query.L"])
    #expect(output.dropFirst().allSatisfy { $0.split(separator: ",").count == 3 })
  }

  @Test("every layer of the library has a line")
  func layers() {
    let sizes = [
      "--batch", "3", "--tokens", "16", "--width", "8", "--head-width", "8", "--heads", "2",
    ]
    let names = "additive_layer,delta_net_layer,rotary_layer,grouped_query_layer,fnet_layer"
    let (code, output, error) = run(sizes + ["--only", names], of: "library")
    #expect(code == 0, "\(error)")
    #expect(output.count == 6)
    let (unknown, _, known) = run(["--only", "no_layer"], of: "library")
    #expect(unknown == 64)
    #expect(known.joined().split(separator: ",").count > 50)
  }

  @Test("there are fourteen, of which no two compute the same")
  func mechanisms() throws {
    #expect(Set(RecombinedMechanism.names).count == 14)
    var digests: Set<String> = []
    for name in RecombinedMechanism.names {
      let mechanism = try #require(RecombinedMechanism(name))
      let function = try #require(TextBesideLibrary(mechanism.text).function("mechanism"))
      #expect(try function.parameterList().count == (name.count == 1 ? 4 : 7))
      digests.insert(function.diagram.digest().description)
    }
    #expect(digests.count == 14)
    #expect(
      TextBesideLibrary("diagram mechanism(x: [n]) -> [n] { y }").function("mechanism") == nil)
  }

  @Test(
    "wrong words are refused with the usage",
    arguments: [
      ["--heads"], ["--heads", "0"], ["--tokens", "many"], ["--blocks", "2"],
    ])
  func wrongWords(words: [String]) {
    let (code, output, error) = run(words)
    #expect(code == 64)
    #expect(output.isEmpty)
    #expect(error.joined().contains("usage: anatomy-bench attention"))
  }

  @Test(
    "an unknown mechanism is named, with those that there are",
    arguments: [
      "E", "D.query", "D.gate.L", "D.query.L.x", "",
    ])
  func unknownNames(name: String) {
    #expect(RecombinedMechanism(name) == nil)
    let (code, _, error) = run(Self.small + ["--only", name.isEmpty ? "D." : name])
    #expect(code == 64)
    #expect(error.joined().contains("there are L, D, L.query.L"))
  }
}
