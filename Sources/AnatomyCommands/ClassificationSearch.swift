import DiagramIR
import Rewriting
import Taxonomies

/// Compares a diagram with the known mechanisms of its interface.
struct ClassificationSearch {
  /// How many candidates each comparison may try unless told otherwise.
  static let defaultLimit = 100
  /// How many of the nearest mechanisms are named, and tried by exact rules.
  private static let nearestCount = 3

  private let setting: ClassificationSetting
  private let limit: Int
  private let progress: Progress
  private let choices: ChoiceSearch
  private let subject: MechanismForm

  /// Prepares a search; what it compares is counted by `progress`.
  init(
    _ setting: ClassificationSetting, limit: Int, _ progress: Progress
  ) throws(CommandFailure) {
    (self.setting, self.limit, self.progress) = (setting, limit, progress)
    choices = ChoiceSearch(
      RelationSearch(setting.workspace.environment, rules: [], limit: limit))
    do { subject = try MechanismForm(setting.subject.diagram, setting.identity) } catch {
      throw .failure("\(error)")
    }
  }

  /// What the comparisons came to.
  ///
  /// - Throws: `CommandFailure`, when the root has no form, or ^C was pressed.
  func run() throws(CommandFailure) -> Classification {
    let report = try taxonomy()
    var found = Classification(setting: setting, report: report, limit: limit)
    let nodes = try report.map { report throws(CommandFailure) in try mechanisms(of: report) } ?? []
    found.isStopped = !progress.reached(nodes.count + setting.known.count)
    found.node = nodes.firstIndex { $0.identity == subject.identity }
    found.same = setting.known.filter { $0.mechanism.identity == subject.identity }
    found.nearest = nearest()
    if found.node == nil, found.same.isEmpty { findEqual(&found, nodes) }
    if !found.isEqual {
      findMoreGeneral(&found, nodes)
      findMoreSpecial(&found, nodes)
    }
    try found.prove()
    return found
  }

  private func taxonomy() throws(CommandFailure) -> NamedTaxonomy? {
    guard let root = setting.root else { return nil }
    let search = TaxonomySearch(setting.moves, identity: setting.identity)
    let taxonomy: Taxonomy
    do { taxonomy = try search.explore(root.diagram) { found, _ in progress.reached(found) } } catch
    {
      throw .failure("\(root.symbol.name): \(error)")
    }
    let named = setting.known.map {
      Definition(
        symbol: $0.definition.symbol, diagram: $0.mechanism.diagram,
        resultNames: $0.definition.resultNames)
    }
    return NamedTaxonomy(
      taxonomy: taxonomy, root: root,
      names: MechanismNames([root] + named, identity: setting.identity))
  }

  private func mechanisms(of report: NamedTaxonomy) throws(CommandFailure) -> [MechanismForm] {
    var mechanisms: [MechanismForm] = []
    for node in report.taxonomy.nodes {
      do { mechanisms.append(try MechanismForm(node.diagram, setting.identity)) } catch {
        throw .failure("\(error)")
      }
    }
    return mechanisms
  }

  // MARK: Nearest

  /// The known mechanisms that differ in the fewest boxes, in the order of their distance, then of their names.
  private func nearest() -> [(known: ClassificationSetting.Known, distance: Int)] {
    let all = setting.known.map {
      (known: $0, distance: $0.mechanism.boxes.distance(to: subject.boxes))
    }
    let sorted = all.sorted { a, b in
      (a.distance, a.known.definition.symbol.name, a.known.definition.symbol.module)
        < (b.distance, b.known.definition.symbol.name, b.known.definition.symbol.module)
    }
    var seen: Set<Digest> = []
    return Array(
      sorted.filter { seen.insert($0.known.mechanism.identity).inserted }
        .prefix(Self.nearestCount))
  }

  // MARK: Comparisons

