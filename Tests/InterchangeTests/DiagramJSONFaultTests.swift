import DiagramIR
import Testing

@testable import Interchange

@Suite("Diagrams in JSON: faults") struct DiagramJSONFaultTests: DiagramFaultExpectation {
  // MARK: The document

  @Test("a text that is not JSON is refused with the byte")
  func syntax() async {
    let fault = JSONError(offset: 1, fault: .unexpectedEnd)
    #expect(error([0x7b])?.fault == .syntax(fault))
    #expect(error([0x7b])?.location == "")
    let limit = DiagramJSON.depthLimit
    let deep = await LargeStack.run {
      error([UInt8](repeating: UInt8(ascii: "["), count: 100_000))
    }
    #expect(deep?.fault == .syntax(JSONError(offset: limit, fault: .tooDeep(limit: limit))))
  }

  @Test("format, version and members are checked")
  func document() {
    expect(
      ["format"], "x", at: "format", .mismatch(expected: "\"anatomy-diagram\"", found: "\"x\""))
    expect(["version"], 2, at: "version", .mismatch(expected: "version 1", found: "2"))
    expect(["sorts"], nil, at: "", .missingMember("sorts"))
    expect(["boxes"], 7, at: "boxes", .mismatch(expected: "an array", found: "7"))
    expect([], "x", at: "", .mismatch(expected: "an object", found: "\"x\""))
    expect(
      inner + ["extra"], 1, at: innerText,
      .unknownMember(
        "extra",
        known: ["doctrine", "types", "operations", "wires", "domain", "codomain", "boxes"]))
    expect(
      ["main"], "sample.none", at: "main", .undeclared("sample.none", kind: "diagram"))
    expect(
      ["main"], "main", at: "main", .mismatch(expected: "a symbol, module.name", found: "\"main\""))
  }

  @Test("declarations that occur twice are refused")
  func duplicates() {
    expect(
      ["boxes", 1, "symbol"], "sample.add", at: "boxes[1].symbol",
      .duplicate("sample.add", kind: "box or diagram"))
    expect(
      ["definitions", 1, "symbol"], "sample.inner", at: "definitions[1].symbol",
      .duplicate("sample.inner", kind: "box or diagram"))
    expect(
      ["sorts"], ["a.B", "a.B"], at: "sorts[1]", .duplicate("a.B", kind: "sort"))
    expect(
      ["theories", 1], .object(["symbol": "sample.sample", "doctrine": "symmetric"]),
      at: "theories[1].symbol", .duplicate("sample.sample", kind: "theory"))
    expect(
      ["definitions", 1, "sizes"], ["n", "n"], at: "definitions[1].sizes[1]",
      .duplicate("n", kind: "size"))
    expect(
      ["definitions", 1, "results"], ["y", "z"], at: "definitions[1].results",
      .mismatch(expected: "1 names or none", found: "2"))
  }

  @Test("what is used must be declared, and earlier")
  func undeclared() {
    expect(
      inner + ["operations", 1, "box"], "sample.none",
      at: innerText + ".operations[1].box", .undeclared("sample.none", kind: "box"))
    expect(
      outer + ["operations", 0, "diagram"], "sample.outer",
      at: outerText + ".operations[0].diagram", .undeclared("sample.outer", kind: "diagram"))
    expect(
      ["sorts", 0], nil, in: DiagramDocuments.symmetricValue, at: "boxes[0].domain[0].sort",
      .undeclared("sample.H", kind: "sort"))
  }

  // MARK: Sizes, types, operations

  @Test("inputs in which a box is linear are its own, each once")
  func linear() {
    expect(
      ["boxes", 0, "linear"], [[0], [7]], at: "boxes[0].linear[1][0]",
      .outOfRange(7, count: 2, list: "input"))
    expect(
      ["boxes", 0, "linear"], [[1, 1]], at: "boxes[0].linear[0][1]",
      .duplicate("1", kind: "input"))
    expect(
      ["boxes", 0, "linear"], 1, at: "boxes[0].linear",
      .mismatch(expected: "an array", found: "1"))
  }

