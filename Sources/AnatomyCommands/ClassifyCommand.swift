import DiagramIR
import Interchange
import Rewriting
import Taxonomies

/// `anatomy classify`: the place of a diagram in the taxonomy.
enum ClassifyCommand: Command {
  static let name = "classify"
  static let usage =
    "FILE NAME [--root FILE:NAME] [--rules FILE…] [--names FILE…] [--limit N] [--json] [-o OUT]"
  static let summary = "finds the place of a diagram among the known mechanisms"
  static let discussion = """
    The diagram is compared with every mechanism that the rules of --rules make of the root, and with the diagrams of
    --names that take and give the same. It is one of them when both have one form: uses unfolded, lanes in index
    form, and normalized by drawings.rules, so that names, the order of statements, and how lanes or softmax are
    written make no difference. Else exact rules that lead to one of the nearest are looked for, and diagrams for learned
    boxes that make a known mechanism this one, or this one a known mechanism. The answer is a file whose derivations
    'anatomy verify' accepts, with the words as comments. The nearest mechanisms are those that differ in the fewest
    boxes, which is a hint and no relation. Exits with 1 when only such a hint can be given, which proves nothing.
    """
  static let example =
    "classify Diagrams/Attention/generic_attention.diagram softmax_attention"
  static let options: [Option] = [
    .one(
      "--root", "FILE:NAME",
      "begin the taxonomy at this diagram (primordial or primordial_within, whichever fits)"),
    .several(
      "--rules", "FILE",
      "make the taxonomy by these rules, as paths or names of the library (taxonomy, taxonomy_sequences)"
    ),
    .several("--names", "FILE", "compare with the diagrams of these files (the library's)"),
    .one(
      "--limit", "N",
      "try N candidates at most for each comparison (\(ClassificationSearch.defaultLimit))"),
    .flag("--json", "print the answer as JSON"),
    .one("-o", "OUT", "write the derivations to a file, and print the words only"),
  ]

  static func run(
    _ arguments: Arguments, _ console: Console
  ) throws(CommandFailure) -> ExitCode {
    guard arguments.positionals.count == 2 else {
      throw .usage("give a file and the name of a diagram")
    }
    try arguments.checkEnding(.language("classify"))
    try arguments.checkDestinations("-o")
    let limit = try arguments.count("--limit") ?? ClassificationSearch.defaultLimit
    let setting = try ClassificationSetting(arguments, console)
    let progress = Progress("classify", unit: "comparison", on: console)
    let classification = try ClassificationSearch(setting, limit: limit, progress).run()
    try progress.finish()
    let text = try classification.derivationText(arguments.value("-o"))
    if arguments.has("-o"), !text.isEmpty { try arguments.deliver(text, console) }
    if arguments.has("--json") {
      console.writeLine(classification.json(text).compactText)
    } else if arguments.has("-o") {
      for line in classification.words { console.writeLine(line) }
    } else {
      for line in classification.words { console.writeLine("# \(line)") }
      if !text.isEmpty { console.write("\n\(text)") }
    }
    guard !classification.isPlaced else { return .success }
    console.report("anatomy classify: \(classification.mend)\n")
    return .failure
  }
}
