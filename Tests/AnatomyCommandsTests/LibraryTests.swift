import AnatomyCommands
import Foundation
import Interchange
import Testing

/// The files of Rules and Diagrams, through the commands.
struct LibraryTests {
  static let files = Repository.library

  @Test("every file checks, and is in canonical layout", arguments: files)
  func layout(_ path: String) {
    let run = Tool.run("check", path)
    #expect(run.code == .success && run.errors.isEmpty, "\(run.errors)")
    #expect(run.output.hasPrefix("\(path): ok: "))
    #expect(Tool.run("format", "--check", path).output == "")
  }

  @Test("the library is all there")
  func count() {
    #expect(Self.files.count >= 76)
    #expect(Self.files.flatMap(diagramNames(in:)).count >= 230)
    #expect(Self.classics.count >= 20)
  }

  /// The files whose diagrams are all shown in every form; of the others, one diagram is unfolded.
  static let classics = files.filter { path in
    ["Rules", "Attention", "Algebra"].contains { path.contains("/\($0)/") }
  }

  @Test("the text of the last diagram of a file, unfolded, stands for it", arguments: files)
  func unfoldLast(_ path: String) throws {
    let folder = try TemporaryFolder()
    for name in diagramNames(in: path).suffix(1) {
      expectRoundTrip(path, name, ["--unfold", "all"], in: folder, file: "shown.diagram")
    }
  }

  @Test("the text of each diagram stands for it, also when all is unfolded", arguments: classics)
  func show(_ path: String) throws {
    let folder = try TemporaryFolder()
    for name in diagramNames(in: path) {
      expectRoundTrip(path, name, in: folder, file: "shown.diagram")
      if Self.usesOthers(path, name) {
        expectRoundTrip(path, name, ["--unfold", "all"], in: folder, file: "shown.diagram")
      }
      expectOtherForms(path, name, in: folder)
    }
  }

  private static func usesOthers(_ path: String, _ name: String) -> Bool {
    let words = ["show", path, name, "--as", "digest"]
    return Tool.run(words).output != Tool.run(words + ["--unfold", "all"]).output
  }

  @Test("unfolding changes diagrams that use others")
  func unfold() {
    let path = "\(Repository.root)/Diagrams/Attention/transformer.diagram"
    let digests = [[], ["--unfold", "layer_norm"], ["--unfold", "all"]].map { options in
      Tool.run(["show", path, "transformer_encoder_layer", "--as", "digest"] + options).output
    }
    #expect(Set(digests).count == 3)
  }

  @Test("every derivation replays, and proves what it claims", arguments: files)
  func derivations(_ path: String) throws {
    let run = Tool.run("verify", path)
    #expect(run.code == .success, "\(run.errors)")
    let lines = run.output.split(separator: "\n")
    for line in lines { #expect(line.contains("proved "), "\(line)") }
    let text = try String(contentsOf: URL(filePath: path), encoding: .utf8)
    #expect(lines.isEmpty == !text.contains("\nderivation "))
  }

  @Test(
    "evaluate agrees with numpy through files",
    arguments: [
      ("softmax", "Rules/tensor.rules"), ("layer_norm", "Rules/tensor.rules"),
      ("self_attention", "Diagrams/Attention/dot_product_attention.diagram"),
      ("multi_head_again", "Diagrams/Attention/dot_product_attention.diagram"),
      ("bahdanau_decoder", "Diagrams/Attention/additive_attention.diagram"),
      ("linear_attention", "Diagrams/Attention/linear_attention.diagram"),
      ("transformer_encoder", "Diagrams/Attention/transformer.diagram"),
    ])
  func reference(_ name: String, _ file: String) throws {
    for (precision, tolerance) in [("float32", 1e-5), ("float64", 1e-10)] {
      let reference = try Reference(name)
      let words = try reference.words(file: "\(Repository.root)/\(file)", precision: precision)
      let run = Tool.run(words)
      #expect(run.code == .success, "\(name): \(run.errors)")
      #expect(try reference.difference() <= tolerance, "\(name) \(precision)")
      #expect(try reference.difference(shift: 0.01) > tolerance)
    }
  }
}

/// Inputs, sizes, parameters and results of one diagram, as numpy computed them, laid out as files.
struct Reference {
  private let name: String
  private let arrays: [NamedArray]
  private let folder: TemporaryFolder

  init(_ name: String) throws {
    self.name = name
    folder = try TemporaryFolder()
    arrays = try ArrayFile.read("\(Repository.fixtures)/Reference/\(name).npz").arrays
  }

  private func named(_ prefix: String) -> [NamedArray] {
    arrays.filter { $0.name.hasPrefix(prefix) }
      .map { NamedArray(name: String($0.name.dropFirst(prefix.count)), array: $0.array) }
  }

  /// The words of the command that evaluates the diagram on the files, and saves its results.
  func words(file: String, precision: String) throws -> [String] {
    var words = ["evaluate", file, name, "--precision", precision]
    words += ["--output", "\(folder.path)/results.npz"]
    let inputs = named("input.")
    if !inputs.isEmpty { words.append("--input") }
    for (place, input) in inputs.enumerated() {
      // Every way to give an array: a file of its own, a file that holds it under the input's name or under another.
      let path = "\(folder.path)/input\(place)"
      switch place % 3 {
      case 0:
        try ArrayFile(arrays: [NamedArray(name: "", array: input.array)]).write(to: path + ".npy")
        words.append("\(input.name)=\(path).npy")
      case 1:
        try ArrayFile(arrays: inputs).write(to: path + ".npz")
        words.append("\(input.name)=\(path).npz")
      default:
        let other = NamedArray(name: "other", array: input.array)
        try ArrayFile(arrays: [other]).write(to: path + ".safetensors")
        words.append("\(input.name)=\(path).safetensors:other")
      }
    }
    let sizes = named("size.").compactMap { size in
      size.array.asIndices?.elements.first.map { "\(size.name)=\($0)" }
    }
    if !sizes.isEmpty { words += ["--size"] + sizes }
    let parameters = named("parameter.")
    if !parameters.isEmpty {
      try ArrayFile(arrays: parameters).write(to: "\(folder.path)/parameters.safetensors")
      words += ["--parameters", "\(folder.path)/parameters.safetensors"]
    }
    return words
  }

  /// The largest difference between the saved results and numpy's, relative to numbers of order one.
  func difference(shift: Double = 0) throws -> Double {
    let expected = named("result.")
    let found = try ArrayFile.read("\(folder.path)/results.npz").arrays
    #expect(found.count == expected.count)
    var largest = 0.0
    for (left, right) in zip(found, expected) {
      #expect(left.array.shape == right.array.shape)
      for (a, b) in zip(left.array.asFloat64.elements, right.array.asFloat64.elements) {
        largest = max(largest, abs(a + shift - b) / max(1, abs(a), abs(b)))
      }
    }
    return largest
  }
}
