/// What a page does: panning, zooming, searching, and showing ways.
///
/// The script reads the data of its page and makes elements of it whose texts stay texts; it loads nothing and
/// evaluates nothing.
enum PageScript {
  /// The whole script.
  static let text = "\n" + [view, ways, panel, choice, search].joined(separator: "\n") + "\n"
}
