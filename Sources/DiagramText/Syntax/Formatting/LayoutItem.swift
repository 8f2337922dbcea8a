/// A piece of formatted text: a token, a space, a place where a line may or must end, or the bounds of what is
/// laid out together.
struct LayoutItem {
  enum Kind: UInt8 {
    /// The source's bytes from `first` to `second`.
    case text
    /// A comment; `first` to `second` in the source.
    case comment
    case space
    /// A space, or the end of a line when the innermost group is broken.
    case line
    /// Nothing, or the end of a line when the innermost group is broken.
    case softBreak
    /// The end of a line; after it `first` empty lines, and an indentation deeper by `second`.
    case newline
    /// What follows stands deeper, up to `outdent`.
    case indent, outdent
    /// What follows stands deeper if the innermost group is broken, up to `nestEnd`.
    case nestStart, nestEnd
    /// A group: on one line, or with all its own lines and soft breaks as ends of lines.
    case groupStart, groupEnd
    /// A block that was on one line: a group that breaks when the unit around it is too long.
    case blockStart
    /// A statement, a declaration, or what stands between two of its blocks.
    case unitStart, unitEnd
  }

  var kind: Kind
  /// For a group, whether it is broken in any case.
  var isBroken = false
  /// For groups and units, the index of their end.
  var first: UInt32 = 0
  var second: UInt32 = 0
}
