import AnatomyCommands
import Foundation
import Interchange
import TensorKernels
import Testing

/// What commands say when they fail, with which exit code, and that they leave their outputs as they were.
struct CommandFailureTests {
  /// A command that fails: `DOT` stands for a file of the library, `HERE/` for a folder with arrays.
  struct Case: Sendable, CustomStringConvertible {
    var words: String
    var message: String
    var code = ExitCode.failure

    var description: String { words }

    init(_ words: String, _ message: String, _ code: ExitCode = .failure) {
      (self.words, self.message, self.code) = (words, message, code)
    }
  }

  private static let head = "evaluate DOT self_attention"
  private static let sizes = "--size n=2 d=3 k=2 e=2"

  static let cases = [
    // Files and names.
    Case("check HERE/nowhere.diagram", "can't read"),
    Case("show HERE/nowhere.diagram f", "can't read"),
    Case("format HERE/nowhere.diagram", "cannot read the file"),
    Case("show DOT nothing", "there is no diagram 'nothing'"),
    Case("show DOT self_attention --unfold nothing", "there is no diagram 'nothing'"),
    Case("rewrite DOT self_attention --rules nowhere", "there is no rule file 'nowhere'"),
    Case("rewrite DOT self_attention --only nothing", "there is no rule 'nothing'"),
    Case("rewrite DOT self_attention --fold nothing", "there is no diagram 'nothing'"),
    Case("rewrite DOT self_attention --rules monoid", "belongs to symmetric diagrams"),
    Case("verify HERE/faulty.diagram", "[unknown-box]"),
    Case("show HERE/faulty.json f", "faulty.json"),
    // Usage.
    Case("check", "give at least one file", .usage),
    Case("check --nonsense x", "unknown option --nonsense", .usage),
    Case("check --overlaps DOT", "--overlaps goes with --confluence", .usage),
    Case("check --limit 3 DOT", "--limit goes with --confluence", .usage),
    Case("check --confluence DOT", "declare no exact rules"),
    Case("check --confluence HERE/faulty.diagram", "[unknown-box]"),
    Case("show DOT", "give a file and the name of a diagram", .usage),
    Case("show DOT self_attention --as png", "and not 'png'", .usage),
    Case("show DOT self_attention -o", "-o needs a value", .usage),
    Case(
      "show DOT self_attention --left-to-right",
      "--left-to-right says which way a picture runs; it goes with --as dot, svg, html or tikz, and not with text",
      .usage),
    Case(
      "show DOT self_attention --as digest --along n",
      "it goes with --as cost, and not with digest",
      .usage),
    Case(
      "show DOT self_attention --as svg --size n=4",
      "--size gives the sizes at which a diagram is planned; it goes with --as plan, and not with svg",
      .usage),
    Case("show DOT self_attention --hidden 8", "goes with --as cost or plan", .usage),
    Case("show DOT self_attention --as cost --explain", "and not with cost", .usage),
    Case("show DOT self_attention --json", "a diagram as data is --as json", .usage),
    Case("show DOT self_attention --as json --json", "and not with json", .usage),
    Case(
      "show DOT stack --unfold all multi_head", "leave out the names beside it", .usage),
    Case(
      "taxonomy DOT stack --rules attention --path x --all", "give one of them", .usage),
    Case("equal DOT self_attention", "give a file and two diagrams", .usage),
    Case("rewrite DOT self_attention", "give rules with --rules", .usage),
    Case("rewrite DOT stack --once --normalize --rules monoid", "exclude each other", .usage),
    Case("rewrite DOT stack --only share -o HERE/a --derivation HERE/./a", "same file", .usage),
    Case("rewrite DOT stack --steps many --rules monoid", "takes a whole number", .usage),
    Case("\(head) --engine turbo", "fast or reference, and not 'turbo'", .usage),
    Case("\(head) --engine fast --precision float64", "computes in float32", .usage),
    Case("verify", "give at least one file", .usage),
    Case("relate DOT self_attention", "give a file and two diagrams", .usage),
    Case("relate DOT self_attention nothing", "there is no diagram 'nothing'"),
    Case("relate DOT multi_head stack --rules nowhere", "there is no rule file 'nowhere'"),
    Case("relate DOT multi_head stack --limit many", "takes a whole number", .usage),
    Case("relate DOT multi_head dot_product_attention", "have different interfaces"),
    Case("relate DOT multi_head stack --rules attention --limit 3", "no relation found"),
    Case("relate DOT stack stack -o HERE/no/folder/out.diagram", "cannot write the file"),
    Case("\(head) --precision half", "float32 or float64", .usage),
    Case("\(head) --input x", "takes NAME=VALUE", .usage),
    Case("\(head) --input x=random x=random", "gives 'x' twice", .usage),
    Case("\(head) --input x=random --size n=-1", "a size is a whole number", .usage),
    Case("\(head) --input x=random \(sizes) --output HERE/x.txt", "ending in .npy", .usage),
    Case(
      "\(head) --input x=random \(sizes) --parameters-out HERE/p.npy", "holds one array", .usage),
    // Arrays.
    Case(head, "input 'x' is missing"),
    Case("\(head) --input x=HERE/nowhere.npy", "cannot read the file"),
    Case("\(head) --input x=random z=random", "there is no input 'z'"),
    Case("\(head) --input x=HERE/vector.npy", "should have the type [n d]"),
    Case("\(head) --input x=HERE/truncated.npy", "truncated.npy"),
    Case("\(head) --input x=HERE/text.npy", "text.npy"),
    Case("\(head) --input x=HERE/lying.safetensors", "lying.safetensors"),
    Case("\(head) --input x=HERE/several.npz:nothing", "has no array 'nothing'"),
    Case("\(head) --input x=HERE/several.npz", "has no array 'x'"),
    Case("\(head) --input x=HERE/matrix.npy --size n=5", "n"),
    Case("evaluate HERE/own.diagram pick --input t=random i=HERE/matrix.npy", "integers"),
    Case(
      "evaluate HERE/own.diagram pick --input t=random i=HERE/far.npy --size v=4 d=2", "index 9"),
    Case("evaluate HERE/own.diagram join --input a=HERE/matrix.npy b=HERE/vector.npy", "size"),
    // Sizes.
    Case("\(head) --input x=random", "nothing determines n"),
    Case("\(head) --input x=random \(sizes) q=4", "there is no size 'q'"),
    Case("\(head) --input x=random --size n=1000000 d=1000000 k=2 e=2", "more than 2147483648"),
    Case(
      "evaluate DOT multi_head --input x=random --size n=2 d=2 k=2 h=1000000000000", "more than"),
    Case("evaluate DOT stack --input x=random --size n=2 d=2 k=2 h=2 l=1000000000000", "lanes"),
    Case("\(head) --input x=random --size n=9223372036854775807 d=2 k=2 e=2", "more than"),
    Case("evaluate HERE/own.diagram half --input x=HERE/odd.npy", "which 2*n can't be"),
    Case("evaluate HERE/products.diagram mine --input x=random", "not a function of arrays"),
    // Batches and plans.
    Case("\(head) --input x=random \(sizes) --batch z", "there is no input 'z'"),
    Case("\(head) --input x=random \(sizes) --batch x,", "takes names of inputs", .usage),
    Case("\(head) --input x=random \(sizes) --batch x,x", "names 'x' twice", .usage),
    Case("\(head) --input x=random \(sizes) --batch x=many", "a whole number", .usage),
    Case("\(head) --input x=random \(sizes) --batch x", "give --size batch=N"),
    Case("\(head) --input x=random \(sizes) batch=3 --batch x=4", "batch 3, and", .usage),
    Case("\(head) --input x=HERE/matrix.npy --size k=2 e=2 --batch x", "the type [batch n d]"),
    Case("\(head) --input x=random \(sizes) --batch x=9223372036854775807", "more than"),
    Case(
      "\(head) --engine reference --input x=random \(sizes) --batch x=4000000000", "more than"),
    Case(
      "evaluate HERE/own.diagram both --input a=HERE/matrix.npy b=HERE/square.npy --batch a,b",
      "axis 0 of input 'b' has the size 3, but batch = 2 (axis 0 of input 'a')"),
    Case(
      "evaluate HERE/own.diagram both --engine reference --input a=HERE/matrix.npy "
        + "b=HERE/square.npy --batch a,b", "axis 0 of input 'b' has the size 3, but batch = 2"),
    Case("\(head) --input x=random \(sizes) --engine reference --explain", "fast engine", .usage),
    Case("show DOT self_attention --as plan", "give --size n=N"),
    Case("show DOT self_attention --as plan --size q=4", "there is no size 'q'"),
    Case("show DOT self_attention --as plan --size n=-4", "a size is a whole number", .usage),
    Case(
      "show DOT self_attention --as plan --size n=1000000 d=1000000 k=2 e=2", "more than"),
    // Parameters.
    Case("\(head) --input x=random \(sizes) --parameters HERE/nowhere.npz", "cannot read the file"),
    Case("\(head) --input x=random \(sizes) --parameters HERE/several.npz", "missing parameters"),
    Case("\(head) --input x=random \(sizes) --parameters HERE/wrong.npz", "query"),
    // Outputs.
    Case("show DOT self_attention -o HERE/no/folder/out.txt", "cannot write the file"),
    Case("show DOT self_attention -o HERE", "cannot write the file"),
    Case("rewrite DOT self_attention --only share -o HERE/no/folder/out.txt", "cannot write"),
    Case("\(head) --input x=random \(sizes) --output HERE/no/folder/y.npy", "cannot write"),
  ]

