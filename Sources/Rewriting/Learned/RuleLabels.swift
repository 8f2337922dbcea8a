import DiagramIR

/// What the labels of a rule become where it is applied.
///
/// Labels of the matched side, on either side, are those that were matched. A label that only the other side has
/// is new in the diagram.
struct RuleLabels {
  /// The labels of both sides, with the axes in front of theirs.
  private(set) var images: LabelImages

  init(
    _ side: Diagram, _ other: Diagram, _ match: Match, _ host: Diagram,
    down: LearnedSubstitution?, up: LearnedSubstitution?
  ) {
    images = LabelImages(match.labels, match.labelAxes)
    let functions = LearnedFunctions(host)
    let (own, new) = (LearnedFunctions(side), LearnedFunctions(other))
    var taken: Set<String> = []
    for label in new.labels where own[label] == nil {
      let name = functions.fresh(label, besides: taken)
      taken.insert(name)
      images.labels[label] = name
      images.axes[label] = Self.axes(of: label, match, own.labels, down: down, up: up)
    }
  }

  /// The axes of a new label: all those of the boxes that its image puts together; else those that all boxes
  /// have whose images need it.
  private static func axes(
    of label: String, _ match: Match, _ labels: [String], down: LearnedSubstitution?,
    up: LearnedSubstitution?
  ) -> [Size] {
    if let image = up?[label] {
      var axes: [Size] = []
      for part in LearnedFunctions(image).labels {
        axes += (match.labelAxes[part] ?? []).filter { !axes.contains($0) }
      }
      return axes
    }
    let users = labels.filter { user in
      down?[user].map { LearnedFunctions($0)[label] != nil } ?? (down == nil)
    }
    guard let first = users.first else { return [] }
    return (match.labelAxes[first] ?? []).filter { axis in
      users.allSatisfy { match.labelAxes[$0]?.contains(axis) == true }
    }
  }
}