  @Test("sizes are parsed exactly, and refused when they grow too large")
  func sizes() {
    let path = outer + ["operations", 2, "axis"]
    let place = outerText + ".operations[2].axis"
    for text in ["", "n+", "*n", "n m", "-1", "2n", "(n)", "n+ 1", "é", "1.5"] {
      expect(
        path, .string(text), at: place,
        .mismatch(expected: "a size such as h*k+1", found: JSONNode.quoted(text)))
    }
    let maximum = String(Int.max)
    expect(
      path, .string(maximum + "0"), at: place, .size(maximum + "0", .overflow))
    expect(
      path, .string(maximum + "+1"), at: place, .size(maximum + "+1", .overflow))
    expect(
      path, .string(maximum + "*2*n"), at: place, .size(maximum + "*2*n", .overflow))
    let long = (0...Size.maximumTerms).map { "a\($0)" }.joined(separator: "+")
    expect(path, .string(long), at: place, .size(long, .tooManyTerms))
    expect(path, 3, at: place, .mismatch(expected: "a string", found: "3"))
  }

  @Test("sizes in any order are the same size")
  func sizeNotation() throws {
    #expect(try SizeNotation.parse("1+k*2*h+k*h+0*z").description == "3*h*k+1")
    #expect(try SizeNotation.parse("0") == .zero)
    #expect(try SizeNotation.parse("a*a") == Size("a") * Size("a"))
    #expect(try SizeNotation.parse("a*a") != Size("a"))
  }

  @Test("types are checked")
  func types() {
    let place = innerText + ".types[0]"
    expect(
      inner + ["types", 0, "shape", 0], "..2", at: place + ".shape[0]",
      .mismatch(
        expected: "a size, or the name of a shape after two dots", found: "\"..2\""))
    expect(inner + ["types", 0, "shape"], nil, at: place, .missingMember("shape"))
    expect(
      inner + ["types", 0, "sort"], "sample.H", at: place,
      .unknownMember("shape", known: ["sort"]))
    expect(
      inner + ["types", 1, "index"], "", at: innerText + ".types[1].index",
      .mismatch(expected: "a size such as h*k+1", found: "\"\""))
  }

  @Test("operations are checked")
  func operations() {
    let place = outerText + ".operations[0]"
    expect(
      outer + ["operations", 0, "kind"], "fold", at: place + ".kind",
      .mismatch(
        expected: "one of box, use, learn, linear, state, number, size, simd, scan",
        found: "\"fold\""))
    expect(
      outer + ["operations", 0, "sizes"], nil, at: place,
      .mismatch(expected: "1 sizes for k", found: "0"))
    expect(
      outer + ["operations", 0, "sizes"], ["k", "d"], at: place + ".sizes",
      .mismatch(expected: "1 sizes for k", found: "2"))
    expect(outer + ["operations", 0, "label"], nil, at: place, .missingMember("label"))
    expect(
      outer + ["operations", 0, "label"], "a..b", at: place + ".label",
      .mismatch(expected: "a label: names separated by dots", found: "\"a..b\""))
    expect(
      outer + ["operations", 2, "mapped"], -1, at: outerText + ".operations[2].mapped",
      .mismatch(expected: "an integer that is not negative", found: "-1"))
    expect(
      outer + ["doctrine"], "symmetric", at: place + ".diagram",
      .mismatch(expected: "something symmetric, as the diagram is", found: "it is cartesian"))
    expect(
      ["definitions", 0, "sizes"], ["d"], at: "definitions[0].sizes",
      .mismatch(expected: "d, k", found: "d"))
  }

  @Test("constants are numbers or bits")
  func numbers() {
    let place = innerText + ".operations[2].value"
    for value in [
      .string("1"), .string("0x12"), .string("0x7ff000000000000g"), .null,
      JSONDecimal("1e999").map(JSONValue.decimal) ?? 1,
    ] as [JSONValue] {
      let node = JSONNode(value: value, location: .file(""))
      expect(
        inner + ["operations", 2], .object(["kind": "number", "value": value]), at: place,
        .mismatch(
          expected: "a number of 64 bits, or its bits such as \"0x7ff0000000000000\"",
          found: node.description))
    }
  }
}
