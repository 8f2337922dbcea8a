import DiagramIR
import Interchange
import TensorInterpretation
import TensorKernels

/// `anatomy evaluate`: runs a diagram on arrays.
enum EvaluateCommand: Command {
  static let name = "evaluate"
  static let usage =
    "FILE NAME --input NAME=ARRAY… [--size n=16…] [--parameters FILE|--seed N] [--output FILE] [--precision float32|float64] [--engine fast|reference] [--batch NAME,…[=N]]"
  static let summary = "runs a diagram on arrays"
  static let discussion = """
    ARRAY is an .npy file, or an .npz or .safetensors file that holds an array of the input's name
    (x=data.npz:key takes the array 'key'), or the word random. Sizes are read off the arrays and parameters;
    --size gives those that stay open. Parameters are named as in docs/guide; without a file they are drawn at
    random from the seed, at a scale that keeps activations of order one. Results are printed in short, or saved:
    .npy for one result, .npz or .safetensors for several. --batch x,y runs the diagram in lanes, as simd does: the
    inputs x and y, and all results, have one more axis in front; other inputs and the parameters are shared.
    """
  static let example =
    "evaluate Diagrams/Attention/dot_product_attention.diagram self_attention --input x=random --size n=4 d=8 k=3 e=5"
  static let options: [Option] = [
    .several("--input", "NAME=ARRAY", "the array of each input: a file, or the word random"),
    .several("--size", "NAME=N", "sizes that the arrays leave open"),
    .one("--parameters", "FILE", "the arrays of the learned boxes (.npz, .safetensors)"),
    .one("--seed", "N", "draw what is random from this seed (0)"),
    .one("--precision", "KIND", "float32 or float64 (float32)"),
    .one("--engine", "KIND", "fast or reference (fast for float32; float64 is always reference)"),
    .one("--batch", "NAME,…[=N]", "run in lanes: these inputs and all results get a leading axis"),
    .flag("--explain", "say which laws the fast engine used, where, and what they save"),
    .one("--hidden", "N", "hidden units of `learn` boxes (64)"),
    .one("--output", "FILE", "save the results"),
    .one("--parameters-out", "FILE", "save the parameters (.npz, .safetensors)"),
    .flag("--json", "print the results as JSON"),
  ]

  static func run(
    _ arguments: Arguments, _ console: Console
  ) throws(CommandFailure) -> ExitCode {
    guard arguments.positionals.count == 2 else {
      throw .usage("give a file and the name of a diagram")
    }
    let (path, name) = (arguments.positionals[0], arguments.positionals[1])
    let precision = arguments.value("--precision") ?? "float32"
    guard ["float32", "float64"].contains(precision) else {
      throw .usage("--precision takes float32 or float64, and not '\(precision)'")
    }
    let engine = try engine(arguments, precision)
    guard engine == .fast || !arguments.has("--explain") else {
      throw .usage("--explain is about the choices of the fast engine")
    }
    let workspace = try Workspace([path], arguments, console)
    let definition = try workspace.definition(name, in: path)
    switch (precision, engine) {
    case ("float32", .fast):
      let engine = FastEngine { plan in
        guard arguments.has("--explain") else { return }
        console.report(PlanReport(name: name, sizes: plan.sizes, summary: plan.summary).explanation)
      }
      try Evaluation<Float>(definition, workspace, arguments).run(console, engine)
    case ("float32", .reference):
      try Evaluation<Float>(definition, workspace, arguments).run(console, ReferenceEngine())
    default:
      try Evaluation<Double>(definition, workspace, arguments).run(console, ReferenceEngine())
    }
    return .success
  }

  private static func engine(
    _ arguments: Arguments, _ precision: String
  ) throws(CommandFailure) -> EngineKind {
    guard let name = arguments.value("--engine") else {
      return precision == "float32" ? .fast : .reference
    }
    guard let engine = EngineKind(rawValue: name) else {
      throw .usage("--engine takes fast or reference, and not '\(name)'")
    }
    guard engine == .reference || precision == "float32" else {
      throw .usage("--engine fast computes in float32; leave it out for --precision \(precision)")
    }
    return engine
  }
}
