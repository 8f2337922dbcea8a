import DiagramIR
import Rewriting
import Testing

@Suite("Matching")
struct MatcherTests {
  @Test(
    "n multiplications in a comb have n - 1 places for associativity",
    arguments: [2, 3, 10, 50])
  func combs(_ count: Int) throws {
    for doctrine in Doctrine.allCases {
      let pattern = Pattern(Rules.assoc(doctrine).left)
      let left = comb(count, doctrine, .real(Size("d")))
      #expect(Matcher(left).matches(of: pattern).count == count - 1)
      let scalar = Pattern(Rules.assoc(doctrine, .scalar).left)
      #expect(Matcher(left).matches(of: scalar).isEmpty)
      #expect(Matcher(rightComb(count, doctrine)).matches(of: scalar).isEmpty)
    }
  }

  @Test("matches lie in lanes at any depth, and sizes are solved for")
  func lanesInLanes() throws {
    let type = WireType.real(Size("d"))
    let nested = lanes(lanes(comb(3, .cartesian, type), "m"), "n")
    let matches = Matcher(nested).matches(of: Pattern(Rules.assoc(.cartesian).left))
    #expect(matches.count == 2)
    #expect(matches.allSatisfy { $0.region == RegionID(0) })
    #expect(matches[0].substitution.sizes == [SizeVariable("s"): Size("d")])
    let scalars = lanes(comb(3, .cartesian), "n")
    #expect(Matcher(scalars).matches(of: Pattern(Rules.assoc(.cartesian).left)).isEmpty)
  }

  @Test("in symmetric, a path out of the match and back forbids it")
  func convexity() throws {
    // f ; g around h: f(x) = a, b; h(b) = c; g(a, c).
    func around(_ h: String?) -> Diagram {
      var sketch = Sketch(.symmetric)
      let ends = sketch.box("f", sketch.input(), outputs: 2)
      let middle = h.map { sketch.map($0, ends[1]) } ?? ends[1]
      return sketch.finish(sketch.box("g", ends[0], middle)[0])
    }
    // The pattern has an input beside the box f and an output beside g, and only one wire in between.
    var sketch = Sketch(.symmetric)
    let x = sketch.input()
    let ends = sketch.box("f", x, outputs: 2)
    let beside = sketch.input()
    let result = sketch.box("g", ends[0], beside)[0]
    let pattern = Pattern(sketch.finish(result, ends[1]))
    #expect(Matcher(around("h")).matches(of: pattern).isEmpty)
    #expect(Matcher(around(nil)).matches(of: pattern).isEmpty)
    // Where nothing leads back, the same pattern matches.
    var open = Sketch(.symmetric)
    let outputs = open.box("f", open.input(), outputs: 2)
    let other = open.input()
    let product = open.box("g", outputs[0], other)[0]
    #expect(Matcher(open.finish(product, outputs[1])).matches(of: pattern).count == 1)
  }

  @Test("in cartesian, other consumers of a wire inside the pattern keep the old producer")
  func otherConsumers() throws {
    var sketch = Sketch(.cartesian)
    let (a, b, c) = (sketch.input(), sketch.input(), sketch.input())
    let ab = sketch.mul(a, b)
    let product = sketch.mul(ab, c)
    let diagram = sketch.finish(product, sketch.map("f", ab))
    let rewrite = try Rewrite(Rules.assoc(.cartesian, .scalar), .forward)
    let matcher = Matcher(diagram)
    let match = try #require(matcher.firstMatch(of: rewrite.pattern))
    let result = try rewrite.apply(match, in: matcher)
    try result.verify()
    var expected = Sketch(.cartesian)
    let (x, y, z) = (expected.input(), expected.input(), expected.input())
    let new = expected.mul(x, expected.mul(y, z))
    let old = expected.mul(x, y)
    #expect(result.isIsomorphic(to: expected.finish(new, expected.map("f", old))))
    #expect(result.boxCount == 4 && diagram.boxCount == 3)
  }

