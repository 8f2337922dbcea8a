import Diagnostics
import DiagramText
import Testing

/// The faults of a text, as `line:column id`.
func faults(_ text: String) -> [String] {
  faults(SourceText(path: "test.diagram", text: text))
}

/// The faults of a source, as `line:column id`.
func faults(_ source: SourceText) -> [String] {
  let table = LineTable(source)
  return SyntaxTree.parse(source).diagnostics.map { diagnostic in
    let place = table.location(of: diagnostic.span.start)
    return "\(place.line):\(place.column) \(diagnostic.id)"
  }
}

@Suite struct SyntaxFaultTests {
  @Test(
    "one fault gives one diagnostic at its place",
    arguments: [
      // Characters and numbers.
      ("sort A $", "1:8 unexpected-character"),
      ("sort A, ?!B", "1:9 unexpected-character"),
      ("sort größe", "1:8 unexpected-character"),
      ("sort A\nbox f: A → A\nsort B", "2:10 unexpected-character"),
      ("diagram f(x: H) -> H { 'x }", "1:24 unexpected-character"),
      ("diagram f(x: H) -> H { a.(x) }", "1:25 unexpected-character"),
      ("box f: [2n] -> []", "1:9 malformed-number"),
      ("diagram f() -> [] { 1.2.3 }", "1:21 malformed-number"),
      ("diagram f() -> [] { 0x10 }", "1:21 malformed-number"),
      ("box f: [9223372036854775808] -> []", "1:9 number-too-large"),
      ("diagram f() -> [] { 1e999 }", "1:21 number-too-large"),
      // Declarations.
      ("x", "1:1 expected-declaration"),
      ("}\nsort A", "1:1 expected-declaration"),
      ("{ a }\nsort A", "1:1 expected-declaration"),
      ("return x", "1:1 expected-declaration"),
      ("import\nsort A", "2:1 expected-name"),
      ("import 3", "1:8 expected-name"),
      ("theory t symmetric", "1:10 expected-token"),
      ("theory t: commutative", "1:11 expected-doctrine"),
      ("theory t:", "1:10 expected-doctrine"),
      ("sort A,\nsort B", "2:1 expected-name"),
      ("sort A B", "1:8 expected-declaration"),
      ("sort box", "1:6 expected-name"),
      ("box f A -> B", "1:7 expected-token"),
      ("box f: A", "1:9 expected-token"),
      ("box f: A, -> B", "1:11 expected-type"),
      ("box f: [n -> B", "1:11 expected-token"),
      ("box f: [n-1] -> B", "1:10 expected-token"),
      ("box f: [..4] -> B", "1:11 expected-name"),
      ("box f: [n+] -> B", "1:11 expected-size"),
      ("box f: index v -> B", "1:16 expected-token"),
      ("diagram (x: H) -> H { x }", "1:9 expected-name"),
      ("diagram f x: H -> H { x }", "1:11 expected-token"),
      ("diagram f(x) -> H { x }", "1:12 expected-token"),
      ("diagram f(x: ) -> H { x }", "1:14 expected-type"),
      ("diagram f(x: H,) -> H { x }", "1:15 trailing-comma"),
      ("diagram f(x: H y: H) -> H { x }", "1:16 expected-token"),
      ("diagram f(x: H) H { x }", "1:17 expected-token"),
      ("diagram f(x: H) -> H, { x }", "1:21 trailing-comma"),
      ("diagram f(x: H) -> H\nsort A", "2:1 expected-token"),
      // Blocks.
      ("diagram f() -> H { }", "1:20 missing-result"),
      ("diagram f() -> H {\n  y = f()\n}", "3:1 missing-result"),
      ("diagram f() -> H {\n  x", "1:18 unclosed-brace"),
      ("diagram f() -> H {\n  x\nsort A", "1:18 unclosed-brace"),
      ("diagram f() -> H {\n  y = simd n() {\n    x\n  y\n}", "2:16 unclosed-brace"),
      ("diagram f() -> H { x y }", "1:22 expected-token"),
      ("diagram f() -> H { x, }", "1:21 trailing-comma"),
      ("diagram f() -> H { return }", "1:27 expected-expression"),
      ("diagram f() -> H {\n  y =\n  z = g()\n  z\n}", "3:3 expected-expression"),
      ("diagram f() -> H { y = }", "1:24 expected-expression"),
      ("diagram f() -> H { a, b == f() b }", "1:25 expected-token"),
      ("diagram f() -> H { (x) }", "1:20 expected-expression"),
      ("diagram f() -> H { a + b }", "1:22 expected-token"),
      ("diagram f() -> H { {{{{ }}}} }", "1:20 expected-expression"),
      ("diagram f() -> H { linear w [d] -> [k]\n w(x) }", "1:29 expected-token"),
      ("diagram f() -> H { linear w: [d]\n w(x) }", "2:2 expected-token"),
      ("diagram f() -> H { learn w: -> w(x) }", "1:33 expected-expression"),
      ("diagram f() -> H { state c: \n return c }", "2:2 expected-type"),
      ("diagram f() -> H { state box: [n] box }", "1:26 expected-name"),
      ("diagram f() -> H { learn g: A -> A per [] x }", "1:41 expected-size"),
      // Expressions.
      ("diagram f() -> H { g(x }", "1:24 expected-token"),
      ("diagram f() -> H { g(x,) }", "1:23 trailing-comma"),
      ("diagram f() -> H { g(,x) }", "1:22 expected-expression"),
      ("diagram f() -> H { g(x y) }", "1:24 expected-token"),
      ("diagram f() -> H { g[](x) }", "1:22 expected-size"),
      ("diagram f() -> H { g[n] }", "1:25 expected-token"),
      ("diagram f() -> H { g<>(x) }", "1:21 expected-token"),
      ("diagram f() -> H { g<n(x) }", "1:23 expected-token"),
      ("diagram f() -> H { g<k = >(x) }", "1:26 expected-size"),
      ("diagram f() -> H { g(x) as 3 }", "1:28 expected-name"),
      ("diagram f() -> H { g(x) per }", "1:29 expected-size"),
      ("diagram f() -> H { g(rule) }", "1:22 expected-expression"),
      ("diagram f() -> H { simd n { x } }", "1:27 expected-token"),
      ("diagram f() -> H { simd n(x) x }", "1:30 expected-token"),
      ("diagram f() -> H { simd n(x,) { x } }", "1:28 trailing-comma"),
      ("diagram f() -> H { simd n(3) { x } }", "1:27 expected-name"),
      ("diagram f() -> H { scan n(x) { x } }", "1:28 expected-token"),
      ("diagram f() -> H { scan n(h = ; x) { x } }", "1:31 expected-expression"),
      ("diagram f() -> H { size n+ }", "1:28 expected-size"),
      // Rules and derivations.
      ("rule r f == g", "1:8 expected-token"),
      ("rule r: f = g", "1:11 expected-relation"),
      ("rule r: f <> g", "1:11 expected-relation"),
      ("rule r: f == ", "1:14 expected-term"),
      ("rule r: (f ; g == h", "1:16 expected-token"),
      ("rule r: f * == h", "1:13 expected-term"),
      ("rule r: id[n == h", "1:14 expected-token"),
      ("rule r(x: H) { f(x) }", "1:21 expected-relation"),
      ("rule r(x: H) { f(x) == }", "1:24 expected-expression"),
      ("rule r(x: H) { f(x) == x y }", "1:26 expected-token"),
      ("rule r(x: H) {\n  learn g H -> H\n  f(x) == x\n}", "2:11 expected-token"),
      ("rule r(x: H) {\n  f(x) == x\nsort A", "1:14 unclosed-brace"),
      ("rule r(x: H) { { } == x }", "1:18 missing-result"),
      ("derivation d: a b { }", "1:17 expected-relation"),
      ("derivation d: a == b { jump r }", "1:24 expected-step"),
      ("derivation d: a == b { apply }", "1:30 expected-name"),
      ("derivation d: a == b { apply r at }", "1:35 expected-name"),
      ("derivation d: a == b { apply r with 4 = 4 }", "1:37 expected-name"),
      ("derivation d: a == b { apply r\nsort A", "1:22 unclosed-brace"),
    ])
  func singleFaults(text: String, fault: String) {
    #expect(faults(text) == [fault])
    #expect(faults("sort Other\n" + text + "\nsort Last").count == 1)
  }

