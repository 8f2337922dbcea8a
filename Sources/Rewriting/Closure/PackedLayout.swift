import DiagramIR

/// Where a packed diagram's boxes and ends of wires lie in one array of cells.
///
/// A box is a record of `stride` cells, a power of two, so that a record and the place in it are bits of the number
/// of a cell:
///
/// ```
/// code | kind | inputs … | outputs … |
/// ```
///
/// The cell of a port holds the number of the cell at the wire's other end. The places of the domain, and then those
/// of the codomain, lie in records before the first box, from their third cells on.
///
/// In encodings an output is a code. The first cell of a box that has its canonical number is the least of the
/// codes of its cells; it is `unknown` before. The place `p` of the domain has the code `p + 2`.
struct PackedLayout: Sendable {
  /// Larger diagrams aren't packed.
  private static let cellLimit = 1 << 26
  /// Larger than all codes.
  static let unknown: Int32 = 1 << 30

  let domainCount: Int
  let codomainCount: Int
  /// How many bits number the cells of a record.
  let shift: Int
  /// The place of the first output in a record.
  let firstOutput: Int
  /// How many bits number the outputs of a box.
  let outputBits: Int
  private let domainRecords: Int
  private let codomainRecords: Int

  /// The layout for boxes of at most these many inputs and outputs; `nil` when a record or the interface is too
  /// large.
  init?(domainCount: Int, codomainCount: Int, inputs: Int, outputs: Int) {
    self.domainCount = domainCount
    self.codomainCount = codomainCount
    shift = Self.bits(max(2 + inputs + outputs, 4))
    firstOutput = 2 + inputs
    outputBits = Self.bits(outputs)
    let places = 1 << shift - 2
    domainRecords = (domainCount + places - 1) / places
    codomainRecords = (codomainCount + places - 1) / places
    guard maximumBoxCount >= 16 else { return nil }
  }

  /// How many cells a record has.
  var stride: Int { 1 << shift }

  /// The record of the first box.
  var firstBox: Int { (domainRecords + codomainRecords) << shift }

  /// How many boxes a packed diagram may have.
  var maximumBoxCount: Int { (Self.cellLimit - firstBox) >> shift }

  /// The record of a box.
  func record(_ box: Int) -> Int { firstBox + box << shift }

  /// The cell of a place of the domain.
  func domainCell(_ place: Int) -> Int {
    let (record, rest) = place.quotientAndRemainder(dividingBy: stride - 2)
    return record << shift + 2 + rest
  }

  /// The cell of a place of the codomain.
  func codomainCell(_ place: Int) -> Int { domainRecords << shift + domainCell(place) }

  /// The least code of a record before those of the boxes.
  func code(ofInterface record: Int) -> Int {
    record < domainRecords ? record * (stride - 2) : 0
  }

  /// The code of an output of a box with that canonical number.
  func code(box: Int, output: Int) -> Int {
    domainCount + box << outputBits + firstOutput + output
  }

  /// How many bits number this many things.
  private static func bits(_ count: Int) -> Int {
    count <= 1 ? 0 : Int.bitWidth - (count - 1).leadingZeroBitCount
  }
}
