/// Where the items stand from left to right.
extension PageGraph {
  private static let sweeps = 60

  /// The middle of each item: items keep their order and their distance, and stand near the items that they are joined
  /// with. The leftmost edge is at zero.
  ///
  /// Layer by layer, the squares of the distances from the neighbours are minimized exactly under the distances that
  /// must be kept; edges between bends count more, so that long edges are straight.
  ///
  /// - Complexity: a fixed number of sweeps, each linear.
  func middles() -> [Double] {
    var middles = [Double](repeating: 0, count: items.count)
    for layer in layers {
      var x = 0.0
      for (place, item) in layer.enumerated() {
        if place > 0 { x += distance(layer[place - 1], item) }
        middles[item] = x
      }
      for item in layer { middles[item] -= x / 2 }
    }
    for sweep in 0..<Self.sweeps {
      let isLate = sweep >= Self.sweeps / 2
      // Lines between bends stiffen, so that they first find their place and then become straight.
      let stiffness = 4 * Double(1 + sweep)
      for layer in sweep.isMultiple(of: 2) ? layers : layers.reversed() {
        let isDown = sweep.isMultiple(of: 2)
        let pulls = layer.map {
          pull(on: $0, middles, isLate || isDown, isLate || !isDown, stiffness)
        }
        place(layer, pulls, &middles)
      }
    }
    let left = items.indices.map { middles[$0] - items[$0].width / 2 }.min() ?? 0
    return middles.map { $0 - left }
  }

  /// How far apart the middles of two neighbours are at least.
  func distance(_ left: Int, _ right: Int) -> Double {
    let gap = items[left].isBend && items[right].isBend ? 8.0 : 22.0
    return (items[left].width + items[right].width) / 2 + gap
  }

  /// Where the neighbours of an item want it, and how much.
  private func pull(
    on item: Int, _ middles: [Double], _ fromAbove: Bool, _ fromBelow: Bool,
    _ stiffness: Double
  ) -> (target: Double, weight: Double) {
    var (sum, weight) = (middles[item] * 0.05, 0.05)
    for other in (fromAbove ? items[item].above : []) + (fromBelow ? items[item].below : []) {
      let strength: Double
      switch (items[item].isBend, items[other].isBend) {
      case (true, true): strength = stiffness
      case (false, false): strength = 1
      default: strength = 2
      }
      sum += strength * middles[other]
      weight += strength
    }
    return (sum / weight, weight)
  }

  /// Places the items of a layer as near to where they are wanted as their distances allow, in the sense of
  /// `PooledPlaces`.
  private func place(
    _ layer: [Int], _ pulls: [(target: Double, weight: Double)], _ middles: inout [Double]
  ) {
    var (offsets, offset) = ([Double](), 0.0)
    var wishes: [(position: Double, weight: Double)] = []
    for (place, pull) in pulls.enumerated() {
      if place > 0 { offset += distance(layer[place - 1], layer[place]) }
      offsets.append(offset)
      wishes.append((pull.target - offset, pull.weight))
    }
    for (place, position) in PooledPlaces.places(wishes).enumerated() {
      middles[layer[place]] = position + offsets[place]
    }
  }
}