  @Test("every fault of a file is reported")
  func manyFaults() {
    let text = """
      sort A,
      box f: A -> [n-1]
      diagram d(x: A) -> A {
        y = f(x
        z = f(x,)
        linear w: [d] [k]
        q = simd n(z {
          r = g(4 5)
          h(r)
        }
        s, t = (x)
        u $ = f(x)
        return f(s
      }
      diagram e(x A) -> A {
        y = f(,)
        y
      }
      derivation s: a == b {
        apply
        hop r
        unfold f at 3
        fold g
      }
      rule r(x: A) {
        learn f: A
        learn g A -> A
        f(x) = g(x)
      }
      theory t: strange
      """
    #expect(
      faults(text) == [
        "2:1 expected-name", "2:15 expected-token", "5:3 expected-token", "5:10 trailing-comma",
        "6:17 expected-token", "7:16 expected-token", "8:13 expected-token",
        "11:10 expected-expression", "12:5 unexpected-character", "14:1 expected-token",
        "15:13 expected-token", "16:9 expected-expression", "21:7 expected-step",
        "22:15 expected-name", "27:3 expected-token",
        "27:11 expected-token", "28:8 expected-relation", "30:11 expected-doctrine",
      ])
  }

  @Test("diagnostics say what was found and how to mend it")
  func golden() {
    let source = SourceText(path: "a.diagram", text: "diagram f() -> H {\n  y = g(a b)\n  y\n}\n")
    let diagnostics = SyntaxTree.parse(source).diagnostics
    #expect(
      DiagnosticRenderer.render(diagnostics, of: source) == """
        a.diagram:2:11: error: expected ',' or ')' after an argument [expected-token]
            y = g(a b)
                    ^
        note: found 'b'

        """)
  }

  @Test("bytes that are not UTF-8 are reported, also in comments")
  func invalidEncoding() {
    let bytes = Array("sort A # ".utf8) + [0xFF, 0x0A] + Array("sort B".utf8) + [0xC3, 0x0A]
    #expect(
      faults(SourceText(path: "p", bytes: bytes)) == [
        "1:10 unexpected-character", "2:7 unexpected-character",
      ])
    #expect(faults("# größe → 日本\n").isEmpty)
  }

  @Test("a byte order mark and carriage returns are white space")
  func lineEnds() {
    let bytes = [0xEF, 0xBB, 0xBF] + Array("sort A\r\nsort B\r\n".utf8)
    let (tree, diagnostics) = SyntaxTree.parse(SourceText(path: "p", bytes: bytes))
    #expect(diagnostics.isEmpty)
    #expect(tree.children(of: tree.root).map { _ in 1 }.count == 2)
  }

  @Test("what has a fault is left out, and its block or file is marked")
  func marks() {
    let source = SourceText(
      path: "p", text: "sort A\nbox ?\ndiagram d() -> {\n  y = (\n  z = f()\n  z\n}")
    let (tree, diagnostics) = SyntaxTree.parse(source)
    #expect(diagnostics.count == 2)
    let declarations = tree.children(of: tree.root).map { $0 }
    #expect(declarations.map { tree.kind(of: $0) } == [.sort, .diagram])
    #expect(tree.payload(of: tree.root) == 1)
    let block = tree.children(of: declarations[1]).map { $0 }[3]
    #expect(tree.payload(of: block) == 1)
    #expect(tree.children(of: block).map { tree.kind(of: $0) } == [.assignment, .results])
  }

  @Test("the list of faults has an end")
  func limit() {
    let found = faults(String(repeating: "$\n", count: 20_000))
    #expect(found.count == 10_001)
    #expect(found.last?.hasSuffix("too-many-faults") == true)
    #expect(found.dropLast().allSatisfy { $0.hasSuffix("unexpected-character") })
  }
}

