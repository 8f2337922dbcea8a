import Diagnostics
import Testing

import DiagramText

/// Parses a text that must have no fault.
func assertParse(
  _ text: String, sourceLocation: Testing.SourceLocation = #_sourceLocation
) -> SyntaxTree {
  let (tree, diagnostics) = SyntaxTree.parse(SourceText(path: "test.diagram", text: text))
  for diagnostic in diagnostics {
    Issue.record("\(diagnostic)", sourceLocation: sourceLocation)
  }
  return tree
}

extension SyntaxTree {
  /// The subtree as text: kinds with payloads and, for leaves, their texts.
  func outline(_ node: SyntaxNode) -> String {
    let parts = children(of: node).map(outline)
    var text = "\(kind(of: node))"
    switch kind(of: node) {
    case .name, .sizeName: return self.text(of: node)
    case .wire: return "(wire \(self.text(of: node)))"
    case .sizeInteger: return "\(integer(of: node))"
    case .number: return "\(number(of: node))"
    case .relation, .learned, .applyStep: text += " \(payload(of: node))"
    default: break
    }
    return parts.isEmpty ? text : "(\(text) \(parts.joined(separator: " ")))"
  }

  /// The children of the file's first declaration, as text.
  var firstDeclaration: String {
    children(of: root).first { _ in true }.map(outline) ?? ""
  }
}

@Suite struct SyntaxTreeTests {
  @Test(
    "every example of the language parses without a diagnostic", arguments: LanguageExamples.all)
  func examplesParse(text: String) {
    let tree = assertParse(text)
    #expect(tree.children(of: tree.root).contains { _ in true })
    #expect(tree.payload(of: tree.root) == 0)
  }

  @Test("declarations have the layouts that SyntaxKind documents")
  func declarations() {
    let expected: [(String, String)] = [
      ("import a.b", "(importDeclaration a.b)"),
      ("theory t: symmetric", "(theory t symmetric)"),
      ("sort A, B", "(sort A B)"),
      ("box f: A, [n] -> ", "(box f (typeList (sortType A) (arrayType n)) typeList)"),
      (
        "box f: -> index h*k+1 [4 ..s]",
        "(box f typeList (typeList (indexType (sizeSum (sizeProduct h k) 1) 4 (shapeVariable s))))"
      ),
      (
        "diagram f(a: H) -> { g(a) }",
        """
        (diagram f (parameterList (parameter a (sortType H))) resultTypeList \
        (block (results (call g (argumentList (wire a))))))
        """
      ),
      (
        "rule r: a * b ; c == (d ; id[H]) * swap",
        """
        (termRule r relation 0 (composition (tensor (termBox a) (termBox b)) (termBox c)) \
        (tensor (composition (termBox d) (identity (sortType H))) swap))
        """
      ),
      (
        "derivation d: a >= b { apply r backward at w with n = 2 fold f }",
        """
        (derivation d a relation 2 b \
        (applyStep 1 r (at w) (sizeArguments (sizeArgument n 2))) (foldStep f))
        """
      ),
    ]
    for (text, outline) in expected { #expect(assertParse(text).firstDeclaration == outline) }
    #expect(assertParse("sort A, B").firstDeclaration != "(sort A)")
  }

  @Test("a rule has its learned boxes, its sides and the relation between them as children")
  func rules() {
    let tree = assertParse("rule r(x: H) { learn f: H -> H per h f(x) <= { y = x y } }")
    #expect(
      tree.firstDeclaration == """
        (rule r (parameterList (parameter x (sortType H))) \
        (learned 0 (nameList f) (typeList (sortType H)) (typeList (sortType H)) (per h)) \
        (call f (argumentList (wire x))) relation 3 \
        (block (assignment (nameList y) (wire x)) (results (wire y))))
        """)
  }

  @Test(
    "expressions have the layouts that SyntaxKind documents",
    arguments: [
      ("x", "(wire x)"),
      ("-2", "-2.0"),
      ("1e-5", "1e-05"),
      ("size n+1", "(sizeExpression (sizeSum n 1))"),
      ("size", "(wire size)"),
      ("f()", "(call f argumentList)"),
      (
        "f<n, k = 16>[n d](x, 3) as head per [h l]",
        """
        (call f (sizeArguments (sizeArgument n) (sizeArgument k 16)) (lift n d) \
        (argumentList (wire x) 3.0) (label head) (per h l))
        """
      ),
      ("simd(x)", "(call simd (argumentList (wire x)))"),
      (
        "simd n(a, b = c) { a }",
        "(simd n (mappedList (mapped a) (mapped b (wire c))) (block (results (wire a))))"
      ),
      (
        "scan 2*n(h = c;) { h, h }",
        """
        (scan (sizeProduct 2 n) (mappedList (mapped h (wire c))) mappedList \
        (block (results (wire h) (wire h))))
        """
      ),
    ])
  func expressions(text: String, outline: String) {
    let tree = assertParse("diagram d() -> { y = \(text) return y }")
    let head = "(diagram d parameterList resultTypeList (block (assignment (nameList y) "
    #expect(tree.firstDeclaration == head + outline + ") (results (wire y))))")
  }

  @Test("learn, linear, state, as and per are names where the grammar lets them be")
  func contextualWords() {
    let tree = assertParse(
      """
      diagram d(x: H) -> H {
        learn = f(x)
        as = f(learn)
        per, linear = g(as)
        state state: [n] per h
        linear linear: [n] -> [m]
        return index(per)
      }
      """)
    let statements = tree.firstDeclaration.components(of: "assignment")
    #expect(statements == 3)
    #expect(tree.firstDeclaration.components(of: "learned") == 2)
  }

  @Test("spans reach from the first token of a node to its last")
  func spans() {
    let text = "rule r: (a) ; b == c"
    let tree = assertParse(text)
    let rule = tree.children(of: tree.root).map { $0 }[0]
    let spans = tree.children(of: rule).map { node -> String in
      let span = tree.span(of: node)
      return String(decoding: Array(text.utf8)[span.start..<span.end], as: UTF8.self)
    }
    #expect(spans == ["r", "==", "(a) ; b", "c"])
  }
}

extension String {
  /// How often `(word ` occurs.
  func components(of word: String) -> Int {
    var count = 0
    var rest = self[...]
    while let position = rest.firstIndex(of: "(") {
      rest = rest[rest.index(after: position)...]
      if rest.hasPrefix(word + " ") { count += 1 }
    }
    return count
  }
}
