import Diagnostics
import DiagramText
import Testing

/// The canonical layout of a text without faults.
func formatted(_ text: String) -> String {
  Formatter.format(SyntaxTree.parse(SourceText(path: "test.diagram", text: text)).tree)
}

/// The text without white space outside comments, and the comments apart.
func tokensAndComments(_ text: String) -> (tokens: String, comments: [String]) {
  var tokens = ""
  var comments: [String] = []
  for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
    let parts = line.split(
      separator: UInt8(ascii: "#"), maxSplits: 1, omittingEmptySubsequences: false)
    tokens += String(decoding: parts[0].filter { $0 > 0x20 }, as: UTF8.self)
    if parts.count > 1 {
      var comment = Array(parts[1])
      while let last = comment.last, last <= 0x20 { comment.removeLast() }
      comments.append(String(decoding: comment, as: UTF8.self))
    }
  }
  return (tokens, comments)
}

/// Checks that formatting keeps tokens and comments and changes nothing the second time.
func assertFormatting(
  _ text: String, sourceLocation: Testing.SourceLocation = #_sourceLocation
) -> String {
  let once = formatted(text)
  #expect(formatted(once) == once, sourceLocation: sourceLocation)
  let (before, after) = (tokensAndComments(text), tokensAndComments(once))
  #expect(before.tokens == after.tokens, sourceLocation: sourceLocation)
  #expect(before.comments == after.comments, sourceLocation: sourceLocation)
  return once
}

@Suite struct FormatterTests {
  @Test("the examples keep their tokens and comments", arguments: LanguageExamples.all)
  func examples(text: String) { _ = assertFormatting(text) }

  @Test("the first look is already in canonical layout, but for the space before one comment")
  func firstLook() {
    let expected = LanguageExamples.firstLook.split(
      separator: "\n", omittingEmptySubsequences: false
    )
    .map { line in
      line.contains("simd n(q) {")
        ? "  simd n(q) {  # q: [k] in each lane; k and v are shared by all lanes" : String(line)
    }.joined(separator: "\n")
    #expect(assertFormatting(LanguageExamples.firstLook) == expected)
    #expect(expected != LanguageExamples.firstLook)
  }

  @Test("the rules are already in canonical layout, but for what is too long")
  func hopf() {
    let long = "{ matmul(matmul(a, b), c) == matmul(a, matmul(b, c)) }"
    let opened = "{\n  matmul(matmul(a, b), c) == matmul(a, matmul(b, c))\n}"
    var expected = LanguageExamples.hopf
    expected.replace("H -> \n", with: "H ->\n")
    expected.replace(long, with: opened)
    #expect(assertFormatting(LanguageExamples.hopf) == expected)
  }

