// swift-tools-version: 6.1
import PackageDescription

/// Kernels are optimised in debug builds too, and compiled for several levels of the processor's instructions,
/// of which one is chosen at run time.
func kernelFlags(_ instructions: [String]) -> [SwiftSetting] {
  let flags = (instructions + ["-fno-math-errno"]).flatMap { ["-Xcc", $0] }
  // As a whole: a change of what is inlined from another module compiles them again.
  let mode = ["-Ounchecked", "-disable-batch-mode", "-wmo", "-num-threads", "1"]
  return [.unsafeFlags(mode + flags)]
}

#if arch(x86_64)
  let avx2 = ["-mavx2", "-mfma"]
  let avx512 = avx2 + ["-mavx512f", "-mavx512vl", "-mavx512bw", "-mavx512dq"]
#else
  let avx2: [String] = []
  let avx512: [String] = []
#endif

/// What tests spend their time in is optimised in debug builds too; overflow and indices are checked all the same.
/// To step through it in a debugger, build with ANATOMY_UNOPTIMIZED=1.
let hotFlags: [SwiftSetting] =
  Context.environment["ANATOMY_UNOPTIMIZED"] == nil
  ? [.unsafeFlags(["-O"], .when(configuration: .debug))] : []

let package = Package(
  name: "Anatomy",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "anatomy", targets: ["AnatomyMain"]),
    .executable(name: "anatomy-bench", targets: ["anatomy-bench"]),
    .library(name: "Anatomy", targets: ["Anatomy"]),
  ],
  targets: [
    .target(name: "Diagnostics"),
    .target(name: "DiagramIR", swiftSettings: hotFlags),
    .target(name: "DiagramText", dependencies: ["Diagnostics", "DiagramIR"]),
    .target(name: "Rewriting", dependencies: ["DiagramIR"], swiftSettings: hotFlags),
    .target(name: "Taxonomies", dependencies: ["DiagramIR", "Rewriting"]),
    .target(name: "MicroKernels"),
    .target(
      name: "MicroKernelsBaseline", dependencies: ["MicroKernels"],
      swiftSettings: kernelFlags([])),
    .target(
      name: "MicroKernelsAVX2", dependencies: ["MicroKernels"], swiftSettings: kernelFlags(avx2)),
    .target(
      name: "MicroKernelsAVX512", dependencies: ["MicroKernels"],
      swiftSettings: kernelFlags(avx512)),
    .target(
      name: "TensorKernels",
      dependencies: [
        "MicroKernels", "MicroKernelsBaseline", "MicroKernelsAVX2", "MicroKernelsAVX512",
      ], swiftSettings: hotFlags),
    .target(
      name: "TensorInterpretation", dependencies: ["DiagramIR", "TensorKernels"],
      swiftSettings: hotFlags),
    .target(name: "Drawing", dependencies: ["DiagramIR"]),
    .target(name: "Interchange", dependencies: ["DiagramIR", "TensorKernels"]),
    .target(
      name: "AnatomyCommands",
      dependencies: [
        "Diagnostics", "DiagramIR", "DiagramText", "Rewriting", "Taxonomies", "TensorKernels",
        "TensorInterpretation", "Drawing", "Interchange",
      ]),
    // `Anatomy` and `anatomy` would collide on file systems that ignore case.
    .executableTarget(
      name: "AnatomyMain", dependencies: ["AnatomyCommands"], path: "Sources/anatomy"),
    .target(
      name: "Benchmarks",
      dependencies: [
        "AnatomyCommands", "DiagramIR", "DiagramText", "Drawing", "Interchange", "Rewriting",
        "TensorInterpretation", "TensorKernels",
      ]),
    .executableTarget(name: "anatomy-bench", dependencies: ["Benchmarks"]),
    .target(
      name: "Anatomy",
      dependencies: [
        "Diagnostics", "DiagramIR", "DiagramText", "Rewriting", "Taxonomies", "TensorKernels",
        "TensorInterpretation", "Drawing", "Interchange",
      ],
      path: "Sources/AnatomyLibrary"),
    .testTarget(name: "DiagnosticsTests", dependencies: ["Diagnostics"]),
    .target(name: "RandomDiagrams", dependencies: ["DiagramIR"], path: "Tests/RandomDiagrams"),
    .testTarget(name: "DiagramIRTests", dependencies: ["DiagramIR", "RandomDiagrams"]),
    .testTarget(
      name: "DiagramTextTests",
      dependencies: ["Diagnostics", "DiagramIR", "DiagramText", "RandomDiagrams"]),
    .testTarget(
      name: "RewritingTests",
      dependencies: [
        "DiagramIR", "DiagramText", "RandomDiagrams", "Rewriting", "TensorInterpretation",
      ]),
    .testTarget(
      name: "TaxonomiesTests",
      dependencies: ["DiagramIR", "DiagramText", "Rewriting", "Taxonomies"]),
    .testTarget(
      name: "BenchmarksTests",
      dependencies: [
        "Benchmarks", "DiagramIR", "Drawing", "Rewriting", "TensorInterpretation", "TensorKernels",
      ]),
    .testTarget(
      name: "DrawingTests",
      dependencies: ["DiagramIR", "DiagramText", "Drawing", "RandomDiagrams"]),
    .testTarget(name: "TensorKernelsTests", dependencies: ["TensorKernels"]),
    .testTarget(
      name: "TensorInterpretationTests",
      dependencies: [
        "DiagramIR", "DiagramText", "Interchange", "Rewriting", "TensorInterpretation",
        "TensorKernels",
      ]),
    .testTarget(
      name: "AnatomyCommandsTests",
      dependencies: [
        "AnatomyCommands", "Diagnostics", "DiagramIR", "DiagramText", "Interchange",
        "RandomDiagrams", "Rewriting", "TensorInterpretation", "TensorKernels",
      ],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "InterchangeTests",
      dependencies: ["DiagramIR", "DiagramText", "TensorKernels", "Interchange"],
      resources: [.copy("Fixtures")]),
  ],
  swiftLanguageModes: [.v6]
)
