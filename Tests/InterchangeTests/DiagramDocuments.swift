import DiagramIR

@testable import Interchange

/// Documents that tests change.
enum DiagramDocuments {
  /// Two diagrams, the second of which uses the first in the lanes of a SIMD box.
  static let value = parsed(
    """
    theory sample: cartesian
    box add: [], [] -> []
    box sum: [n ..s] -> [..s]
    diagram inner(x: [d]) -> [] {
      linear w: [d] -> [k]
      sum(w(x))
    }
    diagram outer(x: [n d], c: []) -> y: [n] { simd n(x) { add(inner(x) as f per n, c) } }
    """, "outer")

  /// A SIMD box with two mapped inputs.
  static let laneValue = parsed(
    """
    theory sample: cartesian
    box sub: [], [] -> []
    diagram lanes(x: [n], y: [n]) -> [n] { simd n(x, y) { sub(x, y) } }
    """, "lanes")

  /// A scan box.
  static let scanValue = parsed(
    """
    theory sample: cartesian
    box add: [], [] -> []
    diagram sums(x: [n], s: []) -> [], [n] {
      last, all = scan n(s = s; x) {
        t = add(s, x)
        return t, t
      }
      return last, all
    }
    """, "sums")

  /// A diagram of a symmetric theory.
  static let symmetricValue = parsed(
    """
    theory sample: symmetric
    sort H
    box mul: H, H -> H
    box comul: H -> H, H
    diagram bubble(x: H) -> H {
      a, b = comul(x)
      mul(b, a)
    }
    """, "bubble")

  static func parsed(_ text: String, _ name: String) -> JSONValue {
    let environment = DiagramSource(text: text).environment
    guard let definition = environment.definitions.first(where: { $0.symbol.name == name }),
      let value = try? JSONValue(
        parsing: DiagramJSON.encode(definition, environment: environment))
    else { return .null }
    return value
  }
}

extension JSONValue {
  /// The value with another at a path of keys and positions; `nil` takes the place away. A position one past
  /// the end of an array appends.
  func setting(_ path: [JSONValue], to new: JSONValue?) -> JSONValue {
    guard let step = path.first else { return new ?? .null }
    let rest = Array(path.dropFirst())
    if case .object(var object) = self, let key = step.stringValue {
      object[key] = rest.isEmpty ? new : (object[key] ?? .null).setting(rest, to: new)
      return .object(object)
    }
    guard case .array(var elements) = self, let index = step.intValue, index <= elements.count
    else { return self }
    let old = index < elements.count ? elements[index] : .null
    let changed = rest.isEmpty ? new : old.setting(rest, to: new)
    elements.replaceSubrange(
      index..<min(index + 1, elements.count), with: changed.map { [$0] } ?? [])
    return .array(elements)
  }
}
