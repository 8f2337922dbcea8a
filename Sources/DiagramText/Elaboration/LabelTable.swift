import DiagramIR

/// The labels of one diagram: which function each stands for.
struct LabelTable {
  /// What a label stands for.
  enum Owner: Equatable {
    case learned
    case use(DiagramUse)
  }

  private var owners: [String: (owner: Owner, isAutomatic: Bool)] = [:]
  private var counts: [Symbol: Int] = [:]

  /// Takes a label for a learned box; false when it is taken.
  mutating func declare(_ label: String) -> Bool {
    guard owners[label] == nil else { return false }
    owners[label] = (.learned, false)
    return true
  }

  /// The label of a use without `as`: the diagram's name, numbered from the second use on, in order of
  /// application.
  mutating func automaticLabel(for symbol: Symbol) -> String {
    let count = (counts[symbol] ?? 0) + 1
    counts[symbol] = count
    return count == 1 ? symbol.name : "\(symbol.name)_\(count)"
  }

  /// Takes a label for a use; says why not when it stands for another function.
  mutating func claim(_ use: DiagramUse, isAutomatic: Bool) -> String? {
    guard let (owner, wasAutomatic) = owners[use.label] else {
      owners[use.label] = (.use(use), isAutomatic)
      return nil
    }
    switch owner {
    case .learned: return "it is the label of a learned box as well"
    case .use(let earlier) where earlier.definition != use.definition:
      return "it is the label of a use of '\(earlier.definition.name)' as well"
    case .use(let earlier) where earlier != use:
      return "its uses have different sizes or axes"
    default:
      return isAutomatic || wasAutomatic
        ? "a use without `as` gets it automatically" : nil
    }
  }
}
