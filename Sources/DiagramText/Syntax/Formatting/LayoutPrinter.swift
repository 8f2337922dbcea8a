/// Chooses the ends of lines and writes the text.
///
/// Two rules, both looking at most one line ahead, so that printing is linear. A unit whose lines would be
/// longer than `width` has its outermost one-line blocks opened. A group breaks when what stands up to its end,
/// or up to the first end of a line that is there in any case, doesn't fit on the rest of the line. (After
/// Wadler, A prettier printer, 2003, and Oppen, Pretty-printing, 1980.)
struct LayoutPrinter {
  /// The longest line, in columns, where a line can be broken at all.
  static let width = 100
  static let step = 2

  let source: [UInt8]
  private(set) var output: [UInt8] = []
  private var items: [LayoutItem] = []
  private var column = 0
  private var isLineStart = true
  private var indentation = 0
  /// How deep the line stands that has been begun: what a group nests stands deeper only from its next line on.
  private var lineIndentation = 0
  private var groups: [(isBroken: Bool, isBlock: Bool)] = []

  init(source: [UInt8]) {
    self.source = source
    output.reserveCapacity(source.count + source.count / 8)
  }

  /// Prints items whose groups and units all end among them, and takes them away.
  mutating func print(_ queue: inout [LayoutItem]) {
    swap(&items, &queue)
    for index in items.indices { printItem(index) }
    items.removeAll(keepingCapacity: true)
    swap(&items, &queue)
  }

  /// Ends the last line.
  mutating func finish() -> [UInt8] {
    if !isLineStart { output.append(UInt8(ascii: "\n")) }
    return output
  }

  private mutating func printItem(_ index: Int) {
    let item = items[index]
    switch item.kind {
    case .text: write(item)
    case .comment: writeComment(item)
    case .space: writeSpace()
    case .line: if isGroupBroken { endLine() } else { writeSpace() }
    case .softBreak: if isGroupBroken { endLine() }
    case .newline: endLine(blankLines: Int(item.first), extra: Int(item.second))
    case .indent: indentation += Self.step
    case .outdent: indentation -= Self.step
    case .nestStart: if isGroupBroken { indentation += Self.step }
    case .nestEnd: if isGroupBroken { indentation -= Self.step }
    case .groupStart: groups.append((item.isBroken || !fits(from: index), false))
    case .blockStart: groups.append((item.isBroken, true))
    case .groupEnd: groups.removeLast()
    case .unitStart: if !isInsideFlatBlock, isTooLong(unit: index) { openBlocks(ofUnit: index) }
    case .unitEnd: break
    }
  }

  private var isGroupBroken: Bool { groups.last?.isBroken ?? false }

  private var isInsideFlatBlock: Bool {
    guard let block = groups.last(where: { $0.isBlock }) else { return false }
    return !block.isBroken
  }

  // MARK: Writing

  private mutating func write(_ item: LayoutItem) {
    beginText()
    output.append(contentsOf: source[Int(item.first)..<Int(item.second)])
    column += Int(item.second - item.first)
  }

  private mutating func writeComment(_ item: LayoutItem) {
    if !isLineStart {
      writeSpace()
      writeSpace()
    }
    write(item)
  }

  private mutating func writeSpace() {
    output.append(UInt8(ascii: " "))
    column += 1
  }

  private mutating func beginText() {
    guard isLineStart else { return }
    isLineStart = false
    output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: lineIndentation))
    column = lineIndentation
  }

  private mutating func endLine(blankLines: Int = 0, extra: Int = 0) {
    lineIndentation = indentation + extra
    guard !output.isEmpty else { return }
    if !isLineStart { output.append(UInt8(ascii: "\n")) }
    isLineStart = true
    output.append(contentsOf: repeatElement(UInt8(ascii: "\n"), count: blankLines))
  }

  // MARK: Looking ahead

  private var startColumn: Int { isLineStart ? lineIndentation : column }

  /// Whether the group at `start`, and what follows it on its line, fits on the rest of the line.
  private func fits(from start: Int) -> Bool {
    var column = startColumn
    var nested: [Bool] = []
    var outer = groups.count
    for index in start..<items.count {
      let item = items[index]
      switch item.kind {
      case .text: column += Int(item.second - item.first)
      case .space: column += 1
      case .line, .softBreak:
        if nested.last ?? (outer > 0 && groups[outer - 1].isBroken) { return true }
        column += item.kind == .line ? 1 : 0
      case .newline, .comment: return true
      case .groupStart, .blockStart: nested.append(item.isBroken)
      case .groupEnd:
        if nested.popLast() == nil { outer = max(0, outer - 1) }
      case .indent, .outdent, .nestStart, .nestEnd, .unitStart, .unitEnd: break
      }
      if column > Self.width { return false }
    }
    return true
  }

  /// Whether a line of the unit would be too long with all its one-line blocks left as they are.
  private func isTooLong(unit: Int) -> Bool {
    var column = startColumn
    var broken: [Bool] = []
    var index = unit + 1
    while index < Int(items[unit].first) {
      let item = items[index]
      switch item.kind {
      case .text: column += Int(item.second - item.first)
      case .space: column += 1
      case .line, .softBreak:
        if broken.last ?? false {
          column = indentation + Self.step
        } else if item.kind == .line {
          column += 1
        }
      case .newline: column = indentation + Int(item.second)
      case .groupStart, .blockStart: broken.append(item.isBroken)
      case .groupEnd: broken.removeLast()
      case .unitStart where isOpen(index): index = Int(item.first)
      case .unitStart, .unitEnd, .comment, .indent, .outdent, .nestStart, .nestEnd: break
      }
      if column > Self.width { return true }
      index += 1
    }
    return false
  }

  /// Opens the one-line blocks of a unit that stand in no other block.
  private mutating func openBlocks(ofUnit unit: Int) {
    var index = unit + 1
    while index < Int(items[unit].first) {
      switch items[index].kind {
      case .blockStart:
        items[index].isBroken = true
        index = Int(items[index].first)
      case .unitStart: index = Int(items[index].first)
      default: break
      }
      index += 1
    }
  }

  /// Whether the unit stands on lines of its own, in a block that is open in any case.
  private func isOpen(_ unit: Int) -> Bool { items[unit].isBroken }
}
