import Diagnostics
import DiagramIR

/// What can be wrong with a file that is well formed as text: the stable id and the wording of each.
enum ElaborationFault {
  // Names.
  case unknownImport(String)
  case importCycle([String])
  case unknownName(String, kind: String, mend: String)
  case ambiguousName(String, [Symbol])
  case duplicate(String, kind: String, line: Int)
  case useBeforeDefinition(String, line: Int)
  case recursiveDiagram([String])
  // Theories.
  case noTheory(String, kind: String)
  case mixedDoctrines(box: String, Doctrine, others: Doctrine)
  case linearInput(String, String)
  // Types.
  case argumentCount(box: String, expected: [WireType], found: [WireType])
  case typeMismatch(what: String, expected: WireType, found: WireType)
  case resultCount(what: String, expected: Int, found: Int)
  case nameCount(names: Int, results: Int)
  case notOneWire(found: Int)
  case peeling(what: String, axis: Size, found: WireType)
  case sortInLanes(WireType)
  case undetermined(box: String, what: [String])
  case sizeTooLarge
  // Calls.
  case sizeArgument(box: String, problem: String)
  case labelWithoutLearned(String)
  case labelConflict(String, reason: String)
  case perOutsideLanes(String, axis: Size)
  case learnedShape(String, reason: String)
  case laneStates(expected: Int, found: Int)
  // Linear wires.
  case unusedWire(String)
  case reusedWire(String, line: Int)
  case sharedWire(String)
  // Terms, rules and derivations.
  case composition(codomain: Int, domain: Int)
  case ruleInterface(String, left: [String], right: [String])
  case undeterminedWire(String)
  case derivationInterface(String, String, source: String, target: String)
  case notExact(String, Relation)
  case enumeration(String)

  /// The fault as a diagnostic at a place.
  func diagnostic(_ span: SourceSpan) -> Diagnostic {
    let (id, message, notes) = wording
    return Diagnostic(id: id, span: span, message: message, notes: notes)
  }

  private typealias Wording = (id: String, message: String, notes: [String])

  private var wording: Wording {
    switch self {
    case .unknownImport, .importCycle, .unknownName, .ambiguousName, .duplicate,
      .useBeforeDefinition, .recursiveDiagram:
      nameWording
    case .noTheory, .mixedDoctrines, .linearInput, .unusedWire, .reusedWire, .sharedWire:
      theoryWording
    case .argumentCount, .typeMismatch, .resultCount, .nameCount, .notOneWire, .peeling,
      .sortInLanes, .undetermined, .sizeTooLarge:
      typeWording
    case .sizeArgument, .labelWithoutLearned, .labelConflict, .perOutsideLanes, .learnedShape,
      .laneStates:
      callWording
    case .composition, .ruleInterface, .undeterminedWire, .derivationInterface, .notExact,
      .enumeration:
      ruleWording
    }
  }

  private var nameWording: Wording {
    switch self {
    case .unknownImport(let name):
      (
        "unknown-import", "no file '\(name).rules' or '\(name).diagram' was found",
        ["it is looked for beside this file, in the standard library, and in --library folders"]
      )
    case .importCycle(let names):
      (
        "import-cycle", "files import each other in a circle: \(names.joined(separator: " → "))",
        ["move what both need into a file of its own"]
      )
    case .unknownName(let name, let kind, let mend):
      ("unknown-\(kind)", "there is no \(kind) '\(name)' here", mend.isEmpty ? [] : [mend])
    case .ambiguousName(let name, let symbols):
      (
        "ambiguous-name", "'\(name)' is declared in several imported files",
        ["write \(symbols.map(\.description).joined(separator: " or "))"]
      )
    case .duplicate(let name, let kind, let line):
      (
        "duplicate-name", "the \(kind) '\(name)' is declared twice",
        ["it is declared first on line \(line)", "give one of them another name"]
      )
    case .useBeforeDefinition(let name, let line):
      (
        "use-before-definition", "'\(name)' is used before it is defined on line \(line)",
        ["move its definition up"]
      )
    case .recursiveDiagram(let names):
      (
        "recursive-diagram",
        "diagrams use each other in a circle: \(names.joined(separator: " → "))",
        [
          "a diagram's name stands for its definition, so it can't occur in it; `scan` repeats a body"
        ]
      )
    default: ("", "", [])
    }
  }

  private var theoryWording: Wording {
    switch self {
    case .noTheory(let name, let kind):
      (
        "no-theory", "the \(kind) '\(name)' belongs to no theory",
        ["write a line such as `theory mine: cartesian` above it"]
      )
    case .mixedDoctrines(let box, let doctrine, let others):
      (
        "mixed-doctrines", "'\(box)' is \(doctrine), but the boxes before it are \(others)",
        [
          "under × wires carry arrays and may be copied, under ⊗ they carry vector spaces and may not; "
            + "one diagram has one reading"
        ]
      )
    case .linearInput(let name, let problem):
      (
        "linear-input", "'\(name)' can't be linear in this: \(problem)",
        [
          "`linear` means all inputs together, `linear in 1 3` the first and the third, `linear in 1, 2` each "
            + "of two; indices are no numbers"
        ]
      )
    case .unusedWire(let name):
      (
        "unused-wire", "'\(name)' is never used, and a symmetric theory uses every wire once",
        ["delete it with a box such as `counit`, or declare the theory cartesian"]
      )
    case .reusedWire(let name, let line):
      (
        "reused-wire", "'\(name)' is used again, and a symmetric theory uses every wire once",
        [
          "it is used first on line \(line)",
          "copy it with a box such as `comul`, or declare the theory cartesian",
        ]
      )
    case .sharedWire(let name):
      (
        "shared-wire", "'\(name)' would be shared by all lanes, which copies it",
        ["a symmetric theory has no copies; list it in the parentheses to give each lane its part"]
      )
    default: ("", "", [])
    }
  }

