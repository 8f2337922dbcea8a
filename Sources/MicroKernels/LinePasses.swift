/// Lines of consecutive numbers, some steps apart, or lines of one number each, that a pass reads.
@frozen
public struct PassLines: BitwiseCopyable {
  /// The first line.
  public var start: UnsafePointer<Float>
  /// How far apart lines are.
  public var step: Int
  /// Whether a line is one number, the same in all columns.
  public var isRepeated: Bool

  /// Lines.
  @inlinable @inline(__always)
  public init(start: UnsafePointer<Float>, step: Int, isRepeated: Bool) {
    (self.start, self.step, self.isRepeated) = (start, step, isRepeated)
  }

  /// Sixteen numbers of a line, zeros behind the last of `count`.
  @inlinable @inline(__always)
  func numbers(_ line: Int, _ place: Int, _ count: Int) -> Lanes {
    let start = start + line * step
    return isRepeated ? Lanes(repeating: start.pointee) : Lanes.from(start, place, count)
  }
}

/// A pass over lines: what is written is as many lines of `length` consecutive numbers.
@frozen
public struct LinePass: BitwiseCopyable {
  /// What is read first.
  public var a: PassLines
  /// What is read second.
  public var b: PassLines
  /// What is read third; the second again for functions of two.
  public var c: PassLines
  /// The first line that is written.
  public var target: UnsafeMutablePointer<Float>
  /// How far apart the lines are that are written.
  public var targetStep: Int
  /// How many lines there are.
  public var count: Int
  /// How many numbers each has.
  public var length: Int

  /// A pass.
  @inlinable @inline(__always)
  public init(
    a: PassLines, b: PassLines, c: PassLines, target: UnsafeMutablePointer<Float>,
    targetStep: Int, count: Int, length: Int
  ) {
    (self.a, self.b, self.c) = (a, b, c)
    (self.target, self.targetStep) = (target, targetStep)
    (self.count, self.length) = (count, length)
  }
}

extension InstructionSet {
  /// Writes a function of the numbers of two lines, line by line.
  @inlinable @inline(__always)
  static func applyToLines(_ function: PairFunction, _ pass: LinePass) {
    switch function {
    case .add: combineFast(pass) { a, b, _ in a + b }
    case .sub: combineFast(pass) { a, b, _ in a - b }
    case .mul: combineFast(pass) { a, b, _ in a * b }
    case .div: combine(pass) { a, b, _ in a / b }
    case .maximum: combine(pass) { a, b, _ in Lanes.larger(a, b) }
    case .minimum: combine(pass) { a, b, _ in Lanes.smaller(a, b) }
    case .less:
      combine(pass) { a, b, _ in Lanes(repeating: 0).replacing(with: 1, where: a .< b) }
    }
  }

  /// Writes `a · b + c`, line by line.
  @inlinable @inline(__always)
  static func multiplyAddLines(_ pass: LinePass) {
    combineFast(pass) { a, b, c in multiplyAdd(a, b, c) }
  }

  /// Copies a line, or repeats its number, line by line.
  @inlinable @inline(__always)
  static func copyLines(_ pass: LinePass) { combine(pass) { a, _, _ in a } }

  @inlinable @inline(__always)
  static func combine(_ pass: LinePass, _ function: (Lanes, Lanes, Lanes) -> Lanes) {
    var line = 0
    while line < pass.count {
      let target = pass.target + line * pass.targetStep
      var place = 0
      while place < pass.length {
        let a = pass.a.numbers(line, place, pass.length)
        let b = pass.b.numbers(line, place, pass.length)
        let c = pass.c.numbers(line, place, pass.length)
        function(a, b, c).store(target, place, pass.length)
        place += 16
      }
      line += 1
    }
  }

  /// The same with loops of their own for what recurrences are mostly made of: whole vectors, where the first of the
  /// lines may be one number.
  @inlinable @inline(__always)
  static func combineFast(_ pass: LinePass, _ function: (Lanes, Lanes, Lanes) -> Lanes) {
    guard pass.length & 15 == 0, !pass.b.isRepeated, !pass.c.isRepeated else {
      return combine(pass, function)
    }
    if pass.a.isRepeated {
      combineWhole(pass, function) { start, _ in Lanes(repeating: start.pointee) }
    } else {
      combineWhole(pass, function) { start, place in Memory.load(start + place) }
    }
  }

  @inlinable @inline(__always)
  static func combineWhole(
    _ pass: LinePass, _ function: (Lanes, Lanes, Lanes) -> Lanes,
    first: (UnsafePointer<Float>, Int) -> Lanes
  ) {
    var (a, b, c, target) = (pass.a.start, pass.b.start, pass.c.start, pass.target)
    var left = pass.count
    while left > 0 {
      var place = 0
      while place < pass.length {
        let numbers = function(first(a, place), Memory.load(b + place), Memory.load(c + place))
        Memory.store(numbers, target + place)
        place += 16
      }
      a += pass.a.step
      b += pass.b.step
      c += pass.c.step
      target += pass.targetStep
      left -= 1
    }
  }

  /// Writes one line: the sum over lines of `a · b`, even lines and odd ones apart, then together.
  @inlinable @inline(__always)
  static func sumLineProducts(_ pass: LinePass) {
    let isFast = pass.a.isRepeated && !pass.b.isRepeated
    var place = 0
    while isFast && place + 32 <= pass.length {
      sumWideLines(pass, place)
      place += 32
    }
    while place < pass.length {
      var (even, odd) = (Lanes(repeating: 0), Lanes(repeating: 0))
      var line = 0
      while line + 1 < pass.count {
        even = multiplyAdd(
          pass.a.numbers(line, place, pass.length), pass.b.numbers(line, place, pass.length), even)
        odd = multiplyAdd(
          pass.a.numbers(line + 1, place, pass.length),
          pass.b.numbers(line + 1, place, pass.length), odd)
        line += 2
      }
      if line < pass.count {
        even = multiplyAdd(
          pass.a.numbers(line, place, pass.length), pass.b.numbers(line, place, pass.length), even)
      }
      (even + odd).store(pass.target, place, pass.length)
      place += 16
    }
  }

  /// Thirty-two columns, where the first of the lines are one number each.
  @inlinable @inline(__always)
  static func sumWideLines(_ pass: LinePass, _ place: Int) {
    var (even, odd) = (Lanes(repeating: 0), Lanes(repeating: 0))
    var (evenRest, oddRest) = (Lanes(repeating: 0), Lanes(repeating: 0))
    var (a, b) = (pass.a.start, pass.b.start + place)
    var left = pass.count
    while left >= 2 {
      let first = Lanes(repeating: a.pointee)
      even = multiplyAdd(first, Memory.load(b), even)
      evenRest = multiplyAdd(first, Memory.load(b + 16), evenRest)
      let (next, line) = (Lanes(repeating: (a + pass.a.step).pointee), b + pass.b.step)
      odd = multiplyAdd(next, Memory.load(line), odd)
      oddRest = multiplyAdd(next, Memory.load(line + 16), oddRest)
      a += 2 * pass.a.step
      b += 2 * pass.b.step
      left -= 2
    }
    if left > 0 {
      let first = Lanes(repeating: a.pointee)
      even = multiplyAdd(first, Memory.load(b), even)
      evenRest = multiplyAdd(first, Memory.load(b + 16), evenRest)
    }
    Memory.store(even + odd, pass.target + place)
    Memory.store(evenRest + oddRest, pass.target + place + 16)
  }
}
