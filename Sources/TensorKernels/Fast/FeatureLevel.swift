import MicroKernels
import MicroKernelsAVX2
import MicroKernelsAVX512
import MicroKernelsBaseline

/// Which instructions of the processor kernels use.
///
/// Levels differ in the last bits of what they compute, since a product and a sum are rounded once or twice;
/// the same level gives the same bits on every processor that has it, however many threads there are.
public enum FeatureLevel: String, CaseIterable, Comparable, Sendable {
  /// What every processor of the architecture has: SSE2 on x86-64, NEON on arm64.
  case baseline
  /// AVX2 and fused multiply-add, on x86-64.
  case avx2
  /// AVX-512 (F, VL, BW, DQ) besides, on x86-64.
  case avx512

  /// Whether the first is a part of the second.
  public static func < (first: FeatureLevel, second: FeatureLevel) -> Bool {
    first.rank < second.rank
  }

  private var rank: Int {
    switch self {
    case .baseline: 0
    case .avx2: 1
    case .avx512: 2
    }
  }

  /// The levels that this processor and its operating system have, lowest first.
  public static let available: [FeatureLevel] = {
    let features = ProcessorFeatures.current
    return allCases.filter { $0.features.isSubset(of: features) }
  }()

  /// The highest level that is available, and no higher than what the environment variable
  /// `ANATOMY_FEATURE_LEVEL` names; a name that is none of a level counts for nothing.
  public static let best: FeatureLevel = {
    let highest = available.last ?? .baseline
    let named = ProcessorFeatures.environment("ANATOMY_FEATURE_LEVEL").flatMap(Self.init)
    return min(highest, named ?? highest)
  }()

  /// The highest available level that isn't above this one.
  public var supported: FeatureLevel { Self.available.last { $0 <= self } ?? .baseline }

  /// What a processor has that runs its kernels, in the names that Linux gives them.
  private var features: Set<String> {
    switch self {
    case .baseline: []
    case .avx2: ["avx2", "fma"]
    case .avx512: ["avx2", "fma", "avx512f", "avx512vl", "avx512bw", "avx512dq"]
    }
  }

  /// The kernels of this level, or of the next one below that the processor has.
  var kernels: KernelTable {
    switch supported {
    case .baseline: Baseline.kernels
    case .avx2: AVX2.kernels
    case .avx512: AVX512.kernels
    }
  }

  /// Runs a loop that only multiplies and adds in registers, which is the limit of any matrix product on one
  /// thread.
  ///
  /// - Returns: how many multiplications and additions it made.
  @discardableResult
  public func runPeakLoop(steps: Int) -> Int {
    let kernels = kernels
    _ = kernels.peak(max(0, steps))
    return kernels.peakOperations * max(0, steps)
  }
}
