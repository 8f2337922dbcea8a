/// A diagram without uses of others, and where those that it had are now.
package struct UnfoldedDiagram: Sendable {
  /// What a use has become: consecutive boxes of the root region, with their bodies.
  package struct Use: Hashable, Sendable {
    /// What was used.
    package let definition: Symbol
    /// How many boxes it has become, those in bodies included.
    package let boxCount: Int
    /// Which boxes of the root region it has become, by position there; none where it was wires only.
    package var places: Range<Int>
  }

  /// The diagram.
  package let diagram: Diagram
  /// The uses that were in the root region, and in those of what they use, in the order of their places; a use
  /// comes before those inside it.
  package var uses: [Use] = []

  /// The uses of definitions and those inside them, where these are their places.
  static func uses(
    of bodies: [(symbol: Symbol, body: UnfoldedDiagram)], _ places: [Range<Int>?]
  ) -> [Use] {
    var uses: [Use] = []
    let placed = zip(bodies, places).compactMap { body, places in places.map { (body, $0) } }
    for ((symbol, body), places) in placed.sorted(by: { $0.1.lowerBound < $1.1.lowerBound }) {
      uses.append(Use(definition: symbol, boxCount: body.diagram.boxCount, places: places))
      for var inner in body.uses {
        let first = places.lowerBound + inner.places.lowerBound
        inner.places = first..<(first + inner.places.count)
        uses.append(inner)
      }
    }
    return uses
  }
}
