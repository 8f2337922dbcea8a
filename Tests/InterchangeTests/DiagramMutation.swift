@testable import Interchange

/// Random changes to bytes and to JSON values, the same for the same seed.
struct DiagramMutation: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// Source: Steele, Lea and Flood, *Fast Splittable Pseudorandom Number Generators*, 2014.
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  private mutating func number(below count: Int) -> Int {
    Int.random(in: 0..<max(1, count), using: &self)
  }

  /// Changes, drops, repeats or inserts a few bytes.
  mutating func change(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for _ in 0...number(below: 3) {
      let place = number(below: bytes.count)
      let end = min(bytes.count, place + number(below: 12))
      switch number(below: 5) {
      case 0 where place < bytes.count: bytes[place] = UInt8.random(in: 0...255, using: &self)
      case 1: bytes.removeSubrange(place..<end)
      case 2: bytes.insert(contentsOf: bytes[place..<end], at: place)
      case 3 where place < bytes.count && number(below: 8) == 0: bytes.removeSubrange(place...)
      default:
        let digits = Array("0123456789-.\"[]{},:".utf8)
        if place < bytes.count { bytes[place] = digits[number(below: digits.count)] }
      }
    }
    return bytes
  }

  /// Changes one value somewhere inside, now and then to one from elsewhere in the document.
  mutating func change(_ value: JSONValue) -> JSONValue {
    let path = randomPath(in: value)
    if path.isEmpty || number(below: 5) == 0 { return value.setting(path, to: nil) }
    if number(below: 3) > 0 {
      let other = randomPath(in: value)
      return value.setting(path, to: value.at(other))
    }
    return value.setting(path, to: scalar(like: value.at(path)))
  }

  private mutating func scalar(like old: JSONValue?) -> JSONValue {
    if let number = old?.intValue, self.number(below: 3) > 0 {
      return .integer(number &+ self.number(below: 5) &- 2)
    }
    let values: [JSONValue] = [
      0, 1, 2, -1, 3, .integer(.max), .integer(.min), .null, true, "", "n", "..s", "n*d+1", "0",
      "9223372036854775807", "9223372036854775807*n", "sample.add", "symmetric", "frobenius",
      "simd", "learn", [], [0], [0, 0], [1, ""], .object([:]),
    ]
    return values[number(below: values.count)]
  }

  private mutating func randomPath(in value: JSONValue) -> [JSONValue] {
    var (path, value): ([JSONValue], JSONValue) = ([], value)
    while true {
      let step: JSONValue
      switch value {
      case .array(let elements) where !elements.isEmpty:
        step = .integer(number(below: elements.count))
      case .object(let object) where !object.isEmpty:
        step = .string(object.keys[number(below: object.count)])
      default: return path
      }
      if path.count > 1 && number(below: 7) == 0 { return path }
      path.append(step)
      value = value.at([step]) ?? .null
    }
  }
}

extension JSONValue {
  /// The value at a path of keys and positions.
  func at(_ path: [JSONValue]) -> JSONValue? {
    path.reduce(Optional(self)) { value, step in
      step.stringValue.flatMap { value?[$0] } ?? step.intValue.flatMap { value?[$0] }
    }
  }
}
