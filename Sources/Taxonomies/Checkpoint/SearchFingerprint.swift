import DiagramIR
import Rewriting

extension TaxonomySearch {
  /// A hash of all that decides what the search finds from a diagram, but for the limit: the diagram, the rules and
  /// their order, the laws of the identity, the diagrams that these use and what is declared of their boxes.
  ///
  /// - Complexity: linear in those.
  public func fingerprint(of root: Diagram) -> Digest {
    var contents = FingerprintContents(identity.environment)
    contents.bytes.append(varint: MechanismIdentity.version)
    contents.add(root)
    contents.bytes.append(varint: moves.count)
    for move in moves {
      contents.bytes.append(move.direction == .forward ? 0 : 1)
      contents.add(move.declaration)
    }
    for laws in [identity.laws, identity.drawings.laws] {
      contents.bytes.append(varint: laws.count)
      for law in laws {
        contents.bytes.append(string: "\(law)")
        if case .rule(let symbol) = law, let rule = identity.environment.rule(symbol) {
          contents.add(rule)
        }
      }
    }
    return contents.digest()
  }
}

/// Declarations as bytes.
private struct FingerprintContents {
  private let environment: Environment
  private var definitions: [Symbol] = []
  private var boxes: [Symbol] = []
  private var seen: Set<Symbol> = []
  var bytes: [UInt8] = []

  init(_ environment: Environment) { self.environment = environment }

  mutating func add(_ rule: Rule) {
    bytes.append(rule.symbol)
    bytes.append(string: rule.relation.rawValue)
    bytes.append(string: rule.citation ?? "")
    add(rule.left)
    add(rule.right)
  }

  mutating func add(_ diagram: Diagram) {
    var store = DiagramStore(diagram.doctrine)
    store.append(diagram)
    bytes.append(string: diagram.doctrine.rawValue)
    bytes += store.tableBytes
    bytes.append(varint: store.bytes.count)
    bytes += store.bytes
    for operation in diagram.operations {
      switch operation {
      case .box(let symbol) where seen.insert(symbol).inserted: boxes.append(symbol)
      case .use(let use) where seen.insert(use.definition).inserted:
        definitions.append(use.definition)
      default: continue
      }
    }
  }

  /// The hash of what was added and of what that refers to.
  mutating func digest() -> Digest {
    var next = 0
    while next < definitions.count {
      let symbol = definitions[next]
      next += 1
      bytes.append(symbol)
      guard let definition = environment.definition(symbol) else { continue }
      bytes.append(varint: definition.openSizes.count)
      for size in definition.openSizes { bytes.append(string: size.name) }
      add(definition.diagram)
    }
    for symbol in boxes {
      bytes.append(symbol)
      let groups = environment.box(symbol)?.linear ?? []
      bytes.append(varint: groups.count)
      for group in groups {
        bytes.append(varint: group.count)
        for place in group { bytes.append(varint: place) }
      }
    }
    return Digest(bytes)
  }
}
