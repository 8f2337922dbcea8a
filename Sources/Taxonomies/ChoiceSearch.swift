import DiagramIR
import Rewriting

/// Searches for diagrams for the learned boxes of one mechanism that make it another, whatever either calls its sizes.
public struct ChoiceSearch {
  /// How many ways to identify the sizes of two mechanisms are tried.
  public static let sizeLimit = 24

  private let search: RelationSearch

  /// Prepares a search.
  public init(_ search: RelationSearch) { self.search = search }

  /// What the learned boxes of the general mechanism have to be, by label; `nil` when nothing was found, which proves
  /// nothing. Both mechanisms have one interface.
  ///
  /// Sizes that the interface determines are the same in both. The others are identified in every way, those of one
  /// name first, up to `sizeLimit` ways; what is found uses the general mechanism's names.
  ///
  /// - Complexity: `RelationSearch.choices(making:of:)` for each way.
  public func choices(
    making special: MechanismForm, of general: MechanismForm, isThorough: Bool = true
  ) -> [String: Diagram]? {
    let taken = Set(special.form.sizeVariables)
    for renaming in Self.renamings(
      of: special.openSizes, to: general.openSizes, besides: taken)
    {
      guard let renamed = special.form.renamingSizes(renaming) else { continue }
      if let found = search.choices(
        making: renamed, of: general.form, isThorough: isThorough)
      {
        return found
      }
    }
    return nil
  }

  /// New names for sizes: as many of them as possible get one of the goals each, and those left over that are called as
  /// a goal get names of their own.
  package static func renamings(
    of sizes: [SizeVariable], to goals: [SizeVariable], besides taken: Set<SizeVariable>
  ) -> [[SizeVariable: SizeVariable]] {
    var partial: [[SizeVariable: SizeVariable]] = [[:]]
    let (short, long) = sizes.count < goals.count ? (sizes, goals) : (goals, sizes)
    let isForward = sizes.count < goals.count
    for variable in short {
      partial = partial.flatMap { known -> [[SizeVariable: SizeVariable]] in
        let used = isForward ? Set(known.values) : Set(known.keys)
        let free = long.filter { !used.contains($0) }
        let ordered = free.filter { $0 == variable } + free.filter { $0 != variable }
        return ordered.map { other in
          var next = known
          next[isForward ? variable : other] = isForward ? other : variable
          return next
        }
      }
      partial = Array(partial.prefix(sizeLimit))
    }
    return partial.map { complete($0, sizes, goals, taken) }
  }

  private static func complete(
    _ known: [SizeVariable: SizeVariable], _ sizes: [SizeVariable], _ goals: [SizeVariable],
    _ taken: Set<SizeVariable>
  ) -> [SizeVariable: SizeVariable] {
    var (renaming, taken) = (known, taken.union(goals))
    for size in sizes where renaming[size] == nil && goals.contains(size) {
      let other = size.renamed(besides: taken)
      taken.insert(other)
      renaming[size] = other
    }
    return renaming
  }
}
