// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "Anatomy",
  platforms: [.macOS(.v14)],
  products: [
    .executable(name: "anatomy", targets: ["AnatomyMain"]),
    .executable(name: "anatomy-bench", targets: ["anatomy-bench"]),
    .library(name: "Anatomy", targets: ["Anatomy"]),
  ],
  targets: [
    .target(name: "Diagnostics"),
    .target(name: "DiagramIR"),
    .target(name: "DiagramText", dependencies: ["Diagnostics", "DiagramIR"]),
    .target(name: "Rewriting", dependencies: ["DiagramIR"]),
    .target(name: "Taxonomies", dependencies: ["DiagramIR", "Rewriting"]),
    .target(name: "TensorKernels"),
    .target(name: "TensorInterpretation", dependencies: ["DiagramIR", "TensorKernels"]),
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
    .target(name: "Benchmarks", dependencies: ["DiagramIR", "DiagramText", "Rewriting"]),
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
    .testTarget(name: "BenchmarksTests", dependencies: ["Benchmarks", "DiagramIR", "Rewriting"]),
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
