import DiagramIR

/// A least diagram in which the left sides of two rules occur with at least one box in common.
public struct Overlap: Sendable {
  /// The diagram.
  public let diagram: Diagram
  /// Where the left side of the first rule occurs.
  public let first: Match
  /// Where the left side of the second rule occurs.
  public let second: Match
}

/// Finds the overlaps of the left sides of two rules.
///
/// In `symmetric`, these are all ways to glue the two left sides along at least one box, of which those count in
/// which both occurrences are convex. In `cartesian`, a box that makes a result of one left side is unified with a
/// box of the other, and everything before it with it, as terms are: sharing is free, so what the two have in
/// common is one box. In both, a left side that occurs in the body of a SIMD or scan box of the other counts.
///
/// Not covered: in `cartesian`, several results of one left side unified independently; bodies with boxes that
/// no result of the lanes depends on; overlaps whose sizes unification leaves open.
///
/// Sources: Bonchi, Gadducci, Kissinger, Sobociński and Zanasi, *String Diagram Rewrite Theory* III; for terms,
/// Knuth and Bendix, *Simple Word Problems in Universal Algebras*.
struct OverlapSearch {
  /// The most overlaps of two rules that are looked at.
  static let limit = 500

  let first: Rewrite
  let second: Rewrite
  /// Whether both are the same rule.
  let isSame: Bool
  private let sides: [OverlapSide]
  private let unifier: Unifier
  private(set) var overlaps: [Overlap] = []
  /// How many ways to glue are no overlaps because an occurrence isn't convex.
  private(set) var notConvex = 0
  /// Whether there are more overlaps than are looked at.
  private(set) var isCut = false
  private var found: Set<[UInt8]> = []

  init(_ first: Rewrite, _ second: Rewrite, isSame: Bool) {
    (self.first, self.second, self.isSame) = (first, second, isSame)
    var unifier = Unifier()
    sides = [
      OverlapSide(first.pattern.diagram, &unifier), OverlapSide(second.pattern.diagram, &unifier),
    ]
    self.unifier = unifier
  }

  /// The overlaps.
  static func overlaps(_ first: Rewrite, _ second: Rewrite, isSame: Bool) -> OverlapSearch {
    var search = OverlapSearch(first, second, isSame: isSame)
    if first.pattern.diagram.doctrine == .symmetric {
      search.glueEverywhere()
    } else {
      search.unifyRoots()
    }
    search.nest()
    guard !isSame else { return search }
    var reverse = OverlapSearch(second, first, isSame: false)
    reverse.nest()
    search.overlaps += reverse.overlaps.map {
      Overlap(diagram: $0.diagram, first: $0.second, second: $0.first)
    }
    return search
  }

  private var gluing: OverlapGluing { OverlapGluing(sides[0], sides[1], unifier) }

  private func boxes(_ side: Int) -> [BoxID] {
    let diagram = sides[side].diagram
    return Array(diagram.boxes(in: diagram.root))
  }

  // MARK: Symmetric

  /// Glues along one pair of boxes, then along further ones, in all ways.
  private mutating func glueEverywhere() {
    var seen: Set<[[Int]]> = []
    var pending = [gluing]
    while let start = pending.popLast() {
      for box in boxes(0) {
        for other in boxes(1) where sides[0].key(of: box) == sides[1].key(of: other) {
          var next = start
          guard next.glue(box, other) else { continue }
          let pairs = gluedPairs(next)
          let flipped = pairs.map { Array($0.reversed()) }.sorted {
            $0.lexicographicallyPrecedes($1)
          }
          guard seen.insert(pairs).inserted, !isSame || pairs == flipped || !seen.contains(flipped)
          else { continue }
          guard seen.count <= Self.limit else {
            isCut = true
            return
          }
          pending.append(next)
          if !isTrivial(pairs) { keep(next, outer: 0) }
        }
      }
    }
  }

  private func gluedPairs(_ gluing: OverlapGluing) -> [[Int]] {
    boxes(0).flatMap { box in
      boxes(1).filter { other in
        gluing.boxes.representative(gluing.boxes.join(1, other.index))
          == gluing.boxes.representative(box.index)
      }.map { [box.index, $0.index] }
    }
  }

