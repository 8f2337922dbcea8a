import DiagramIR
import Testing

@testable import Drawing

@Suite("The page of a taxonomy")
struct TaxonomyPageTests {
  private static let hostile = [
    "</script><img src=x onerror=alert(1)>", "\"'><b onmouseover='alert(1)'>", "&amp;&lt;&#60;",
    "]]><!-- --><!--<script>", "línea \u{2028}\u{2029} \u{1F600} \u{202E}ltr",
    "a\u{0}b\u{7}c\\u003c${x}`",
    "javascript:alert(1)", " ",
  ]

  /// A page whose every text is one of these.
  private static func page(_ texts: [String]) -> TaxonomyPage {
    var page = TaxonomyPage(title: texts[0])
    (page.summary, page.isPartial) = (texts[0], true)
    for (number, text) in texts.enumerated() {
      var mechanism = TaxonomyPage.Mechanism(
        title: text, lines: [text, "+ \(text)"], isNamed: number.isMultiple(of: 2),
        relation: .expresses)
      (mechanism.note, mechanism.source, mechanism.sources) = (text, text, [text])
      (mechanism.text, mechanism.drawnText, mechanism.otherNames) = (text, text, [text])
      (mechanism.growth, mechanism.costs) = (text, [(text, text), ("multiply-adds", text)])
      mechanism.picture = "<svg><script>\(text)</script></svg>"
      page.mechanisms.append(mechanism)
      page.laws.append(.init(name: text, text: text, certificate: text))
      if number == 0 { continue }
      let relation = Relation.allCases[number % Relation.allCases.count]
      page.steps.append(
        .init(
          source: number / 2, target: number, relation: relation, law: number, step: text))
    }
    return page
  }

  @Test("the graph is drawn ahead at full size only from near")
  func drawingAhead() {
    let lines = Self.page(Self.hostile).html().split(separator: "\n")
    let ahead = lines.filter { $0.contains("will-change: transform") }
    #expect(
      ahead
        == ["    .live:not(.far) #scene { will-change: transform; }"].map { $0.drop { $0 == " " } })
  }

  @Test("the page is well-formed, whatever the names, and they come out as they went in")
  func hostileNames() throws {
    let plain = Self.page(Self.hostile.indices.map { "name_\($0)" })
    let (page, harmless) = (Self.page(Self.hostile), try StrictMarkup(plain.html()))
    let markup = try StrictMarkup(page.html())
    // The elements are those of harmless names, so no name has become one.
    let shape = { (markup: StrictMarkup) in
      markup.elements.map { "\($0.name) \($0.attributes.keys.sorted())" }.filter { $0 != "wbr []" }
    }
    let isSame = shape(markup) == shape(harmless)
    #expect(isSame)
    #expect(markup.named("script").count == 2)
    #expect(markup.elements.allSatisfy { !$0.attributes.keys.contains { $0.hasPrefix("on") } })
    let names = markup.ofClass("name").map(\.text)
    let expected = Self.hostile.map { name in
      String(
        String.UnicodeScalarView(
          name.unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{fffd}" : $0 }))
    }
    #expect(names == expected)
    // Without escaping the check fails.
    #expect(throws: StrictMarkup.Fault.self) {
      try StrictMarkup(plain.html().replacing("name_1", with: Self.hostile[1]))
    }
    #expect(throws: StrictMarkup.Fault.self) { try StrictMarkup("<p>a & b</p>") }
    #expect(throws: StrictMarkup.Fault.self) { try StrictMarkup("<p><b>a</p></b>") }
  }

  @Test("data ends neither its element nor the line, and holds nothing that HTML reads")
  func data() throws {
    let data = Self.page(Self.hostile).data
    for text in ["<", ">", "&", "'", "\u{2028}", "\u{2029}", "\u{0}"] {
      #expect(!data.contains(text), "\(text)")
      #expect(Self.hostile.contains { $0.contains(text) })
    }
    #expect(PageText.quoted("</script>\n\"\\") == "\"\\u003c/script\\u003e\\n\\\"\\\\\"")
  }

  @Test("nothing is loaded, and no script runs but the page's own")
  func policy() throws {
    let html = Self.page(Self.hostile).html()
    for text in [
      "http:", "https:", "url(", "@import", "fetch(", "XMLHttpRequest", "eval(", "innerHTML",
      "<link", "<iframe",
    ] {
      #expect(!html.contains(text), "\(text)")
    }
    let markup = try StrictMarkup(html)
    let policy = try #require(
      markup.named("meta").first { $0.attributes["http-equiv"] == "Content-Security-Policy" })
    let script = try #require(markup.named("script").last)
    let content = policy.attributes["content"] ?? ""
    #expect(content.hasPrefix("default-src 'none'; img-src data:; "))
    #expect(content.hasSuffix(Digest(Array(script.text.utf8)).policySource))
    #expect(!content.hasSuffix(Digest(Array((script.text + " ").utf8)).policySource))
    #expect(markup.named("img").isEmpty)
    // SHA-256 of nothing, in base64.
    #expect(Digest([]).policySource == "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='")
    #expect(
      ["", "f", "fo", "foo", "foob"].map { PageText.base64(Array($0.utf8)) } == [
        "", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==",
      ])
  }

  @Test("each mechanism is a button with a name, each step a line, and both stand in tables")
  func counts() throws {
    var page = Self.page((0..<7).map { "name_\($0)" })
    page.steps.append(.init(source: 2, target: 2, relation: .equal, law: 0, step: "round"))
    page.steps.append(.init(source: 2, target: 70, relation: .equal, law: 0, step: "nowhere"))
    let html = page.html()
    #expect(html == page.html())
    let markup = try StrictMarkup(html)
    let cards = markup.ofClass("card")
    #expect(cards.map { $0.attributes["id"] } == (0..<7).map { "n\($0)" })
    #expect(
      cards.allSatisfy { $0.name == "button" && $0.attributes["aria-label"]?.isEmpty == false })
    #expect(
      cards[1].attributes["aria-label"]
        == "name_1; name_1; name_0 can express it; work grows as name_1")
    // A step from a mechanism to itself is in the table only; one to nowhere is left out.
    #expect(markup.elements.count { $0.attributes["data-edge"] != nil && $0.name == "g" } == 6)
    #expect(markup.named("tr").count == 6 + 1 + 7 + 1 + 7)
    let ids = markup.elements.compactMap { $0.attributes["id"] }
    #expect(Set(ids).count == ids.count)
    #expect(html.contains("Partial: the limit was reached."))
    page.isPartial = false
    #expect(!page.html().contains("Partial"))
    #expect(try StrictMarkup(TaxonomyPage(title: "nothing").html()).ofClass("card").isEmpty)
  }

  @Test("what the script knows of relations is what relations are")
  func relations() {
    let data = Self.page(["a"]).data
    #expect(
      data.contains(
        #""==":{"reversed":"==","words":"is equal to","implies":["==","~=",">=","<=","<>"]"#
          .replacing("<", with: "\\u003c").replacing(">", with: "\\u003e")))
  }
}
