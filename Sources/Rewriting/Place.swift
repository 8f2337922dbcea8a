import DiagramIR

/// Why a name doesn't say where.
public enum PlaceError: Error, Hashable, Sendable {
  /// No wire has the name.
  case unknown(name: String)
  /// Several wires have the name; these names are unique.
  case ambiguous(name: String, candidates: [String])
}

extension PlaceError: CustomStringConvertible {
  /// What is wrong with the name.
  public var description: String {
    switch self {
    case .unknown(let name): "the diagram has no wire '\(name)'"
    case .ambiguous(let name, let candidates):
      "several wires are called '\(name)': say \(candidates.joined(separator: " or "))"
    }
  }
}

/// Names for the places of a diagram. A place is a wire: its name where it has one of its own, else `_N`, where N
/// counts the wires of all regions in canonical order.
///
/// The numbers don't change when wires are renamed or boxes stored in another order. Where a wire has a name such
/// as `_3`, more underscores stand in front of all numbers.
public enum Place {
  /// A name that only this wire has.
  ///
  /// - Complexity: that of `Diagram.canonicalOrder()`.
  public static func name(of wire: WireID, in diagram: Diagram) -> String {
    let name = diagram.name(of: wire)
    if !name.isEmpty && diagram.wireNames.count(where: { $0 == name }) == 1 { return name }
    let order = diagram.canonicalOrder().wires
    if let rank = order.firstIndex(of: wire) { return numberPrefix(in: diagram) + String(rank) }
    return Self.name(of: wire, in: DiagramIndex(diagram))
  }

  /// The wire of that name.
  ///
  /// - Throws: `PlaceError`, when there is none or there are several.
  /// - Complexity: that of `Diagram.canonicalOrder()`.
  public static func resolve(
    _ name: String, in diagram: Diagram
  ) throws(PlaceError) -> WireID {
    try resolve(name, in: DiagramIndex(diagram))
  }

  static func name(of wire: WireID, in index: DiagramIndex) -> String {
    let name = index.diagram.name(of: wire)
    if !name.isEmpty && wires(called: name, in: index).count == 1 { return name }
    return numberPrefix(in: index.diagram) + String(index.wireRank[wire.index])
  }

  static func resolve(
    _ name: String, in index: DiagramIndex
  ) throws(PlaceError) -> WireID {
    let named = name.isEmpty ? [] : wires(called: name, in: index)
    if let wire = named.first, named.count == 1 { return wire }
    let prefix = numberPrefix(in: index.diagram)
    if !named.isEmpty {
      let candidates = named.map { prefix + String(index.wireRank[$0.index]) }
      throw .ambiguous(name: name, candidates: candidates)
    }
    let digits = name.dropFirst(prefix.count)
    guard name.hasPrefix(prefix), digits.allSatisfy({ $0.isASCII && $0.isNumber }),
      let number = Int(digits), String(number) == digits, number < index.wireOrder.count
    else { throw .unknown(name: name) }
    return index.wireOrder[number]
  }

  private static func wires(called name: String, in index: DiagramIndex) -> [WireID] {
    index.wireOrder.filter { index.diagram.name(of: $0) == name }
  }

  /// The fewest underscores such that no wire is called by them and a number.
  private static func numberPrefix(in diagram: Diagram) -> String {
    var taken: Set<Int> = []
    for wire in 0..<diagram.wireCount {
      let name = diagram.name(of: WireID(wire))
      guard name.hasPrefix("_") else { continue }
      let digits = name.drop { $0 == "_" }
      guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { continue }
      taken.insert(name.count - digits.count)
    }
    var count = 1
    while taken.contains(count) { count += 1 }
    return String(repeating: "_", count: count)
  }
}