  @Test("white space between tokens is canonical")
  func spacing() {
    let text = """
      import   tensor
      theory t :symmetric sort A,B
      box f:A,[ n  h * k+ 1 .. s ]->index v[ ]
      box unit:->H
      rule r:(a*b);c==id[ [ n ] ]*swap
      diagram d( x :H )->y:H,[ n ]{y=f < n,k=16 > [ n d ] ( x,-2 )as head per[ h l ]
      linear w:[d]->[k]per h
      s=size h * k
      z=simd n( a,b=c ){a}
      q=scan n( h=x ; ){ h }
      p=scan n( ;x ){ h }
      return y,z}
      derivation e:a<>b{apply r backward at w with n=4,m=h * k fold f}
      derivation g:a==b{ }
      """
    #expect(
      assertFormatting(text) == """
        import tensor
        theory t: symmetric
        sort A, B
        box f: A, [n h*k+1 ..s] -> index v []
        box unit: -> H
        rule r: (a * b) ; c == id[[n]] * swap
        diagram d(x: H) -> y: H, [n] {
          y = f<n, k = 16>[n d](x, -2) as head per [h l]
          linear w: [d] -> [k] per h
          s = size h*k
          z = simd n(a, b = c) { a }
          q = scan n(h = x;) { h }
          p = scan n(; x) { h }
          return y, z
        }
        derivation e: a <> b {
          apply r backward at w with n = 4, m = h*k
          fold f
        }
        derivation g: a == b {}

        """)
  }

  @Test("single empty lines stay between things, several become one, none stays at a brace")
  func emptyLines() {
    let text =
      "\n\n\nsort A\n\n\n\nsort B\nbox f: ->\ndiagram d() -> {\n\n  y = f()\n\n\n  z = f()\n  y\n\n}\n\n\n"
    #expect(
      assertFormatting(text)
        == "sort A\n\nsort B\nbox f: ->\ndiagram d() -> {\n  y = f()\n\n  z = f()\n  y\n}\n")
  }

  @Test("comments stay where they were: on lines of their own or at the end of a line")
  func comments() {
    let text = """
      # head


      #   detail
      sort A # a sort

      # before f
      box f: A -> A   # f
      diagram d(x: A) -> A { # opens
      # first

        y = f(x) # y

        # result
        y
        # last
      } # closes
      derivation e: a == b { # none
      }
      # end
      """
    #expect(
      assertFormatting(text) == """
        # head

        #   detail
        sort A  # a sort

        # before f
        box f: A -> A  # f
        diagram d(x: A) -> A {  # opens
          # first

          y = f(x)  # y

          # result
          y
          # last
        }  # closes
        derivation e: a == b {  # none
        }
        # end

        """)
  }

  @Test("a comment inside a list puts its elements on lines of their own")
  func commentsInLists() {
    let text = "diagram d(\nx: A, # first\n# second\ny: A\n# end\n) -> A { f(x, g( # c\ny)) }"
    #expect(
      assertFormatting(text) == """
        diagram d(
          x: A,  # first
          # second
          y: A
          # end
        ) -> A {
          f(x, g(  # c
            y
          ))
        }

        """)
  }

  @Test("comments in odd places survive")
  func oddComments() {
    let words = LanguageExamples.inline.split { $0 == " " || $0 == "\n" }
    let text = words.enumerated().map { "\($1) # \($0)\n" }.joined()
    _ = assertFormatting(text)
    let own = words.enumerated().map { "\($1)\n# \($0)\n\n" }.joined()
    #expect(tokensAndComments(assertFormatting(own)).comments.count == words.count)
  }

  @Test("a one-line block that doesn't fit is opened, outermost first")
  func longBlocks() {
    let names = (0..<6).map { "a_rather_long_name_\($0)" }.joined(separator: ", ")
    let text = "diagram d() -> A { y = 1 z = simd n() { simd m() { f(\(names)) } } z }"
    #expect(
      assertFormatting(text) == """
        diagram d() -> A {
          y = 1
          z = simd n() {
            simd m() {
              f(
                a_rather_long_name_0,
                a_rather_long_name_1,
                a_rather_long_name_2,
                a_rather_long_name_3,
                a_rather_long_name_4,
                a_rather_long_name_5
              )
            }
          }
          z
        }

        """)
  }

  @Test("an opened block hugs the brackets around it")
  func hugging() {
    let names = (0..<3).map { "a_rather_long_name_\($0)" }.joined(separator: ", ")
    let text = "diagram d() -> A {\n  sum(g(simd n() { f(\(names)) }), simd n() { f(\(names)) })\n}"
    #expect(
      assertFormatting(text) == """
        diagram d() -> A {
          sum(g(simd n() {
            f(a_rather_long_name_0, a_rather_long_name_1, a_rather_long_name_2)
          }), simd n() {
            f(a_rather_long_name_0, a_rather_long_name_1, a_rather_long_name_2)
          })
        }

        """)
  }

  @Test("long lists, terms and rules are broken at their separators")
  func longLines() {
    let types = (0..<30).map { "T\($0)" }.joined(separator: ", ")
    let term = (0..<30).map { "(a\($0) * b)" }.joined(separator: " ; ")
    let text = """
      box f: \(types) -> \(types)
      rule r: \(term) == \(term)
      rule s(x: A) { f(\(types)) == g(\(types)) }
      diagram d(x: A) -> A {
        \(types) = f(x)
        return \(types)
      }
      """
    let lines = assertFormatting(text).split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 100 })
    #expect(lines.count > 200)
  }

  @Test("where a declaration or statement is broken, its first line stands where it would whole")
  func firstLines() {
    let name = "a_name_of_thirty_five_letters_in_all"
    let text = """
      box \(name): [\(name)], [\(name)] -> []
      diagram d(x: []) -> [] {
        y = \(name)(\(name)(x, x), \(name)(x, x))
        a, b = \(name)(\(name)(x, x), \(name)(x, x))
        y
      }

      """
    #expect(
      formatted(text) == """
        box \(name): [\(name)],
          [\(name)] -> []
        diagram d(x: []) -> [] {
          y = \(name)(
            \(name)(x, x),
            \(name)(x, x)
          )
          a,
            b = \(name)(
            \(name)(x, x),
            \(name)(x, x)
          )
          y
        }

        """)
    #expect(formatted(formatted(text)) == formatted(text))
  }

  @Test("lines up to 100 columns are left alone, longer ones are not")
  func width() {
    func text(_ length: Int) -> String {
      "diagram d() -> A { " + String(repeating: "x", count: length - 21) + " }\n"
    }
    #expect(assertFormatting(text(100)) == text(100))
    #expect(assertFormatting(text(101)).contains("{\n  xxx"))
  }

  @Test("line ends of other systems become newlines, a byte order mark goes")
  func otherSystems() {
    let bytes = [0xEF, 0xBB, 0xBF] + Array("# a \r\nsort A # b\r\n\r\n\r\nsort B\r\n".utf8)
    let tree = SyntaxTree.parse(SourceText(path: "p", bytes: bytes)).tree
    #expect(Formatter.format(tree) == "# a\nsort A  # b\n\nsort B\n")
  }

  @Test("a file with faults is left as it is, an empty one stays empty")
  func faultyFiles() {
    #expect(formatted("sort  A,") == "sort  A,")
    #expect(formatted("  \n\n") == "")
    #expect(assertFormatting("# only a comment") == "# only a comment\n")
  }
}
