/// The order of items within layers, in which few edges cross.
///
/// Source: Sugiyama, Tagawa and Toda, Methods for Visual Understanding of Hierarchical System Structures, 1981: sweeps
/// down and up that sort each layer by the means of the neighbours' places.
extension PageGraph {
  private static let sweeps = 24

  /// Sorts the layers. Equal graphs give equal orders.
  ///
  /// - Complexity: a fixed number of sweeps, each linear but for sorting.
  mutating func reduceCrossings() {
    layers = depthFirstLayers()
    var (best, fewest) = (layers, crossings)
    for sweep in 0..<Self.sweeps where fewest > 0 {
      sortLayers(downward: sweep.isMultiple(of: 2))
      let count = crossings
      if count < fewest { (best, fewest) = (layers, count) }
    }
    layers = best
  }

  /// The layers in the order in which a walk from the first card meets the items; a tree has no crossings then.
  private func depthFirstLayers() -> [[Int]] {
    var ordered = [[Int]](repeating: [], count: layers.count)
    var seen = [Bool](repeating: false, count: items.count)
    for start in layers.joined() where !seen[start] {
      var pending = [start]
      while let item = pending.popLast() {
        if seen[item] { continue }
        seen[item] = true
        ordered[items[item].layer].append(item)
        pending += items[item].below.reversed()
      }
    }
    return ordered
  }

  private mutating func sortLayers(downward: Bool) {
    var places = [Double](repeating: 0, count: items.count)
    for layer in layers {
      for (place, item) in layer.enumerated() { places[item] = Double(place) }
    }
    let order = downward ? Array(layers.indices.dropFirst()) : layers.indices.dropLast().reversed()
    for number in order {
      let keys = layers[number].map { item -> (key: Double, place: Double, item: Int) in
        let near = downward ? items[item].above : items[item].below
        let mean = near.reduce(0) { $0 + places[$1] } / Double(max(near.count, 1))
        return (near.isEmpty ? places[item] : mean, places[item], item)
      }
      layers[number] = keys.sorted { ($0.key, $0.place) < ($1.key, $1.place) }.map(\.item)
      for (place, item) in layers[number].enumerated() { places[item] = Double(place) }
    }
  }

  /// How often edges cross between one layer and the next, in all.
  ///
  /// - Complexity: edges × the logarithm of the items of a layer.
  var crossings: Int {
    var places = [Int](repeating: 0, count: items.count)
    for layer in layers {
      for (place, item) in layer.enumerated() { places[item] = place }
    }
    return zip(layers, layers.dropFirst()).reduce(0) { count, pair in
      count
        + CrossingCount.crossings(pair.0.flatMap { items[$0].below.map { places[$0] }.sorted() })
    }
  }
}
