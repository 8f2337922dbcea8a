import DiagramIR
import Foundation
import Interchange
import Taxonomies

/// The file of `--checkpoint`: what a search has found so far, written whole each time.
final class TaxonomyCheckpointFile {
  /// A new one is written when this part more was explored, and at least so many mechanisms.
  private static let (growth, leastStep) = (0.25, 20_000)

  private let path: String
  private let search: TaxonomySearch
  private let root: Diagram
  private let console: Console
  /// How many mechanisms were explored when it was written.
  private var written = 0
  /// Why it could not be written when it was to be.
  private(set) var failure: InterchangeError?

  init(_ path: String, _ search: TaxonomySearch, from root: Diagram, _ console: Console) {
    (self.path, self.search, self.root, self.console) = (path, search, root, console)
  }

  /// What the file holds; `nil` when there is none.
  func taxonomy() throws(CommandFailure) -> Taxonomy? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let bytes: [UInt8]
    do { bytes = try FileBytes.read(path) } catch { throw .failure("\(error)") }
    do {
      let taxonomy = try TaxonomyCheckpoint.read(bytes, for: search, from: root)
      written = taxonomy.explored
      console.note(
        "going on from \(path): \(taxonomy.nodes.count) mechanisms, \(taxonomy.explored) of them explored"
      )
      return taxonomy
    } catch { throw .failure("\(path): \(error)") }
  }

  /// Writes the file when enough was explored since the last time. A failure is said once, and the search goes on.
  func reached(_ taxonomy: Taxonomy) {
    let step = max(Self.leastStep, Int(Double(written) * Self.growth))
    guard taxonomy.explored - written >= step else { return }
    write(taxonomy)
  }

  /// Writes the file.
  func write(_ taxonomy: Taxonomy) {
    written = taxonomy.explored
    do throws(InterchangeError) {
      let fingerprint = search.fingerprint(of: root)
      try FileBytes.replace(path) { file throws(InterchangeError) in
        try TaxonomyCheckpoint.write(taxonomy, fingerprint: fingerprint) {
          bytes throws(InterchangeError) in try file.write(bytes)
        }
      }
      failure = nil
    } catch {
      if failure == nil { console.report("anatomy taxonomy: \(error)\n") }
      failure = error
    }
  }

  /// What is said after ^C.
  var outcome: String {
    failure.map { "what was found is lost: \($0)" }
      ?? "what was found is in \(path), and the same command goes on from there"
  }
}