  private var typeWording: Wording {
    switch self {
    case .argumentCount(let box, let expected, let found):
      (
        "wrong-argument-count",
        "'\(box)' takes \(counted(expected.count, "wire")), and here are \(found.count)",
        ["expected \(list(expected))", "found \(list(found))"]
      )
    case .typeMismatch(let what, let expected, let found):
      (
        "type-mismatch", "\(what) has the wrong type",
        ["expected \(expected)", "found \(found)"] + mend(expected, found)
      )
    case .resultCount(let what, let expected, let found):
      (
        "wrong-result-count",
        "\(what) has \(counted(expected, "result")), and here \(found == 1 ? "is" : "are") \(found)",
        []
      )
    case .nameCount(let names, let results):
      (
        "wrong-name-count",
        "the expression has \(counted(results, "result")) for \(counted(names, "name"))",
        ["write one name for each result"]
      )
    case .notOneWire(let found):
      ("not-one-wire", "one wire is needed here, and the expression has \(found) results", [])
    case .peeling(let what, let axis, let found):
      (
        "axis-mismatch", "\(what) can't be split into lanes over \(axis)",
        [
          "expected a type [\(axis) …], whose leading axis is \(axis)", "found \(found)",
          "a wire that every lane sees whole is used in a `simd` body without being listed",
        ]
      )
    case .sortInLanes(let type):
      (
        "sort-in-lanes", "a wire of sort \(type) can't come out of lanes",
        ["only arrays have axes"]
      )
    case .undetermined(let box, let what):
      (
        "undetermined-size",
        "nothing here determines \(what.joined(separator: ", ")) of '\(box)'",
        [
          "give it in angle brackets, as in \(box)<\(what.first.map { $0.split(separator: " ").last.map(String.init) ?? "n" } ?? "n") = 4>(…)"
        ]
      )
    case .sizeTooLarge:
      (
        "size-too-large",
        "a size here exceeds 64 bits, or has more than \(Size.maximumTerms) terms or a degree above "
          + "\(Size.maximumDegree)", []
      )
    default: ("", "", [])
    }
  }

  private var callWording: Wording {
    switch self {
    case .sizeArgument(let box, let problem):
      ("size-argument", "the sizes given to '\(box)' don't fit: \(problem)", [])
    case .labelWithoutLearned(let name):
      (
        "label-without-learned",
        "'\(name)' has no learned boxes, so `as` and `per` mean nothing here",
        ["leave them out"]
      )
    case .labelConflict(let label, let reason):
      (
        "label-conflict", "the label '\(label)' stands for two different functions: \(reason)",
        ["a label is semantics: choose another with `as`"]
      )
    case .perOutsideLanes(let name, let axis):
      (
        "per-outside-lanes",
        "'\(name)' is per \(axis), but no simd or scan over \(axis) is around it",
        ["put it into `simd \(axis)(…) { … }`, or leave out `per \(axis)`"]
      )
    case .learnedShape(let name, let reason): ("learned-type", "'\(name)' \(reason)", [])
    case .laneStates(let expected, let found):
      (
        "scan-states",
        "the body returns \(counted(found, "wire")), but there \(expected == 1 ? "is" : "are") "
          + "\(counted(expected, "state"))",
        ["return the next states first, in order, then what the lanes return"]
      )
    default: ("", "", [])
    }
  }

  private var ruleWording: Wording {
    switch self {
    case .composition(let codomain, let domain):
      (
        "composition-mismatch",
        "\(counted(codomain, "wire")) can't be composed with \(counted(domain, "wire"))",
        ["`;` glues the outputs on its left to the inputs on its right, one by one"]
      )
    case .ruleInterface(let what, let left, let right):
      (
        "rule-interface", "the sides of the rule differ in their \(what)",
        [
          "the left side has (\(left.joined(separator: ", ")))",
          "the right side has (\(right.joined(separator: ", ")))",
        ]
      )
    case .undeterminedWire(let place):
      ("undetermined-type", "nothing determines the type of \(place)", ["write it: id[H]"])
    case .derivationInterface(let source, let target, let from, let to):
      (
        "derivation-interface", "'\(source)' and '\(target)' have different types",
        ["'\(source)' is \(from)", "'\(target)' is \(to)"]
      )
    case .notExact(let name, let relation):
      (
        "not-exact",
        "'\(name)' is a rule of \(relation.rawValue), and `normalize` takes exact rules",
        ["apply it by itself"]
      )
    case .enumeration(let problem): ("enumeration-clause", problem, [])
    default: ("", "", [])
    }
  }

  private func list(_ types: [WireType]) -> String {
    types.isEmpty ? "none" : types.map(\.description).joined(separator: ", ")
  }

  private func counted(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  /// A mend for the most common mistakes between shapes.
  private func mend(_ expected: WireType, _ found: WireType) -> [String] {
    guard case .array(_, let wanted) = expected, case .array(_, let given) = found,
      given.count > wanted.count
    else { return [] }
    let axes = given.dropLast(wanted.count).map(\.description).joined(separator: " ")
    return ["to apply the box in each lane, lift it: f[\(axes)](…)"]
  }
}