  /// A folder with arrays and files, most of which have a fault.
  static func material() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let here = folder.path
    func save(_ name: String, _ arrays: [NamedArray]) throws {
      try ArrayFile(arrays: arrays).write(to: "\(here)/\(name)")
    }
    func real(_ name: String, _ sizes: [Int]) throws -> NamedArray {
      let count = sizes.reduce(1, *)
      let elements = (0..<count).map { Float($0) / 2 + 0.25 }
      return NamedArray(name: name, array: .float32(try Tensor(sizes, elements)))
    }
    try save("matrix.npy", [real("", [2, 3])])
    try save("vector.npy", [real("", [4])])
    try save("square.npy", [real("", [3, 3])])
    try save("odd.npy", [real("", [5])])
    try save("several.npz", [real("a", [2, 3]), real("b", [2])])
    try save("far.npy", [NamedArray(name: "", array: .int64(try Tensor([2], [0, 9])))])
    try save(
      "wrong.npz",
      [real("query", [3]), real("key", [3, 2]), real("value", [3, 2]), real("out", [2, 3])])
    let matrix = Repository.bytes("\(here)/matrix.npy")
    try folder.write("truncated.npy", bytes: Array(matrix.dropLast(5)))
    try folder.write("text.npy", "these are no numbers\n")
    let header = #"{"x":{"dtype":"F32","shape":[2,3],"data_offsets":[0,4000000]}}"#
    let length = [UInt8(header.utf8.count)] + [UInt8](repeating: 0, count: 7)
    try folder.write("lying.safetensors", bytes: length + Array(header.utf8) + [0, 0, 0, 0])
    try folder.write("faulty.diagram", "diagram f(x: []) -> [] { nothing(x) }\n")
    try folder.write("faulty.json", "{\"format\": 3")
    try folder.write(
      "own.diagram",
      """
      diagram pick(t: [v d], i: index v [n]) -> [n d] { reindex(t, i) }
      diagram join(a: [n m], b: [m]) -> [n] { matvec(a, b) }
      diagram both(a: [n], b: [n]) -> [n] { add[n](a, b) }
      diagram half(x: [2*n]) -> [2 n] { split<2, n>(x) }

      """)
    try folder.write(
      "products.diagram", "import monoid\ndiagram mine(x: M) -> M { mul(x, unit()) }\n")
    return folder
  }

  @Test("a failing command says why, with its exit code, and writes no data", arguments: cases)
  func failures(_ test: Case) throws {
    let folder = try Self.material()
    let words = test.words.split(separator: " ").map { word in
      word.replacingOccurrences(of: "HERE", with: folder.path).replacingOccurrences(
        of: "DOT", with: "\(Repository.root)/Diagrams/Attention/dot_product_attention.diagram")
    }
    let run = Tool.run(words)
    #expect(run.code == test.code, "\(run.output)\(run.errors)")
    #expect(run.errors.contains(test.message), "\(run.errors)")
    #expect(run.output.isEmpty)
    #expect(run.errors.contains("usage: anatomy") == (test.code == .usage))
  }

  @Test(
    "an array of a wrong size: the message names the input, the axis and the first box that reads it"
  )
  func wrongSizes() throws {
    let folder = try Self.material()
    let (diagrams, arrays) = ("\(folder.path)/own.diagram", "\(folder.path)/several.npz")
    let inputs = ["--input", "a=\(arrays)", "b=\(arrays)"]
    for engine in ["fast", "reference"] {
      let run = Tool.run(["evaluate", diagrams, "join", "--engine", engine] + inputs)
      #expect(run.code == .failure)
      #expect(
        run.errors == "anatomy evaluate: axis 0 of input 'b' has the size 2, but m = 3 (axis 1 of "
          + "input 'a'); the first box that reads it is simd m\n")
      let given = Tool.run(
        ["evaluate", diagrams, "join", "--engine", engine, "--size", "n=5"] + inputs)
      #expect(
        given.errors == "anatomy evaluate: axis 0 of input 'a' has the size 2, but n = 5 (given); "
          + "the first box that reads it is simd n\n")
    }
    let vector = "\(folder.path)/vector.npy"
    let fine = Tool.run(["evaluate", diagrams, "both", "--input", "a=\(vector)", "b=\(vector)"])
    #expect(fine.code == .success && fine.errors.isEmpty)
  }

  @Test("an empty axis is no fault: the results are empty, or sums of nothing")
  func emptyAxes() {
    let path = "\(Repository.root)/Diagrams/Attention/dot_product_attention.diagram"
    let words = ["evaluate", path, "self_attention", "--input", "x=random", "--size"]
    let empty = Tool.run(words + ["n=0", "d=0", "k=0", "e=0"])
    #expect(empty.output == "result [0 0] float32\n  (empty)\n")
    let none = Tool.run(words + ["n=2", "d=3", "k=2", "e=0"])
    #expect(
      none.output.split(separator: "\n").dropFirst().allSatisfy { $0.contains("0          0") })
  }

  @Test("outputs that were there stay when the command fails, and are replaced when it doesn't")
  func outputs() throws {
    let folder = try Self.material()
    let path = "\(Repository.root)/Diagrams/Attention/dot_product_attention.diagram"
    let good = ["x=random", "--size", "n=2", "d=3", "k=2", "e=2"]
    let old = try folder.write("result.npz", "old")
    let parameters = try folder.write("parameters.npz", "old")
    let text = try folder.write("text.diagram", "old")
    let words = ["evaluate", path, "self_attention", "--input"]
    let failing: [[String]] = [
      words + good + ["--parameters", "\(folder.path)/several.npz", "--output", old],
      words + ["x=\(folder.path)/vector.npy", "--output", old, "--parameters-out", parameters],
      words + good + ["--output", "\(folder.path)/no/result.npz", "--parameters-out", parameters],
      words + good + ["--output", old, "--parameters-out", "\(folder.path)/no/parameters.npz"],
      ["show", path, "nothing", "-o", text],
      ["rewrite", path, "self_attention", "--rules", "monoid", "-o", text],
      ["rewrite", path, "stack", "--only", "share", "-o", text, "--derivation", folder.path],
    ]
    for words in failing {
      let run = Tool.run(words)
      #expect(run.code == .failure && run.output.isEmpty, "\(words)")
      for file in [old, parameters, text] { #expect(Repository.text(file) == "old", "\(words)") }
    }
    let fine = Tool.run(words + good + ["--output", old, "--parameters-out", parameters])
    #expect(fine.code == .success && fine.output.isEmpty)
    #expect(try ArrayFile.read(old).arrays.map(\.name) == ["result"])
    #expect(
      try ArrayFile.read(parameters).arrays.map(\.name).sorted() == [
        "key", "out", "query", "value",
      ])
    #expect(Tool.run("show", path, "stack", "-o", text).code == .success)
    #expect(Repository.text(text).hasPrefix("import tensor\n"))
  }

  @Test("format leaves a file with faults as it is, and others too where nothing changes")
  func format() throws {
    let folder = try TemporaryFolder()
    let faulty = try folder.write("faulty.diagram", "diagram  f( {\n")
    let run = Tool.run("format", faulty)
    #expect(run.code == .failure && Repository.text(faulty) == "diagram  f( {\n")
    let loose = try folder.write("loose.diagram", "diagram  f(x:[])->[] {x}\n")
    #expect(Tool.run("format", "--check", loose).output == "\(loose)\n")
    #expect(Repository.text(loose) == "diagram  f(x:[])->[] {x}\n")
    #expect(Tool.run("format", loose).code == .success)
    #expect(Repository.text(loose) == "diagram f(x: []) -> [] { x }\n")
  }
}
