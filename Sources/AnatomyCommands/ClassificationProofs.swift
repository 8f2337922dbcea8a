import DiagramIR
import Rewriting
import Taxonomies

/// Derivations between the subject of a classification and known mechanisms, each replayed when it is made.
struct ClassificationProofs {
  private let setting: ClassificationSetting
  private let report: NamedTaxonomy?
  private var builder: RelationDerivations
  /// The ends of derivations.
  private var ends: [Definition]
  /// What replays.
  private(set) var derivations: [Derivation] = []

  init(_ setting: ClassificationSetting, _ report: NamedTaxonomy?) {
    (self.setting, self.report) = (setting, report)
    let subject = setting.subject
    ends = [subject]
    builder = RelationDerivations(
      left: subject, right: subject, path: setting.path, place: setting.path,
      workspace: setting.workspace)
    builder.laws = setting.identity.drawings.laws
  }

  /// The diagrams that the derivations name.
  var definitions: [Definition] { ends + builder.named }

  // MARK: Relations

  /// The subject `==` a known diagram, along links or at once.
  mutating func equality(
    to known: ClassificationSetting.Known, _ links: [RelationLink]
  ) throws(CommandFailure) -> Bool {
    let target = end(known.definition, known.mechanism.diagram, isSource: false)
    var steps = builder.steps(links, from: setting.subject, to: target)
    if links.isEmpty { steps.append(builder.expect(target.symbol)) }
    return add(setting.subject, target, .equal, steps)
  }

  /// The root of the taxonomy and the subject, by the way to a mechanism and diagrams for its learned boxes; or the
  /// root and a known diagram that draws the mechanism.
  mutating func placing(
    at node: Int, choosing images: [String: Diagram] = [:],
    drawnBy known: ClassificationSetting.Known? = nil
  ) throws(CommandFailure) -> Bool {
    guard let report else { return false }
    let count = builder.named.count
    let target =
      known.map { end($0.definition, $0.mechanism.diagram, isSource: false) } ?? setting.subject
    let root = end(report.root, report.root.diagram, isSource: true)
    var steps = report.taxonomy.path(to: node).map(\.step)
    var relation = report.taxonomy.relation(to: node)
    if images.isEmpty {
      steps.append(builder.expect(target.symbol))
    } else {
      let name = report.names(of: node).first ?? root.symbol.name
      let general = Definition(
        symbol: Symbol(module: root.symbol.module, name: name),
        diagram: report.taxonomy.nodes[node].diagram, resultNames: root.resultNames)
      steps += try specialisation(of: general, to: target, images)
      relation = relation.then(.expresses)
    }
    return add(root, target, relation, steps, forgetting: count)
  }

  /// A known diagram `>=` the subject.
  mutating func specialisation(
    of known: ClassificationSetting.Known, _ images: [String: Diagram]
  ) throws(CommandFailure) -> Bool {
    let count = builder.named.count
    let source = end(known.definition, known.mechanism.diagram, isSource: true)
    let steps = try specialisation(of: source, to: setting.subject, images)
    return add(source, setting.subject, .expresses, steps, forgetting: count)
  }

  /// The subject `>=` a known diagram.
  mutating func specialisation(
    to known: ClassificationSetting.Known, _ images: [String: Diagram]
  ) throws(CommandFailure) -> Bool {
    let count = builder.named.count
    let target = end(known.definition, known.mechanism.diagram, isSource: false)
    let steps = try specialisation(of: setting.subject, to: target, images)
    return add(setting.subject, target, .expresses, steps, forgetting: count)
  }

  private mutating func specialisation(
    of general: Definition, to special: Definition, _ images: [String: Diagram]
  ) throws(CommandFailure) -> [DerivationStep] {
    let found = Specialisation(images: images, links: [.reach(special.diagram)])
    return try builder.specialisationSteps(of: general, to: special, found)
  }

  // MARK: Parts

  /// A diagram as an end of derivations: the declared one, or a copy of it for the subject's interface under a name of
  /// its own, where the sizes of a source are called otherwise or another end has its name.
  private mutating func end(
    _ definition: Definition, _ diagram: Diagram, isSource: Bool
  ) -> Definition {
    if ends.contains(where: {
      $0.symbol == definition.symbol && $0.diagram.isIsomorphic(to: diagram)
    }) {
      return definition
    }
    let declared = setting.workspace.environment.definition(definition.symbol)
    let isFree = !definitions.contains { $0.symbol.name == definition.symbol.name }
    if let declared, isFree, declared.diagram.isIsomorphic(to: diagram),
      !isSource || declared.diagram.hasInterface(of: diagram)
    {
      ends.append(declared)
      return declared
    }
    let name = "\(definition.symbol.name)_for_\(setting.subject.symbol.name)"
    if let known = builder.named.first(where: {
      $0.symbol.name == name && $0.diagram.isIsomorphic(to: diagram)
    }) {
      return known
    }
    let symbol = builder.add(name, diagram)
    return Definition(symbol: symbol, diagram: diagram, resultNames: definition.resultNames)
  }

  /// Adds a derivation when it replays; else forgets the diagrams that were named for it.
  private mutating func add(
    _ source: Definition, _ target: Definition, _ relation: Relation, _ steps: [DerivationStep],
    forgetting count: Int? = nil
  ) -> Bool {
    var (name, number) = ("\(source.symbol.name)_to_\(target.symbol.name)", 2)
    let plain = name
    while derivations.contains(where: { $0.symbol.name == name }) {
      name = "\(plain)_\(number)"
      number += 1
    }
    let derivation = Derivation(
      symbol: Symbol(module: setting.subject.symbol.module, name: name), source: source.symbol,
      target: target.symbol, relation: relation, steps: steps)
    guard builder.replays(derivation) else {
      if let count { builder.forget(after: count) }
      return false
    }
    derivations.append(derivation)
    return true
  }
}

extension Diagram {
  fileprivate func hasInterface(of other: Diagram) -> Bool {
    domainTypes == other.domainTypes && codomainTypes == other.codomainTypes
  }
}
