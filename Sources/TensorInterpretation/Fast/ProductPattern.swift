import TensorKernels

/// An array that an order of products makes, in terms of the factors of its sum.
struct ProductPattern {
  let sum: SumOfProducts
  /// The factors that it is the product of.
  let factors: [SumOfProducts.Factor]
  /// The axes of the sum that it has; it is summed over the others.
  let axes: UInt64

  /// Where the array is found in another sum.
  struct Occurrence {
    /// Which of the other sum's factors it is the product of, as bits.
    let set: UInt32
    /// The same, one for each factor of the pattern.
    let places: [Int]
    /// The axis of the other sum for each axis of this one that a factor has.
    let images: [Int: Int]

    /// Axes of the pattern's sum as axes of the other one.
    func image(_ axes: UInt64) -> UInt64 {
      images.reduce(0) { axes & 1 << UInt64($1.key) != 0 ? $0 | 1 << UInt64($1.value) : $0 }
    }
  }

  /// Finds the array as a product of some factors of another sum; `nil` where it is none.
  func occurrence(
    in other: SumOfProducts, _ others: [SumOfProducts.Factor]
  ) -> Occurrence? {
    guard factors.count <= others.count else { return nil }
    var (images, set, places): ([Int: Int], UInt32, [Int]) = ([:], 0, [])
    for factor in factors {
      guard
        let place = others.indices.first(where: { place in
          set & 1 << UInt32(place) == 0 && matches(factor, others[place], other, &images)
        })
      else { return nil }
      set |= 1 << UInt32(place)
      places.append(place)
    }
    // What was summed here must be summed there, and appear nowhere else.
    var outside = other.keptAxes
    for place in others.indices where set & 1 << UInt32(place) == 0 {
      outside |= other.axes(of: others[place].operand)
    }
    for (own, image) in images where axes & 1 << UInt64(own) == 0 {
      if outside & 1 << UInt64(image) != 0 { return nil }
    }
    return Occurrence(set: set, places: places, images: images)
  }

  /// Whether two factors are one array, moving alike along axes that correspond.
  private func matches(
    _ own: SumOfProducts.Factor, _ factor: SumOfProducts.Factor, _ other: SumOfProducts,
    _ images: inout [Int: Int]
  ) -> Bool {
    guard own.isInverse == factor.isInverse, own.operand.buffer == factor.operand.buffer,
      own.operand.offset == factor.operand.offset, own.operand.loops == factor.operand.loops
    else { return false }
    var new = images
    var taken = Set(images.values)
    var open = other.axes(of: factor.operand)
    for axis in sum.sizes.indices where sum.axes(of: own.operand) & 1 << UInt64(axis) != 0 {
      let image = other.sizes.indices.first { image in
        open & 1 << UInt64(image) != 0 && other.sizes[image] == sum.sizes[axis]
          && factor.operand.strides[image] == own.operand.strides[axis]
          && (new[axis] == image || new[axis] == nil && !taken.contains(image))
      }
      guard let image else { return false }
      new[axis] = image
      taken.insert(image)
      open &= ~(1 << UInt64(image))
    }
    guard open == 0 else { return false }
    images = new
    return true
  }
}

extension ContractionOrder {
  /// The products that this order makes, as they would be made in another sum.
  func products(
    _ sum: SumOfProducts, _ factors: [SumOfProducts.Factor], in other: SumOfProducts,
    _ others: [SumOfProducts.Factor]
  ) -> [KnownProduct] {
    nodes.indices.compactMap { place in
      let node = nodes[place]
      guard !node.isFactor else { return nil }
      let own = factors.indices.filter { node.factors & 1 << UInt32($0) != 0 }
      let pattern = ProductPattern(sum: sum, factors: own.map { factors[$0] }, axes: node.axes)
      guard let occurrence = pattern.occurrence(in: other, others) else { return nil }
      let images = Dictionary(uniqueKeysWithValues: zip(own, occurrence.places))
      return KnownProduct(
        factors: occurrence.set, axes: occurrence.image(node.axes),
        nodes: subtree(place).map { $0.mapped(images, occurrence) })
    }
  }

  /// A node with its parts, which come before it, as an order of its own.
  private func subtree(_ place: Int) -> [Node] {
    var parts: Set<Int> = [place]
    for node in nodes.indices.prefix(place + 1).reversed() where parts.contains(node) {
      parts.formUnion(nodes[node].parts)
    }
    let sorted = parts.sorted()
    let places = Dictionary(uniqueKeysWithValues: sorted.enumerated().map { ($1, $0) })
    return sorted.map { nodes[$0].renumbered { places[$0] ?? 0 } }
  }
}

extension ContractionOrder.Node {
  var isFactor: Bool {
    if case .factor = kind { true } else { false }
  }

  /// The nodes that it is made of.
  var parts: [Int] {
    switch kind {
    case .factor: []
    case .fold(let part): [part]
    case .product(let a, let b), .quotient(let a, let b): [a, b]
    }
  }

  /// The same with other numbers for its parts.
  func renumbered(_ place: (Int) -> Int) -> Self {
    switch kind {
    case .factor: self
    case .fold(let part): Self(kind: .fold(place(part)), axes: axes, factors: factors)
    case .product(let a, let b):
      Self(kind: .product(place(a), place(b)), axes: axes, factors: factors)
    case .quotient(let a, let b):
      Self(kind: .quotient(place(a), place(b)), axes: axes, factors: factors)
    }
  }

  /// The same in another sum.
  fileprivate func mapped(
    _ images: [Int: Int], _ occurrence: ProductPattern.Occurrence
  ) -> Self {
    var set: UInt32 = 0
    for (own, image) in images where factors & 1 << UInt32(own) != 0 { set |= 1 << UInt32(image) }
    let axes = occurrence.image(axes)
    guard case .factor(let factor) = kind else { return Self(kind: kind, axes: axes, factors: set) }
    return Self(kind: .factor(images[factor] ?? 0), axes: axes, factors: set)
  }
}