  @Test("in cartesian, inputs may be one wire, and a repeated input must be")
  func identifications() throws {
    var square = Sketch(.cartesian)
    let x = square.input()
    let pattern = Pattern(square.finish(square.mul(x, x)))
    var sketch = Sketch(.cartesian)
    let (a, b) = (sketch.input(), sketch.input())
    let diagram = sketch.finish(sketch.mul(a, a), sketch.mul(a, b))
    #expect(Matcher(diagram).matches(of: pattern).count == 1)
    #expect(Matcher(diagram).matches(of: Pattern(Rules.commute(.cartesian).left)).count == 2)
  }

  @Test("labels are variables: equal labels exactly for equal labels")
  func labels() throws {
    func pair(_ first: String, _ second: String) -> Diagram {
      var builder = DiagramBuilder(doctrine: .cartesian)
      let x = builder.addDomainWire(.real(Size("k")))
      let outputs = [first, second].map { label in
        builder.addBox(
          .learned(LearnedBox(kind: .linear, label: label)), inputs: [x],
          outputs: [.real(Size("k"))])[0]
      }
      return builder.finish(codomain: outputs)
    }
    #expect(Matcher(pair("f", "g")).matches(of: Pattern(pair("a", "a"))).isEmpty == false)
    let tied = Matcher(pair("f", "f")).firstMatch(of: Pattern(pair("a", "a")))
    #expect(tied?.labels == ["a": "f"])
    let matches = Matcher(pair("f", "g")).matches(of: Pattern(pair("a", "b")))
    #expect(Set(matches.map(\.labels)) == [["a": "f", "b": "g"], ["a": "g", "b": "f"]])
    #expect(Matcher(pair("f", "f")).matches(of: Pattern(pair("a", "b"))).isEmpty)
  }

  @Test("lanes match as a whole: the order of their inputs doesn't matter, the kind does")
  func bodies() throws {
    func diagram(sharedFirst: Bool, mappedBoth: Bool) -> Diagram {
      var builder = DiagramBuilder(doctrine: .symmetric)
      let x = builder.addDomainWire(.real(Size("n")))
      let c = builder.addDomainWire(mappedBoth ? .real(Size("n")) : .scalar)
      builder.openBody()
      let inner = [builder.addDomainWire(.scalar), builder.addDomainWire(.scalar)]
      let operands = sharedFirst ? [inner[1], inner[0]] : inner
      let sum = builder.addBox(.box(symbol("mul")), inputs: operands, outputs: [.scalar])
      let outputs = builder.closeBody(
        .simd(axis: Size("n"), mapped: mappedBoth ? 2 : 1), inputs: [x, c], codomain: sum,
        outputs: [.real(Size("n"))])
      return builder.finish(codomain: outputs)
    }
    let both = diagram(sharedFirst: false, mappedBoth: true)
    let swapped = diagram(sharedFirst: true, mappedBoth: true)
    let shared = diagram(sharedFirst: false, mappedBoth: false)
    #expect(Matcher(swapped).matches(of: Pattern(both)).count == 1)
    #expect(Matcher(shared).matches(of: Pattern(shared)).count == 1)
    #expect(Matcher(shared).matches(of: Pattern(both)).isEmpty)
    let reversed = diagram(sharedFirst: true, mappedBoth: false)
    #expect(Matcher(reversed).matches(of: Pattern(shared)).isEmpty)
  }

  @Test("in frobenius, wires inside the pattern have exactly its ends")
  func frobenius() throws {
    func chain(_ isOpen: Bool) -> Diagram {
      var sketch = Sketch(.frobenius)
      let middle = sketch.map("f", sketch.input())
      let end = sketch.map("g", middle)
      return isOpen ? sketch.finish(end, middle) : sketch.finish(end)
    }
    #expect(Matcher(chain(false)).matches(of: Pattern(chain(false))).count == 1)
    #expect(Matcher(chain(true)).matches(of: Pattern(chain(false))).isEmpty)
    let rule = Rule(
      symbol: symbol("r"), relation: .equal, left: chain(false),
      right: Rules.rename("x", "h", "h", .frobenius).left)
    let rewrite = try Rewrite(rule, .forward)
    let matcher = Matcher(chain(false))
    let match = try #require(matcher.firstMatch(of: rewrite.pattern))
    let result = try rewrite.apply(match, in: matcher)
    #expect(result.isIsomorphic(to: rule.right))
    #expect(result.wireCount == 2)
  }
}