@Suite struct NestingTests {
  private let head = "diagram d(x: H) -> H {\n"

  @Test("200 levels are fine, more are a fault", arguments: [("f(", ")"), ("simd n() { ", " }")])
  func limit(open: String, close: String) {
    func text(_ levels: Int) -> String {
      head + String(repeating: open, count: levels) + "x" + String(repeating: close, count: levels)
        + "\n}"
    }
    #expect(faults(text(199)).isEmpty)
    #expect(faults(text(200)).count == 1)
    #expect(faults(text(200)).first?.hasSuffix("nesting-too-deep") == true)
    #expect(faults(text(100_000)).map { $0.split(separator: " ")[1] } == ["nesting-too-deep"])
  }

  @Test("parentheses of terms are limited likewise")
  func terms() {
    func text(_ levels: Int) -> String {
      "rule r: " + String(repeating: "(", count: levels) + "f"
        + String(repeating: " ; g)", count: levels) + " == h\nsort A"
    }
    #expect(faults(text(200)).isEmpty)
    #expect(faults(text(100_000)).map { $0.split(separator: " ")[1] } == ["nesting-too-deep"])
  }

  @Test(
    "100,000 opening brackets of any kind are a fault or two, not a crash",
    arguments: ["(", "{", "[", "<", "f(", "f[", "simd n() {", "scan n(a = "])
  func unclosed(open: String) {
    let text = String(repeating: open, count: 100_000)
    for prefix in ["", head] {
      let count = faults(prefix + text).count
      #expect(count > 0 && count <= 3)
    }
    #expect(faults("rule r: f == g").isEmpty)
  }

  @Test(
    "unclosed brackets of all kinds in all places end in faults",
    arguments: [
      "f<", "{ y = {", "y = simd n(x {", "rule r: (", "\nrule r() {{", "\ndiagram d() -> {",
      "f(simd n() { return ", "a * (", "(a ; ",
    ])
  func unclosedEverywhere(open: String) {
    let text = String(repeating: open, count: 1_000)
    for prefix in ["", head, "rule r(x: H) {", "rule r: ", "derivation d: a == b {"] {
      let count = faults(prefix + text).count
      #expect(count > 0 && count <= 2_002)
    }
  }
}
