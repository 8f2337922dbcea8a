import DiagramIR
import Testing

@testable import Interchange

@Suite("Diagrams in JSON: faults in regions")
struct DiagramJSONRegionFaultTests: DiagramFaultExpectation {
  // MARK: Regions

  @Test("positions of types, operations and wires are in range")
  func positions() {
    expect(
      inner + ["wires", 0, 0], 3, at: innerText + ".wires[0][0]",
      .outOfRange(3, count: 3, list: "type"))
    expect(
      inner + ["boxes", 0, "operation"], -1, at: innerText + ".boxes[0].operation",
      .outOfRange(-1, count: 2, list: "operation"))
    expect(
      inner + ["boxes", 0, "inputs", 0], .integer(.max), at: innerText + ".boxes[0].inputs[0]",
      .outOfRange(.max, count: 3, list: "wire"))
    expect(
      inner + ["codomain", 0], "x", at: innerText + ".codomain[0]",
      .mismatch(expected: "the position of a wire", found: "\"x\""))
    expect(
      inner + ["wires", 0, 2], 1, at: innerText + ".wires[0]",
      .mismatch(expected: "a pair of a type and a name", found: "an array"))
    expect(
      inner + ["wires", 0, 1], "a b", at: innerText + ".wires[0][1]",
      .mismatch(expected: "a name of letters, digits and _", found: "\"a b\""))
  }

  @Test("each wire has one producer, and in a symmetric diagram one consumer")
  func ends() {
    let producer = "one producer, a box's output or a place in the domain"
    expect(
      inner + ["boxes", 1, "outputs", 0], 1, at: innerText + ".wires[1]",
      .mismatch(expected: producer, found: "2"))
    expect(
      inner + ["domain", 1], 0, at: innerText + ".wires[0]",
      .mismatch(expected: producer, found: "2"))
    expect(
      inner + ["wires", 3], [0, ""], at: innerText + ".wires[3]",
      .mismatch(expected: producer, found: "0"))
    expect(
      inner + ["boxes", 1, "inputs", 0], 0, in: DiagramDocuments.symmetricValue,
      at: innerText + ".wires[0]",
      .mismatch(expected: "one consumer, since the diagram is symmetric", found: "2"))
  }

  @Test("circles, wrong port types and lanes that are not there are found")
  func invariants() {
    let lanes = DiagramDocuments.laneValue
    let body = inner + ["boxes", 0, "body", "boxes", 0]
    expect(
      body + ["inputs", 0], 2, in: lanes, at: innerText + ".boxes[0].body",
      .invariant(.cycle(RegionID(0))))
    expect(
      body + ["inputs"], [0], in: lanes, at: innerText + ".boxes[0].body.boxes[0]",
      .mismatch(expected: "([], []) -> ([])", found: "([]) -> ([])"))
    expect(
      outer + ["operations", 0, "per"], ["m"], at: outerText,
      .invariant(.noLane(label: "f", axis: Size("m"))))
    expect(
      inner + ["operations", 0, "kind"], "state", at: innerText + ".boxes[0]",
      .invariant(.portTypes(BoxID(0), "state 'w' has 1 inputs")))
  }

  @Test("a label stands for one function")
  func labels() {
    let use = JSONValue.object([
      "kind": "use", "diagram": "sample.inner", "label": "f", "sizes": ["k"],
    ])
    let changed = DiagramDocuments.value
      .setting(outer + ["operations", 3], to: use)
      .setting(outer + ["wires", 3], to: [2, "z"])
      .setting(outer + ["wires", 4], to: [1, ""])
      .setting(outer + ["domain"], to: [0, 1, 3])
      .setting(
        outer + ["boxes", 1], to: .object(["operation": 3, "inputs": [3], "outputs": [4]]))
    let renamed = changed.setting(outer + ["operations", 3, "label"], to: "g")
    expect(
      outer + ["operations", 3, "label"], "f", in: renamed, at: outerText + ".boxes[1]",
      .label("f", reason: "its uses have different sizes or axes"))
  }

  @Test("SIMD boxes fit their bodies")
  func simd() {
    let (lanes, box) = (DiagramDocuments.laneValue, inner + ["boxes", 0])
    let place = innerText + ".boxes[0]"
    expect(box + ["body"], nil, in: lanes, at: place, .missingMember("body"))
    expect(
      box + ["operation"], 0, in: lanes, at: place + ".body",
      .mismatch(
        expected: "no body, since the box is neither simd nor scan", found: "an object"))
    expect(
      inner + ["operations", 1, "mapped"], .integer(.max), in: lanes, at: place + ".inputs",
      .mismatch(
        expected: "at least \(Int.max) wires, states and mapped ones", found: "2"))
    expect(
      box + ["inputs"], [0, 1, 1], in: lanes, at: place + ".body.domain",
      .mismatch(expected: "3 wires, as many as the box has inputs", found: "2"))
    expect(
      inner + ["operations", 1, "mapped"], 1, in: lanes, at: place + ".inputs[1]",
      .mismatch(expected: "a wire of type []", found: "[n]"))
    expect(
      inner + ["operations", 1, "axis"], "m", in: lanes, at: place + ".inputs[0]",
      .mismatch(expected: "a wire of type [m]", found: "[n]"))
    expect(
      box + ["body", "codomain", 1], 2, in: lanes, at: place + ".outputs",
      .mismatch(expected: "2 wires, as many as the body returns", found: "1"))
    expect(
      inner + ["wires", 2, 0], 1, in: lanes, at: place + ".outputs[0]",
      .mismatch(expected: "a wire of type [n]", found: "[]"))
  }

  @Test("scan boxes fit their bodies")
  func scan() {
    let scan = DiagramDocuments.scanValue
    let place = innerText + ".boxes[0]"
    expect(
      inner + ["operations", 1, "states"], 2, in: scan, at: place + ".inputs",
      .mismatch(expected: "at least 3 wires, states and mapped ones", found: "2"))
    expect(
      inner + ["boxes", 0, "body", "codomain"], [], in: scan, at: place + ".body.codomain",
      .mismatch(expected: "at least 1 wires, the next states", found: "0"))
    expect(
      inner + ["operations", 1, "states"], 0, in: scan, at: place + ".inputs[0]",
      .mismatch(expected: "a wire of type [n]", found: "[]"))
  }

  // MARK: Messages

  @Test("messages name the file, the place, what was expected and what was found")
  func messages() {
    let wire = DiagramDocuments.value.setting(inner + ["boxes", 0, "inputs", 0], to: 9)
    #expect(
      error(wire.compactBytes)?.description
        == "x.json: definitions[0].diagram.boxes[0].inputs[0]: there is no wire 9: expected 0 to 2")
    let kind = DiagramDocuments.value.setting(["version"], to: "\u{1b}[31m")
    #expect(
      error(kind.compactBytes)?.description
        == #"x.json: version: expected version 1, found "\u001b[31m""#)
    #expect(error([])?.description == "x.json: byte 0: the JSON text ends in the middle of a value")
  }
}
