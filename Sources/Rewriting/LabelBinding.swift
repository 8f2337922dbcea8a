import DiagramIR

/// What the labels of a pattern stand for.
struct LabelBinding: Sendable {
  private(set) var images: [String: String] = [:]
  private var learned: [String: String] = [:]
  private(set) var prefix: LabelPrefix?
  /// For a label, the axes that its image has in front of those of the pattern.
  private(set) var axes: [String: [Size]] = [:]

  /// Binds the label of a learned box: equal labels exactly for equal labels.
  mutating func bind(learned label: String, to image: String, axes added: [Size]) -> Bool {
    if let known = learned[image], known != label { return false }
    learned[image] = label
    return bind(use: label, to: image, axes: added)
  }

  /// Binds the label of a use.
  mutating func bind(use label: String, to image: String, axes added: [Size]) -> Bool {
    if let known = axes[label], known != added { return false }
    if let known = images[label], known != image { return false }
    axes[label] = added
    images[label] = image
    return true
  }

  /// Requires that the image is the label behind the common prefix.
  mutating func bind(_ label: String, to image: String, axes: [Size]) -> Bool {
    let end = "." + label
    guard image.hasSuffix(end), image.utf8.count > end.utf8.count else { return false }
    let found = LabelPrefix(label: String(image.dropLast(end.count)), per: axes)
    guard prefix == nil || prefix == found else { return false }
    prefix = found
    return true
  }

  /// Whether labels inside a use that is still folded keep their relation to its label.
  var respectsUses: Bool {
    for (label, image) in images {
      var rest = label[...]
      while let dot = rest.lastIndex(of: ".") {
        rest = rest[..<dot]
        guard let outer = images[String(rest)] else { continue }
        guard image == outer + label[dot...], axes[label] == axes[String(rest)] else {
          return false
        }
      }
    }
    return true
  }
}
