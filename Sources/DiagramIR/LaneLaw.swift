/// An exact law of SIMD and scan boxes, named as steps and the command line name it.
///
/// Writing `simd n (f)` for a SIMD box over n whose lanes apply f, and `;` for composition. All hold in cartesian
/// diagrams; the conditions are checked where a law is applied.
public enum LaneLaw: String, Hashable, Sendable, CaseIterable {
  /// The normal form modulo the laws of structure: one SIMD box around each box, over the axes it depends on.
  case normalForm = "simd"
  /// `simd n (id) = id`.
  case identity = "simd.identity"
  /// `simd n (f) ; simd n (g) = simd n (f ; g)`.
  case fuse = "simd.fuse"
  /// `simd.fuse` from right to left.
  case split = "simd.split"
  /// `simd n (f) ⊗ simd n (g) = simd n (f ⊗ g)`.
  case beside = "simd.beside"
  /// Lanes of copies, deletions and swaps are copies, deletions and swaps.
  case structure = "simd.structure"
  /// A box that depends on shared wires only moves out of the lanes.
  case hoist = "simd.hoist"
  /// `simd.hoist` from right to left.
  case sink = "simd.sink"
  /// `repeat n ; simd n (f) = f ; repeat n`.
  case repetition = "simd.repeat"
  /// `transpose ; simd m (simd n f) ; transpose = simd n (simd m f)`.
  case exchange = "simd.exchange"
  /// `merge ; simd n*m (f) = simd n (simd m f) ; merge`.
  case merge = "simd.merge"
  /// `concat ; simd n+m (f) = (simd n f ⊗ simd m f) ; concat`.
  case concat = "simd.concat"
  /// `reindex r ; simd m (f) = simd n (f) ; reindex r`.
  case reindex = "simd.reindex"
  /// `simd 1 (f)` is f.
  case one = "simd.one"
  /// `simd 0 (f)` is the unique map into empty arrays.
  case zero = "simd.zero"
  /// `simd n (L) ; sum = sum ; L` for linear L, and the same with `mean` for affine L.
  case linearSum = "sum.linear"
  /// A scan whose lanes ignore the state is a SIMD box.
  case scanSIMD = "scan.simd"
  /// `scan n (f) ; scan n (g) = scan n (f ; g)`.
  case scanFuse = "scan.fuse"

  /// The law whose left side is this one's right side, where it has a name or is this law itself.
  public var reversed: LaneLaw? {
    switch self {
    case .fuse: .split
    case .split: .fuse
    case .hoist: .sink
    case .sink: .hoist
    case .exchange: .exchange
    default: nil
    }
  }
}
