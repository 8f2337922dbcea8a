import DiagramIR

extension Rewriter {
  func unfold(
    _ symbol: Symbol, at place: String?, in diagram: Diagram
  ) throws(RewritingError) -> Diagram {
    _ = try definition(symbol)
    var chosen: BoxID?
    if let place {
      let index = DiagramIndex(diagram)
      do { chosen = index.producers(of: try Place.resolve(place, in: index)).first?.box } catch {
        throw .place(error)
      }
    }
    let isUnfolded = { (box: BoxID, use: DiagramUse) in
      use.definition == symbol && (place == nil || box == chosen)
    }
    let hasUse = (0..<diagram.boxCount).contains { box in
      guard case .use(let use) = diagram.operation(of: BoxID(box)) else { return false }
      return isUnfolded(BoxID(box), use)
    }
    guard hasUse else { throw .noUse(name: symbol.name, place: place) }
    do { return try environment.unfolding(diagram, where: isUnfolded) } catch {
      throw .unfolding(error)
    }
  }

  /// Each folding takes away a match without making one, so there are no more than boxes.
  func fold(
    _ symbol: Symbol, at place: String?, in diagram: Diagram
  ) throws(RewritingError) -> Diagram {
    let rewrite = try Rewrite(folding: try definition(symbol))
    var current = try apply(rewrite, at: place, to: diagram)
    guard place == nil else { return current }
    for _ in 0..<diagram.boxCount {
      let next = try? firstApplication(of: rewrite, in: Matcher(current))
      guard let next else { break }
      current = next.result
    }
    return current
  }
}
