import DiagramIR

extension Rewriter {
  func apply(
    _ rewrite: Rewrite, at place: String?, to diagram: Diagram
  ) throws(RewritingError) -> Diagram {
    try application(of: rewrite, at: place, to: diagram) {
      match, matcher throws(RewritingError) in try rewrite.apply(match, in: matcher)
    }
  }

  /// What the first match that something can be done with comes to.
  func application<Result>(
    of rewrite: Rewrite, at place: String?, to diagram: Diagram,
    _ apply: (Match, Matcher) throws(RewritingError) -> Result
  ) throws(RewritingError) -> Result {
    let doctrine = rewrite.pattern.diagram.doctrine
    guard doctrine == diagram.doctrine else {
      throw .doctrine(law: rewrite.name, expected: doctrine, found: diagram.doctrine)
    }
    guard rewrite.pattern.diagram.boxCount > 0 || place != nil else {
      throw .bareWires(law: rewrite.name)
    }
    let matcher = Matcher(diagram)
    var wire: WireID?
    if let place {
      do { wire = try Place.resolve(place, in: matcher.index) } catch { throw .place(error) }
    }
    if let found = try firstApplication(of: rewrite, in: matcher, at: wire, apply) {
      return found.result
    }
    let head = rewrite.pattern.rarestKind(in: matcher.index)
    throw .noMatch(
      law: rewrite.name, head: head.name, count: head.count, place: place)
  }

  /// The first match that the other side can replace. When there are matches but none can, what is wrong with
  /// the first.
  func firstApplication(
    of rewrite: Rewrite, in matcher: Matcher, at place: WireID? = nil
  ) throws(RewritingError) -> (match: Match, result: Diagram)? {
    try firstApplication(of: rewrite, in: matcher, at: place) {
      match, matcher throws(RewritingError) in try rewrite.apply(match, in: matcher)
    }
  }

  func firstApplication<Result>(
    of rewrite: Rewrite, in matcher: Matcher, at place: WireID?,
    _ apply: (Match, Matcher) throws(RewritingError) -> Result
  ) throws(RewritingError) -> (match: Match, result: Result)? {
    var search = MatchSearch(rewrite.pattern, matcher.index, at: place)
    var failure: RewritingError?
    while let match = search.next() {
      do { return (match, try apply(match, matcher)) } catch {
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
    return nil
  }
}

extension Pattern {
  /// The kind of the pattern's outermost boxes that is rarest in a diagram, and how many it has there.
  func rarestKind(in index: DiagramIndex) -> (name: String, count: Int) {
    let kinds = diagram.boxes(in: diagram.root).map { box in
      (name: key(of: box).description, count: index.boxes(of: key(of: box)).count)
    }
    return kinds.min { ($0.count, $0.name) < ($1.count, $1.name) } ?? ("", 0)
  }
}