  /// Whether a rule is glued to itself as a whole.
  private func isTrivial(_ pairs: [[Int]]) -> Bool {
    isSame && pairs.count == boxes(0).count && pairs.allSatisfy { $0[0] == $0[1] }
  }

  // MARK: Cartesian

  private mutating func unifyRoots() {
    let roots = [Set(sides[0].roots), Set(sides[1].roots)]
    for box in boxes(0) {
      for other in boxes(1) where roots[0].contains(box) || roots[1].contains(other) {
        if isSame && (box == other || roots[0].contains(box) && box > other) { continue }
        if isSame && !roots[1].contains(other) { continue }
        var next = gluing
        guard next.glue(box, other) else { continue }
        keep(next, outer: roots[1].contains(other) ? 0 : 1)
      }
    }
  }

  // MARK: Inside bodies

  /// Looks for the second left side, as a whole, in the bodies of the first.
  private mutating func nest() {
    let source = sides[0].diagram
    for region in (0..<source.regionCount).map({ RegionID($0) }) where region != source.root {
      for gluing in embeddings(in: region) { keepNested(gluing) }
    }
  }

  private func embeddings(in region: RegionID) -> [OverlapGluing] {
    var partial = [gluing]
    for box in boxes(1) {
      var extended: [OverlapGluing] = []
      for start in partial {
        for image in sides[0].diagram.boxes(in: region)
        where sides[0].key(of: image) == sides[1].key(of: box) {
          var next = start
          if next.glue(image, box) { extended.append(next) }
        }
      }
      partial = Array(extended.prefix(Self.limit))
    }
    return partial
  }
}

// MARK: - Keeping

extension OverlapSearch {
  /// Keeps an overlap when both left sides occur there as they were glued.
  private mutating func keep(_ gluing: OverlapGluing, outer: Int) {
    guard gluing.isComplete else { return }
    var building = OverlapBuilding(gluing)
    guard let diagram = try? building.diagram(outer: outer, isNested: false),
      (try? diagram.verify()) != nil
    else { return }
    let places = places(gluing)
    let matcher = Matcher(diagram)
    func match(_ rewrite: Rewrite, _ side: Int) -> Match? {
      let images = boxes(side).map { box in
        let set = gluing.boxes.representative(gluing.boxes.join(side, box.index))
        return places[set].map { diagram.boxes(in: diagram.root)[$0] }
      }
      let source = rewrite.pattern.diagram
      return matcher.matches(of: rewrite.pattern).first { match in
        match.region == diagram.root
          && source.boxes(in: source.root).map { match.boxes[$0.index] } == images
      }
    }
    guard let one = match(first, 0), let two = match(second, 1) else {
      if diagram.doctrine == .symmetric { notConvex += 1 }
      return
    }
    overlaps.append(Overlap(diagram: diagram, first: one, second: two))
  }

  /// For every set of outermost boxes, its place in the overlap.
  private func places(_ gluing: OverlapGluing) -> [Int: Int] {
    var places: [Int: Int] = [:]
    for side in 0...1 {
      for box in boxes(side) {
        let set = gluing.boxes.representative(gluing.boxes.join(side, box.index))
        if places[set] == nil { places[set] = places.count }
      }
    }
    return places
  }

  /// Keeps the ways in which the second left side occurs inside a body of an instance of the first.
  private mutating func keepNested(_ gluing: OverlapGluing) {
    guard gluing.isComplete else { return }
    var building = OverlapBuilding(gluing)
    guard let diagram = try? building.diagram(outer: 0, isNested: true),
      (try? diagram.verify()) != nil, found.insert(diagram.canonicalForm().bytes).inserted
    else { return }
    let matcher = Matcher(diagram)
    let whole = matcher.matches(of: first.pattern).first { $0.region == diagram.root }
    guard let whole else { return }
    for match in matcher.matches(of: second.pattern) where match.region != diagram.root {
      overlaps.append(Overlap(diagram: diagram, first: whole, second: match))
    }
  }
}