  /// Looks for exact rules that lead to one of the nearest mechanisms.
  private func findEqual(_ found: inout Classification, _ nodes: [MechanismForm]) {
    let search = RelationSearch(
      setting.workspace.environment, rules: setting.rules, limit: limit,
      progress: { _ in progress.reached(nodes.count) })
    for (known, _) in found.nearest where !found.isStopped {
      if let links = try? search.equality(from: subject.diagram, to: known.mechanism.diagram) {
        found.proved = (known, links)
        found.node = nodes.firstIndex { $0.identity == known.mechanism.identity }
        return
      }
      found.isStopped = !progress.reached(nodes.count)
    }
  }

  /// Looks for diagrams for learned boxes that make known mechanisms the subject, and keeps the most special ones.
  private func findMoreGeneral(_ found: inout Classification, _ nodes: [MechanismForm]) {
    let placed = choices(of: nodes, in: found.report, &found.isStopped)
    let chosen = found.report?.taxonomy.mostSpecial(of: placed.keys.sorted()) ?? []
    let identities = Set(nodes.map(\.identity))
    var compared: [Classification.Compared] = []
    for known in setting.known where !found.isStopped {
      guard !identities.contains(known.mechanism.identity) else { continue }
      if let images = choices.choices(making: subject, of: known.mechanism) {
        compared.append(Classification.Compared(known: known, images: images))
      }
      found.isStopped = !progress.reached(nodes.count)
    }
    let isKept = mostSpecial(chosen.map { nodes[$0] } + compared.map(\.known.mechanism))
    found.general = zip(chosen, isKept).compactMap { node, isKept in
      guard isKept, let images = placed[node] else { return nil }
      return Classification.General(node: node, images: images)
    }
    found.generalKnown = zip(compared, isKept.dropFirst(chosen.count)).filter(\.1).map(\.0)
  }

  /// For mechanisms of the taxonomy, diagrams for their learned boxes that make them the subject. What comes of no
  /// mechanism that has some is tried in less time.
  private func choices(
    of nodes: [MechanismForm], in report: NamedTaxonomy?, _ isStopped: inout Bool
  ) -> [Int: [String: Diagram]] {
    var (found, sources): ([Int: [String: Diagram]], [Int: [Int]]) = ([:], [:])
    if let edges = report?.taxonomy.edges {
      for edge in edges { sources[edge.target, default: []].append(edge.source) }
    }
    for (number, node) in nodes.enumerated() where !isStopped {
      found[number] = choices.choices(
        making: subject, of: node,
        isThorough: number == 0 || (sources[number] ?? []).contains { found[$0] != nil })
      isStopped = !progress.reached(number)
    }
    return found
  }

  /// Which of some mechanisms express no other of them, as far as is found; of several that express each other the
  /// first stays.
  private func mostSpecial(_ mechanisms: [MechanismForm]) -> [Bool] {
    var isKept = mechanisms.map { _ in true }
    for (number, mechanism) in mechanisms.enumerated().reversed() {
      isKept[number] = !mechanisms.enumerated().contains { other, special in
        other != number && isKept[other] && progress.reached(mechanisms.count)
          && choices.choices(making: special, of: mechanism) != nil
      }
    }
    return isKept
  }

  /// Looks for diagrams for the subject's learned boxes that make it known mechanisms.
  private func findMoreSpecial(_ found: inout Classification, _ nodes: [MechanismForm]) {
    var seen: Set<Digest> = []
    let root = zip([setting.root].compactMap { $0 }, nodes).map {
      ClassificationSetting.Known(definition: $0, mechanism: $1)
    }
    for known in root + setting.known where !found.isStopped {
      guard seen.insert(known.mechanism.identity).inserted else { continue }
      if let images = choices.choices(making: known.mechanism, of: subject) {
        found.special.append(Classification.Compared(known: known, images: images))
      }
      found.isStopped = !progress.reached(nodes.count)
    }
  }
}
