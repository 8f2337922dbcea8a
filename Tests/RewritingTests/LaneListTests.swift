import RandomDiagrams
import Testing

@testable import Rewriting

@Suite("Lists of lanes")
struct LaneListTests {
  @Test("A list has the levels of those it was made of, and equal lists are one")
  func sets() {
    var random = SplitMix64(seed: 7)
    var lists = LaneLists()
    var known: [Set<Int>: LaneLists.List] = [[]: LaneLists.none]
    for trial in 0..<400 {
      let levels = Set((0..<random.below(6)).map { _ in random.below(9) })
      let halves = Dictionary(grouping: levels) { $0 % 2 }
      func list(_ part: [Int]?) -> LaneLists.List {
        (part ?? []).sorted().reduce(LaneLists.none) { lists.adding($1, to: $0) }
      }
      let (even, odd) = (list(halves[0]), list(halves[1]))
      let all = lists.union(even, odd)
      #expect(lists.levels(all) == levels.sorted(), "trial \(trial), seed 7")
      #expect(lists.count(all) == levels.count)
      for level in 0..<9 { #expect(lists.contains(all, level) == levels.contains(level)) }
      #expect(known[levels] == nil || known[levels] == all)
      known[levels] = all
    }
    #expect(Set(known.values).count == known.count && known.count > 50)
  }

  @Test("A level is inserted once, and the last one taken off")
  func insertion() {
    var lists = LaneLists()
    let one = lists.inserting(3, into: LaneLists.none)
    let two = lists.inserting(1, into: one)
    #expect(lists.levels(two) == [1, 3] && lists.inserting(3, into: two) == two)
    #expect(lists.last(two) == 3 && lists.levels(lists.withoutLast(two)) == [1])
    #expect(lists.last(LaneLists.none) == -1 && two != one)
  }
}
