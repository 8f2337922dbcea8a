/// Which hypergraphs are well formed, and which of them count as equal without any rewriting.
///
/// Source: Bonchi, Gadducci, Kissinger, Sobociński and Zanasi, *String Diagram Rewrite Theory* I–III; for
/// `cartesian`, Milosavljević, Piedeleu and Zanasi, *String Diagram Rewriting Modulo Commutative (Co)monoid
/// Structure*.
public enum Doctrine: String, Sendable, CaseIterable {
  /// Monogamous and acyclic: each wire has one producer and one consumer, the interface counted.
  /// Read under ⊗: wires carry vector spaces.
  case symmetric
  /// One producer, any number of consumers, acyclic: copying and deleting are free.
  /// Read under ×: wires carry arrays.
  case cartesian
  /// Any cospan: each colour carries a special commutative Frobenius algebra.
  case frobenius
}
