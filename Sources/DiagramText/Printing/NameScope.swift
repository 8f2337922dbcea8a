/// Which names are taken where a text stands.
///
/// Some names are taken everywhere: reserved words and labels. Others are taken in the scope that is
/// open, and free again in the scopes inside it and behind it.
///
/// - Complexity: linear in the name's bytes for each operation, expected and amortized.
struct NameScope {
  private struct Entry {
    var name: PrintedRange
    /// The scope in which the name is taken; 0 for everywhere, -1 for none.
    var scope: Int32
  }

  private static let everywhere: Int32 = 0
  private static let nowhere: Int32 = -1

  private var bytes: [UInt8] = []
  private var entries: [Entry] = []
  /// An open-addressing table of positions of entries, plus one.
  private var slots: [UInt32] = Array(repeating: 0, count: 64)
  private var current: Int32 = 1
  private var last: Int32 = 1
  /// What entries were before the open inner scopes took them.
  private var replaced: [(entry: Int, scope: Int32)] = []
  private var outer: [(scope: Int32, replaced: Int)] = []

  /// Takes a name in every scope.
  mutating func reserve(_ name: some Collection<UInt8>) {
    let name = Array(name)
    name.withUnsafeBufferPointer { entries[entry(of: $0)].scope = Self.everywhere }
  }

  /// Opens a scope in which no name is taken but those that are everywhere.
  mutating func open() {
    outer.append((current, replaced.count))
    last += 1
    current = last
  }

  /// Goes back to the scope around.
  mutating func close() {
    guard let (scope, count) = outer.popLast() else { return }
    while replaced.count > count {
      let (entry, scope) = replaced.removeLast()
      entries[entry].scope = scope
    }
    current = scope
  }

  /// Takes a name in the open scope; false when it was taken there or everywhere.
  mutating func claim(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
    let entry = entry(of: name)
    let scope = entries[entry].scope
    if scope == Self.everywhere || scope == current { return false }
    take(entry)
    return true
  }

  /// Takes a name in the open scope, also one that is taken everywhere; false when it was taken in
  /// the open scope.
  mutating func share(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
    let entry = entry(of: name)
    if entries[entry].scope == current { return false }
    take(entry)
    return true
  }

  private mutating func take(_ entry: Int) {
    if !outer.isEmpty { replaced.append((entry, entries[entry].scope)) }
    entries[entry].scope = current
  }

  private mutating func entry(of name: UnsafeBufferPointer<UInt8>) -> Int {
    if 2 * entries.count >= slots.count { grow() }
    let mask = slots.count - 1
    var slot = NameHash.of(name) & mask
    while slots[slot] != 0 {
      let known = entries[Int(slots[slot] - 1)].name
      if Int(known.count) == name.count, bytes.holds(name, at: Int(known.start)) {
        return Int(slots[slot] - 1)
      }
      slot = (slot + 1) & mask
    }
    slots[slot] = UInt32(truncatingIfNeeded: entries.count + 1)
    entries.append(Entry(name: bytes.keep(name), scope: Self.nowhere))
    return entries.count - 1
  }

  private mutating func grow() {
    slots = Array(repeating: 0, count: 2 * slots.count)
    let mask = slots.count - 1
    bytes.withUnsafeBufferPointer { bytes in
      for (index, entry) in entries.enumerated() {
        let name = UnsafeBufferPointer(rebasing: bytes[entry.name.indices])
        var slot = NameHash.of(name) & mask
        while slots[slot] != 0 { slot = (slot + 1) & mask }
        slots[slot] = UInt32(truncatingIfNeeded: index + 1)
      }
    }
  }
}
