import DiagramIR
import Foundation
import Interchange
import Testing

@testable import AnatomyCommands

/// `anatomy taxonomy -o OUT.html`.
@Suite("The page that the taxonomy command writes")
struct TaxonomyPageCommandTests {
  private static let source = "\(Repository.root)/Diagrams/Derivations/learned_attention.diagram"

  private static func run(_ out: String, _ more: String...) -> Tool.Run {
    Tool.run(
      [
        "taxonomy", source, "two_layers", "--rules", "expressivity", "--only", "merge,learn_linear",
        "--names", source, "--all", "-o", out,
      ] + more)
  }

  private static func count(_ text: String, in whole: String) -> Int {
    whole.ranges(of: text).count
  }

  @Test("the page has the mechanisms and steps of the JSON, with names, diagrams, costs and rules")
  func contents() throws {
    let folder = try TemporaryFolder()
    let (html, json) = ("\(folder.path)/t.html", "\(folder.path)/t.json")
    #expect(Self.run(html).code == .success)
    #expect(Self.run(json).code == .success)
    let page = Repository.text(html)
    let graph = try JSONValue(parsing: Repository.bytes(json))
    let (nodes, steps) = (graph["mechanisms"]?.arrayValue ?? [], graph["steps"]?.arrayValue ?? [])
    #expect(nodes.count == 6 && steps.count == 6)
    #expect(Self.count("<button type=\"button\" class=\"card", in: page) == nodes.count)
    #expect(Self.count("<g class=\"single edge ", in: page) == steps.count)
    let start = try #require(page.firstRange(of: "id=\"data\">")?.upperBound)
    let end = try #require(page[start...].firstRange(of: "</script>")?.lowerBound)
    let data = try JSONValue(parsing: Array(page[start..<end].utf8))
    #expect(data["mechanisms"]?.arrayValue?.count == nodes.count)
    #expect(data["mechanisms"]?[0]?["title"]?.stringValue == "two_layers")
    #expect(data["mechanisms"]?[2]?["title"]?.stringValue == "two_layers + learn_linear")
    #expect(data["mechanisms"]?[0]?["text"]?.stringValue?.hasPrefix("diagram two_layers(") == true)
    #expect(data["mechanisms"]?[2]?["text"]?.stringValue?.hasPrefix("diagram mechanism_2(") == true)
    #expect(data["mechanisms"]?[0]?["costs"]?[0]?[0]?.stringValue == "parameters")
    #expect(
      data["steps"]?.arrayValue?.map { $0["relation"]?.stringValue }
        == steps.map { $0["relation"]?.stringValue })
    let laws = data["laws"]?.arrayValue ?? []
    #expect(Set(laws.map { $0["name"]?.stringValue ?? "" }) == ["merge", "learn_linear"])
    #expect(
      laws.allSatisfy { $0["certificate"]?.stringValue?.hasPrefix("certified by diagrams") == true }
    )
    #expect(laws.allSatisfy { $0["text"]?.stringValue?.hasPrefix("rule ") == true })
    // Every card bears the picture of its diagram.
    #expect(Self.count("<span class=\"picture\">", in: page) == nodes.count)
    #expect(data["mechanisms"]?[0]?["picture"]?.stringValue?.hasPrefix("<svg ") == true)
    let again = "\(folder.path)/again.html"
    #expect(Self.run(again).code == .success && Repository.bytes(again) == Repository.bytes(html))
  }

  @Test("what the limit cut off is said, and too much is refused before it is looked for")
  func limits() throws {
    let folder = try TemporaryFolder()
    let out = "\(folder.path)/t.html"
    let refused = Self.run(out, "--limit", "10001")
    #expect(refused.code == .usage)
    #expect(refused.errors.contains("more than 10000 mechanisms are not drawn as a page"))
    #expect(Repository.text(out).isEmpty)
    #expect(Self.run(out, "--limit", "3").code == .failure)
    #expect(Repository.text(out).contains("Partial: the limit was reached."))
  }

  @Test(
    "works are found in comments",
    arguments: [
      (
        "Scaled dot-product attention. Vaswani et al., Attention Is All You Need, 2017, arXiv 1706.03762, equation 1.",
        "Vaswani et al., Attention Is All You Need, 2017, arXiv 1706.03762", "Vaswani et al., 2017"
      ),
      (
        "Multiplicative attention. Luong, Pham and Manning, Effective Approaches, 2015, arXiv 1508.04025, section 3",
        "Luong, Pham and Manning, Effective Approaches, 2015, arXiv 1508.04025",
        "Luong et al., 2015"
      ),
      (
        "E. Miller, Attention Is Off By One, 2023. Nothing else.",
        "E. Miller, Attention Is Off By One, 2023", "E. Miller, 2023"
      ),
      (
        "Reconstructed: the common form of the mechanisms in Khatri, Laakkonen, Liu and Wang-Maścianica, On the Anatomy, 2024, arXiv 2407.02423.",
        "Khatri, Laakkonen, Liu and Wang-Maścianica, On the Anatomy, 2024, arXiv 2407.02423",
        "Khatri et al., 2024"
      ),
      (
        "Shazeer, Fast Transformer Decoding: One Write-Head Is All You Need, 2019, arXiv 1911.02150: one",
        "Shazeer, Fast Transformer Decoding: One Write-Head Is All You Need, 2019, arXiv 1911.02150",
        "Shazeer, 2019"
      ),
    ])
  func works(text: String, work: String, short: String) {
    #expect(SourceNotes.work(in: text) == work)
    #expect(SourceNotes.short(work) == short)
  }

  @Test("a long comment with many years and sentences is read once, and a work at its end is found")
  func longComment() {
    let sentences = String(repeating: "Shown in 1999, 2001, and again al. ", count: 4000)
    #expect(SourceNotes.work(in: sentences) == nil)
    let work = "Vaswani et al., Attention Is All You Need, 2017"
    #expect(SourceNotes.work(in: sentences + "So it is. " + work) == work)
    let years = String(repeating: "and, 2001, ", count: 20_000)
    #expect(SourceNotes.work(in: years) == nil)
  }

  @Test("a year alone is no work")
  func noWork() {
    for text in [
      "", "From the attention of Vaswani et al., 2017, to that of others, 2020.",
      "One of three: maps, Vaswani, 2017, again", "in 1984",
    ] {
      #expect(SourceNotes.work(in: text) == nil, "\(text)")
    }
  }

  @Test("growth is what no other term outgrows")
  func growth() throws {
    let (n, m, d) = (Size("n"), Size("m"), Size("d"))
    let linear = try n * d * d + m * d
    let quadratic = try linear + n * m * d
    let tokens: Set<SizeVariable> = [SizeVariable("n"), SizeVariable("m")]
    #expect(CostGrowth(linear, in: tokens).text.split(separator: "+").sorted() == ["m", "n"])
    #expect(CostGrowth(quadratic, in: tokens).text == "m*n")
    #expect(CostGrowth(quadratic, in: tokens).degree == 2)
    #expect(CostGrowth(d, in: tokens).text.isEmpty && CostGrowth(d, in: tokens).degree == 0)
  }
}
