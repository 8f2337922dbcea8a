extension BoxShape {
  /// The corners of the box, in order; `nil` for a shape with rounded corners.
  func outline(_ box: Rectangle, _ direction: PictureDirection) -> [Point]? {
    let turned = direction == .down ? box : box.transposed
    let corners: [Point]
    switch self {
    case .linear:
      let slant = 5.0
      corners = [
        Point(x: turned.x + slant, y: turned.y), Point(x: turned.maxX - slant, y: turned.y),
        Point(x: turned.maxX, y: turned.maxY), Point(x: turned.x, y: turned.maxY),
      ]
    case .state, .constant:
      corners = [
        Point(x: turned.center.x, y: turned.y), Point(x: turned.maxX, y: turned.y + roof),
        Point(x: turned.maxX, y: turned.maxY), Point(x: turned.x, y: turned.maxY),
        Point(x: turned.x, y: turned.y + roof),
      ]
    default: return nil
    }
    return direction == .down ? corners : corners.map(\.transposed)
  }
}
