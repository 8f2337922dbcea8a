/// Places on a line that keep their order, as near as possible to where they are wanted.
///
/// Source: pooling adjacent violators; Ayer and others, *An Empirical Distribution Function for Sampling with Incomplete
/// Information*, 1955.
enum PooledPlaces {
  /// The places, none before the one in front of it, with the least sum of weighted squares of distances from the wishes.
  ///
  /// To keep distances as well, take from each wish how far it must be from the first, and add that afterwards.
  ///
  /// - Complexity: linear.
  static func places(_ wishes: [(position: Double, weight: Double)]) -> [Double] {
    var pools: [(sum: Double, weight: Double, count: Int)] = []
    for wish in wishes {
      var pool = (sum: wish.position * wish.weight, weight: wish.weight, count: 1)
      while let last = pools.last, last.sum / last.weight >= pool.sum / pool.weight {
        pool = (pool.sum + last.sum, pool.weight + last.weight, pool.count + last.count)
        pools.removeLast()
      }
      pools.append(pool)
    }
    var places: [Double] = []
    places.reserveCapacity(wishes.count)
    for pool in pools {
      places += repeatElement(pool.sum / pool.weight, count: pool.count)
    }
    return places
  }
}
