import DiagramIR
import Rewriting

/// The rules of the library by which two drawings are found to be one mechanism: those of drawings.rules.
struct DrawingLaws {
  private static let name = "drawings"
  /// The file's path, where there is one.
  let paths: [String]

  /// Looks for the file in the library.
  init(_ arguments: Arguments) {
    let library = LibraryFiles(libraries: arguments.values("--library"))
    paths = library.locate(inLibrary: Self.name).map { [$0] } ?? []
  }

  /// The rules of the file.
  func rules(in workspace: Workspace) throws(CommandFailure) -> DrawingRules {
    do { return try DrawingRules(workspace.exactRules(of: paths)) } catch {
      throw .failure("\(paths.joined()): \(error)")
    }
  }

  /// The step by which a derivation ends at another drawing of what it has reached.
  static func expectation(of symbol: Symbol, _ laws: [Law]) -> DerivationStep {
    let lanes = LaneLaw.normalForm.rawValue
    return .reach(
      symbol, modulo: laws.isEmpty ? lanes : "\(lanes), \(name)",
      laws: [.lanes(.normalForm)] + laws)
  }
}
