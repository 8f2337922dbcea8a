/// Numbers for the bound names of a diagram: size variables, shape variables and labels of learned boxes, in
/// order of first occurrence. They replace the names, so that renaming changes nothing.
struct CanonicalNaming {
  private(set) var sizes = LayeredNumbers<SizeVariable>()
  private(set) var shapes = LayeredNumbers<ShapeVariable>()
  private(set) var labels = LayeredNumbers<String>()
  /// Which diagrams are used under which labels: the learned boxes of two diagrams differ, even if the diagrams
  /// are isomorphic.
  private var definitions = LayeredNumbers<LabelledUse>()
  private struct LabelledUse: Hashable, Sendable {
    let label: String
    let definition: Symbol
  }

  /// Labels of uses that are still folded. A label inside one of them keeps its relation to it.
  let prefixes: Set<String>
  /// Where each size variable occurs, to order several new ones in one size.
  let profiles: [SizeVariable: [[Int]]]

  init(prefixes: Set<String>, profiles: [SizeVariable: [[Int]]]) {
    self.prefixes = prefixes
    self.profiles = profiles
  }

  func isKnown(_ variable: SizeVariable) -> Bool { sizes[variable] != nil }
  func isKnown(_ variable: ShapeVariable) -> Bool { shapes[variable] != nil }
  func isKnown(label: String) -> Bool { labels[label] != nil }

  mutating func append(_ size: Size, to bytes: inout [UInt8]) {
    name(variablesOf: size)
    let terms = size.terms.map { term in
      [term.coefficient] + term.variables.map { sizes[$0] ?? 0 }.sorted()
    }
    bytes.append(varint: terms.count)
    for term in terms.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      bytes.append(varint: term.count)
      for number in term { bytes.append(varint: number) }
    }
  }

  mutating func append(_ shape: ShapeVariable, to bytes: inout [UInt8]) {
    bytes.append(varint: shapes.number(shape))
  }

  /// The longest label of a folded use that the label lies in.
  func prefix(of label: String) -> String? {
    var rest = label[...]
    while !prefixes.isEmpty, let dot = rest.lastIndex(of: ".") {
      rest = rest[..<dot]
      if prefixes.contains(String(rest)) { return String(rest) }
    }
    return nil
  }

  mutating func append(label: String, to bytes: inout [UInt8]) {
    var label = label
    while let prefix = prefix(of: label) {
      bytes.append(1)
      bytes.append(string: String(label.dropFirst(prefix.count)))
      label = prefix
    }
    bytes.append(0)
    bytes.append(varint: labels.number(label))
  }

  func isKnown(_ definition: Symbol, label: String) -> Bool {
    definitions[LabelledUse(label: label, definition: definition)] != nil
  }

  private mutating func append(
    _ definition: Symbol, usedAs label: String, to bytes: inout [UInt8]
  ) {
    let use = LabelledUse(label: label, definition: definition)
    bytes.append(varint: definitions.number(use))
  }

  /// From now on copies share what has numbers already.
  mutating func seal() {
    sizes.seal()
    shapes.seal()
    labels.seal()
    definitions.seal()
  }

  /// How many names have got numbers since the last `seal()`.
  var newNames: Int { sizes.upperCount + shapes.upperCount + labels.upperCount }

  /// Gives numbers to the size variables that another naming has numbered since the last `seal()`.
  mutating func adopt(_ other: CanonicalNaming) {
    for variable in other.sizes.upperKeys { _ = sizes.number(variable) }
  }

  /// Numbers the new variables of a size. Several at once are ordered by where else they occur; variables that
  /// occur in the same places in the same way can't be told apart by that, and then either order is taken.
  private mutating func name(variablesOf size: Size) {
    let new = size.variables.filter { sizes[$0] == nil }
    let ordered =
      new.count < 2
      ? new
      : new.sorted { left, right in
        let (a, b) = (profiles[left] ?? [], profiles[right] ?? [])
        return a == b
          ? left < right : a.lexicographicallyPrecedes(b) { $0.lexicographicallyPrecedes($1) }
      }
    for variable in ordered { _ = sizes.number(variable) }
  }
}

extension CanonicalNaming {
  mutating func append(_ type: WireType, to bytes: inout [UInt8]) {
    switch type {
    case .sort(let symbol):
      bytes.append(0)
      bytes.append(string: symbol.description)
    case .array(let element, let shape):
      bytes.append(1)
      if case .index(let size) = element {
        bytes.append(1)
        append(size, to: &bytes)
      } else {
        bytes.append(0)
      }
      bytes.append(varint: shape.count)
      for dimension in shape { append(dimension, to: &bytes) }
    }
  }

  private mutating func append(_ dimension: Dimension, to bytes: inout [UInt8]) {
    switch dimension {
    case .size(let size):
      bytes.append(0)
      append(size, to: &bytes)
    case .shape(let variable):
      bytes.append(1)
      append(variable, to: &bytes)
    }
  }

  mutating func append(_ operation: Operation, to bytes: inout [UInt8]) {
    switch operation {
    case .box(let symbol):
      bytes.append(0)
      bytes.append(string: symbol.description)
    case .use(let use):
      bytes.append(1)
      for word in use.content.words { bytes.append(varint: Int(word)) }
      append(list: use.openSizes, to: &bytes)
      bytes.append(use.label.isEmpty ? 0 : 1)
      if !use.label.isEmpty {
        append(label: use.label, to: &bytes)
        append(use.definition, usedAs: use.label, to: &bytes)
      }
      append(list: use.per, to: &bytes)
    case .learned(let box):
      bytes.append(2)
      bytes.append(string: box.kind.rawValue)
      append(label: box.label, to: &bytes)
      append(list: box.per, to: &bytes)
    case .number(let pattern):
      bytes.append(3)
      bytes.append(varint: Int(bitPattern: UInt(pattern)))
    case .size(let size):
      bytes.append(4)
      append(size, to: &bytes)
    case .simd(let axis, _):
      bytes.append(5)
      append(axis, to: &bytes)
    case .scan(let axis, let states, _):
      bytes.append(6)
      append(axis, to: &bytes)
      bytes.append(varint: states)
    }
  }

  private mutating func append(list: [Size], to bytes: inout [UInt8]) {
    bytes.append(varint: list.count)
    for size in list { append(size, to: &bytes) }
  }
}

extension Size {
  /// How a variable occurs: for each term that has it, the coefficient, its power and the degree; sorted.
  func profile(of variable: SizeVariable) -> [Int] {
    terms.compactMap { term in
      let power = term.variables.count { $0 == variable }
      return power == 0 ? nil : [term.coefficient, power, term.variables.count]
    }
    .sorted { $0.lexicographicallyPrecedes($1) }.flatMap { $0 }
  }
}

extension Array where Element == UInt8 {
  /// Appends a non-negative number, seven bits a byte, low bits first.
  package mutating func append(varint number: Int) {
    var rest = UInt64(bitPattern: Int64(number))
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(rest))
  }

  /// Appends a length and the bytes of a string.
  package mutating func append(string: String) {
    append(varint: string.utf8.count)
    append(contentsOf: string.utf8)
  }
}
