/// Which way a picture runs.
public enum PictureDirection: String, Hashable, Sendable, CaseIterable {
  /// From top to bottom.
  case down
  /// From left to right.
  case right
}

/// Sizes of texts and distances, in points, seen along the layers and from layer to layer.
struct PictureMetrics {
  let direction: PictureDirection

  /// The font sizes: of the first line in a box, of further lines, at wires, in corners, at the ends.
  static let nameSize = 11.0
  static let noteSize = 8.5
  static let wireSize = 8.5
  static let cornerSize = 9.5
  static let endSize = 10.0

  /// How far a label is from the wire it belongs to.
  static let labelGap = 3.0
  /// The least distance between ports of one box.
  static let portSpacing = 14.0

  /// How far a text reaches along the layer.
  func across(_ text: String, _ size: Double) -> Double {
    direction == .down ? TextMetrics.width(text, size: size) : TextMetrics.height(size: size)
  }

  /// How far a text reaches from layer to layer.
  func along(_ text: String, _ size: Double) -> Double {
    direction == .down ? TextMetrics.height(size: size) : TextMetrics.width(text, size: size)
  }

  /// The room of a label beside a wire, on both sides of it: right of wires that go down, above those that go to
  /// the right.
  func labelRoom(_ text: String) -> (before: Double, after: Double) {
    let room = Self.labelGap + across(text, Self.wireSize)
    return direction == .down ? (3, room) : (room, 3)
  }

  /// How much of a layer's thickness a label at a wire takes.
  func labelLength(_ text: String) -> Double { along(text, Self.wireSize) + 3 }

  /// The rectangle of a label at a port, in abstract coordinates.
  func labelRectangle(_ text: String, across position: Double, along start: Double) -> Rectangle {
    let width = across(text, Self.wireSize)
    let offset = direction == .down ? Self.labelGap : -Self.labelGap - width
    return Rectangle(
      x: position + offset, y: start + 2, width: width, height: along(text, Self.wireSize))
  }

  /// The width and height of lines of text, one below the other, the first in large letters.
  func block(_ lines: [String]) -> (across: Double, along: Double) {
    var (width, height) = (0.0, 0.0)
    for (place, line) in lines.enumerated() {
      let size = place == 0 ? Self.nameSize : Self.noteSize
      width = max(width, TextMetrics.width(line, size: size))
      height += TextMetrics.height(size: size)
    }
    return direction == .down ? (width, height) : (height, width)
  }
}
