import DiagramIR

/// An exact law that the planner uses where it makes the plan cheaper.
public enum PlanLaw: String, Hashable, Sendable, CaseIterable {
  /// Products may be taken in any order: `(ab)c = a(bc)`.
  case association
  /// A factor that doesn't depend on an axis leaves a sum along it: `Σᵢ a bᵢ = a Σᵢ bᵢ`.
  case distribution
  /// The same for a divisor: `Σᵢ aᵢ / b = (Σᵢ aᵢ) / b`.
  case division
  /// The same for a number: `(ca)b = c(ab)`.
  case scaling
  /// A sum over the positions up to each is one over the chunks before and one in its chunk:
  /// `Σ_{j ≤ i} (qᵢ kⱼ) vⱼ = qᵢ Σ_{before} kⱼ vⱼ + Σ_{inside} (qᵢ kⱼ) vⱼ`.
  case chunking
  /// What doesn't depend on a lane is computed once for all lanes.
  case hoisting
  /// A sum over features that are products is a polynomial of sums over what they are made of:
  /// `Σᵢⱼ (aᵢ aⱼ) (bᵢ bⱼ) = (Σᵢ aᵢ bᵢ)²`.
  case polynomial
  /// Sums over the entries of a vector that are smaller than a number are sums of the sorted entries up to a rank.
  case ordering
  /// What a scan computes without its states is computed for all its positions at once, and states that don't meet
  /// have scans of their own.
  case fission
  /// Equal boxes on equal inputs are computed once.
  case sharing
}

/// A choice between forms that exact laws make equal.
public struct PlanChoice: Hashable, Sendable {
  /// The laws that were used, in the order of their declaration.
  public let laws: [PlanLaw]
  /// The boxes that it is about, in words.
  public let boxes: [String]
  /// The order of the products that was chosen, as an equation for each array that is made; none for other laws.
  public let orders: [String]
  /// What the form that the diagram draws takes.
  public let before: KernelWork
  /// What the chosen form takes.
  public let after: KernelWork
}

/// A choice in a flat program.
struct FlatChoice: Sendable {
  var laws: [PlanLaw]
  var boxes: [BoxID]
  var orders: [(boxes: [BoxID], order: ProductOrder)] = []
  var before: KernelWork
  var after: KernelWork
}

/// In which order a product is taken, with the buffers that are its factors and the boxes that make them.
indirect enum ProductOrder: Sendable {
  case factor(buffer: Int, boxes: [BoxID])
  case product(ProductOrder, ProductOrder)
  case quotient(ProductOrder, ProductOrder)
  case sum(ProductOrder)
}
