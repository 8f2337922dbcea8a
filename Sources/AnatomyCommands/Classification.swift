import DiagramIR
import Interchange
import Rewriting
import Taxonomies

/// What a diagram was found to be among the known mechanisms.
struct Classification {
  typealias Known = ClassificationSetting.Known

  /// A mechanism of the taxonomy that diagrams for its learned boxes make the subject.
  struct General {
    let node: Int
    let images: [String: Diagram]
  }

  /// A diagram of a file, and diagrams for learned boxes between it and the subject.
  struct Compared {
    let known: Known
    let images: [String: Diagram]
  }

  let setting: ClassificationSetting
  /// The taxonomy; `nil` where no root fits.
  let report: NamedTaxonomy?
  let limit: Int
  /// The mechanism of the taxonomy that the subject is.
  var node: Int?
  /// The diagrams of files that the subject is another drawing of.
  var same: [Known] = []
  /// A diagram of a file that the subject is equal to by exact rules, and what leads there.
  var proved: (known: Known, links: [RelationLink])?
  /// The most special mechanisms of the taxonomy that express the subject.
  var general: [General] = []
  /// Other diagrams of files that express the subject.
  var generalKnown: [Compared] = []
  /// Diagrams of files that the subject expresses.
  var special: [Compared] = []
  /// The diagrams of files that differ from the subject in the fewest boxes.
  var nearest: [(known: Known, distance: Int)] = []
  /// Whether ^C ended the search.
  var isStopped = false
  /// What shows all that, with the diagrams that it names.
  private(set) var derivations: [Derivation] = []
  private var definitions: [Definition] = []

  init(setting: ClassificationSetting, report: NamedTaxonomy?, limit: Int) {
    (self.setting, self.report, self.limit) = (setting, report, limit)
  }

  /// Whether the subject is a known mechanism.
  var isEqual: Bool { node != nil || !same.isEmpty || proved != nil }

  /// Whether anything but a hint was found.
  var isPlaced: Bool {
    isEqual || !general.isEmpty || !generalKnown.isEmpty || !special.isEmpty
  }

  /// What to do where nothing was found.
  var mend: String {
    "no place found for '\(name)' within \(limit) candidates a comparison, which proves nothing; raise --limit, or give "
      + "a more general root with --root"
  }

  var name: String { setting.subject.symbol.name }
}

// MARK: - Derivations

extension Classification {
  /// Makes the derivations, and leaves out what doesn't replay.
  ///
  /// - Throws: `CommandFailure`, when the way to a mechanism of the taxonomy doesn't replay.
  mutating func prove() throws(CommandFailure) {
    guard !isStopped else { return }
    var proofs = ClassificationProofs(setting, report)
    for known in same where try !proofs.equality(to: known, []) {
      throw .failure("that '\(name)' is \(title(known)) doesn't replay")
    }
    if let found = proved, try !proofs.equality(to: found.known, found.links) {
      (proved, node) = (nil, nil)
    }
    if let node, try !proofs.placing(at: node, drawnBy: proved?.known) {
      throw .failure("the way to \(title(node)) doesn't replay")
    }
    let (nodes, diagrams, reached) = (general, generalKnown, special)
    (general, generalKnown, special) = ([], [], [])
    for found in nodes where try proofs.placing(at: found.node, choosing: found.images) {
      general.append(found)
    }
    for found in diagrams where try proofs.specialisation(of: found.known, found.images) {
      generalKnown.append(found)
    }
    for found in reached where try proofs.specialisation(to: found.known, found.images) {
      special.append(found)
    }
    (derivations, definitions) = (proofs.derivations, proofs.definitions)
  }

  /// A file with the derivations, to stand at a place; empty where there are none.
  func derivationText(_ place: String?) throws(CommandFailure) -> String {
    guard !derivations.isEmpty else { return "" }
    return try DerivationText(setting.workspace, path: setting.path, place: place ?? setting.path)
      .file(definitions, derivations)
  }
}
