import DiagramIR

/// What the labels of a rule are in a diagram.
struct LabelImages: Sendable {
  /// The label that takes the place of each.
  var labels: [String: String]
  /// The axes in front of those that the rule says.
  var axes: [String: [Size]]

  init(_ labels: [String: String], _ axes: [String: [Size]]) {
    self.labels = labels
    self.axes = axes
  }
}
