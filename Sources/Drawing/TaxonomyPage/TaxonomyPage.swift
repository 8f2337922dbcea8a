import DiagramIR

/// A taxonomy as a web page: one file that needs nothing else, with the graph, the ways between its mechanisms, and
/// tables that say the same.
///
/// ```
/// var page = TaxonomyPage(title: "primordial")
/// page.mechanisms = [.init(title: "primordial", lines: ["primordial"], isNamed: true, relation: .equal), …]
/// page.laws = [.init(name: "weights_softmax", text: "rule weights_softmax …", certificate: "certified")]
/// page.steps = [.init(source: 0, target: 1, relation: .expresses, law: 0, step: "apply weights_softmax at s")]
/// page.html()
/// ```
///
/// The graph is laid out here and stands in the page as it is drawn; a script adds panning, zooming, searching and
/// ways. No text of a taxonomy becomes markup or script: names are escaped, data is JSON that can't end its element,
/// pictures are images, in which nothing runs, and the page's policy lets no script run but its own, and nothing be
/// loaded. Equal pages give equal bytes.
public struct TaxonomyPage: Sendable {
  /// A mechanism. The first is the root.
  public struct Mechanism: Sendable {
    /// What it is called, in one line.
    public var title: String
    /// What stands on its card.
    public var lines: [String]
    /// What else it is called.
    public var otherNames: [String] = []
    /// Whether it has a name of its own; others are drawn lightly.
    public var isNamed: Bool
    /// How the root compares with it.
    public var relation: Relation
    /// What is said about it.
    public var note = ""
    /// The works that it is taken from, and the first of them in short.
    public var (sources, source): ([String], String) = ([], "")
    /// Its diagram as text.
    public var text = ""
    /// Its diagram as steps from the root draw it, where that is another text.
    public var drawnText = ""
    /// What evaluating it takes, by name.
    public var costs: [(name: String, value: String)] = []
    /// How its cost grows with the number of tokens, and the degree of that.
    public var (growth, degree): (String, Int) = ("", 0)
    /// Its picture, an SVG document.
    public var picture: String?

    /// A mechanism.
    public init(title: String, lines: [String], isNamed: Bool, relation: Relation) {
      (self.title, self.lines, self.isNamed, self.relation) = (title, lines, isNamed, relation)
    }
  }

  /// A step from one mechanism to another.
  public struct Step: Sendable {
    /// The numbers of the mechanisms.
    public var (source, target): (Int, Int)
    /// How the source compares with the target.
    public var relation: Relation
    /// The number of the rule.
    public var law: Int
    /// The step as a derivation writes it.
    public var step: String

    /// A step.
    public init(source: Int, target: Int, relation: Relation, law: Int, step: String) {
      (self.source, self.target) = (source, target)
      (self.relation, self.law, self.step) = (relation, law, step)
    }
  }

  /// A rule.
  public struct Law: Sendable {
    /// Its name.
    public var name: String
    /// Its declaration.
    public var text: String
    /// What it rests on.
    public var certificate: String

    /// A rule.
    public init(name: String, text: String, certificate: String) {
      (self.name, self.text, self.certificate) = (name, text, certificate)
    }
  }

  /// What the page is called.
  public var title: String
  /// What was found, in a line.
  public var summary = ""
  /// The mechanisms, by number.
  public var mechanisms: [Mechanism] = []
  /// The steps between them. Those with numbers of mechanisms or rules that there are none of are left out.
  public var steps: [Step] = []
  /// The rules, by number.
  public var laws: [Law] = []
  /// Whether something is missing.
  public var isPartial = false

  /// A page without a mechanism.
  public init(title: String) { self.title = title }

  /// The steps that can be shown.
  var shownSteps: [Step] {
    steps.filter {
      mechanisms.indices.contains($0.source) && mechanisms.indices.contains($0.target)
        && laws.indices.contains($0.law)
    }
  }
}

extension Relation {
  /// The relation in words that stand between two mechanisms.
  var words: String {
    switch self {
    case .equal: "is equal to"
    case .equivalent: "is as expressive as"
    case .expresses: "can express"
    case .expressed: "is a case of"
    case .connected: "is connected with"
    }
  }

  /// The relation as a name of a class.
  var styleName: String {
    switch self {
    case .equal: "equal"
    case .equivalent: "equivalent"
    case .expresses: "expresses"
    case .expressed: "expressed"
    case .connected: "connected"
    }
  }
}
