import DiagramIR

/// The kinds of names that don't collide with one another.
public enum NameSpace: Hashable, Sendable {
  /// Sorts.
  case sorts
  /// Boxes and diagrams: whatever can be called.
  case callables
  /// Rules.
  case rules
  /// Derivations.
  case derivations
  /// Theories.
  case theories
  /// Enumerations.
  case enumerations
}

/// What a name means in a module.
enum Meaning {
  case symbol(Symbol)
  case ambiguous([Symbol])
  case unknown
}

/// What the names of a program mean, module by module.
///
/// A module sees its own names first, then those of the modules it imports, directly or not, then those of the
/// tensor theory.
struct ModuleScope {
  private var declared: [[NameSpace: [String: Symbol]]]
  private var visible: [[Int]]
  private let prelude: Int?
  private let baseNames: [String]

  init(_ graph: ModuleGraph) {
    declared = Array(repeating: [:], count: graph.modules.count)
    prelude = graph.prelude
    visible = []
    baseNames = graph.modules.map(\.baseName)
    for module in graph.modules.indices {
      visible.append(Self.reachable(from: module, in: graph))
    }
  }

  /// Declares a name; false when the module has it already.
  mutating func declare(_ name: String, _ space: NameSpace, as symbol: Symbol, in module: Int)
    -> Bool
  {
    guard declared[module][space]?[name] == nil else { return false }
    declared[module][space, default: [:]][name] = symbol
    return true
  }

  /// What a name, possibly qualified, means in a module.
  func meaning(of name: String, _ space: NameSpace, in module: Int) -> Meaning {
    if let dot = name.firstIndex(of: ".") {
      let (file, rest) = (String(name[..<dot]), String(name[name.index(after: dot)...]))
      let symbols = modules(named: file, from: module).compactMap { declared[$0][space]?[rest] }
      return symbols.first.map { .symbol($0) } ?? .unknown
    }
    if let own = declared[module][space]?[name] { return .symbol(own) }
    let found = visible[module].compactMap { declared[$0][space]?[name] }
    if found.count > 1 { return .ambiguous(found.sorted()) }
    if let symbol = found.first { return .symbol(symbol) }
    if let prelude, let symbol = declared[prelude][space]?[name] { return .symbol(symbol) }
    return .unknown
  }

  /// All names of a kind that a module sees, sorted.
  func names(_ space: NameSpace, in module: Int) -> [String] {
    var modules = visible[module] + [module]
    if let prelude, !modules.contains(prelude) { modules.append(prelude) }
    return Set(modules.flatMap { declared[$0][space].map { Array($0.keys) } ?? [] }).sorted()
  }

  /// The symbols of a kind that a module declares itself.
  func symbols(_ space: NameSpace, declaredIn module: Int) -> Set<Symbol> {
    Set(declared[module][space].map { Array($0.values) } ?? [])
  }

  /// The modules of that name that a module sees, itself first.
  func modules(named name: String, from module: Int) -> [Int] {
    let seen = [module] + visible[module] + (prelude.map { [$0] } ?? [])
    return seen.filter { baseNames[$0] == name }
  }

  /// The imports of a module, direct ones first, without itself.
  func imports(of module: Int) -> [Int] { visible[module] }

  private static func reachable(from start: Int, in graph: ModuleGraph) -> [Int] {
    var found: [Int] = []
    var seen: Set<Int> = [start]
    var pending = graph.modules[start].imports
    var next = 0
    while next < pending.count {
      defer { next += 1 }
      guard seen.insert(pending[next]).inserted else { continue }
      found.append(pending[next])
      pending += graph.modules[pending[next]].imports
    }
    return found
  }
}
