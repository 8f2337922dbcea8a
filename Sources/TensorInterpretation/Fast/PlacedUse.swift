import DiagramIR

/// A use of a definition that was unfolded: consecutive boxes of the root region.
struct PlacedUse: Sendable {
  /// Equal for uses of one definition.
  let definition: Int
  /// How many boxes it has become, those in bodies included.
  let boxCount: Int
  /// Which boxes of the root region it has become, by position there.
  let places: Range<Int>

  /// The fewest boxes of a use that is planned apart from what is around it: smaller ones gain more by being fused
  /// with it.
  static let leastBoxes = 32

  /// The uses that have become at least so many boxes, in the order of their places; a use comes before those inside
  /// it.
  static func largeOnes(of unfolded: UnfoldedDiagram) -> [PlacedUse] {
    var numbers: [Symbol: Int] = [:]
    return unfolded.uses.compactMap { use in
      guard use.boxCount >= leastBoxes, !use.places.isEmpty else { return nil }
      let number = numbers[use.definition] ?? numbers.count
      numbers[use.definition] = number
      return PlacedUse(definition: number, boxCount: use.boxCount, places: use.places)
    }
  }
}
