import Foundation

/// An axis: which numbers stand where, and which of them are written.
package struct PlotAxis {
  /// The least and the greatest number.
  package let range: ClosedRange<Double>
  /// Whether equal distances are equal factors.
  package let isLogarithmic: Bool

  /// What an axis reaches at most: numbers beyond stand at its ends, so that no quotient of two overflows.
  private static let limits = 1e-150...1e150

  private static func limited(_ value: Double) -> Double {
    min(max(value, limits.lowerBound), limits.upperBound)
  }

  /// An axis for positive numbers on which each decade takes as much room.
  ///
  /// It holds all numbers, and a third of a decade at least.
  package init(logarithmic values: [Double]) {
    let usable = values.filter { $0 > 0 && $0.isFinite }.map(Self.limited)
    let (least, greatest) = (usable.min() ?? 1, usable.max() ?? 10)
    isLogarithmic = true
    range = least / 1.25...max(greatest * 1.25, least * 2)
  }

  /// An axis from zero.
  package init(linear values: [Double]) {
    isLogarithmic = false
    range = 0...Self.limited(values.filter { $0.isFinite }.max() ?? 1) * 1.02
  }

  /// An axis that begins at a decade, so that bars on it have a length.
  package init(bars values: [Double]) {
    let usable = values.filter { $0 > 0 && $0.isFinite }.map(Self.limited)
    let (least, greatest) = (usable.min() ?? 1, usable.max() ?? 10)
    guard greatest / least > 20 else {
      self.init(linear: usable)
      return
    }
    self.init(range: pow(10, (log10(least) - 0.15).rounded(.down))...greatest * 1.05)
  }

  /// A logarithmic axis of this range.
  private init(range: ClosedRange<Double>) { (self.range, isLogarithmic) = (range, true) }

  /// Where a number stands: 0 at the beginning of the axis, 1 at its end.
  package func place(_ value: Double) -> Double {
    let (low, high) = (range.lowerBound, range.upperBound)
    guard isLogarithmic else { return (min(value, Self.limits.upperBound) - low) / (high - low) }
    return log10(Self.limited(value) / low) / log10(high / low)
  }

  /// The numbers that are written on an axis of this length, the wide ones thinned out until they keep apart.
  ///
  /// - Parameter room: how much of the axis the text of a number takes.
  package func ticks(length: Double, room: (String) -> Double) -> [Double] {
    let candidates = isLogarithmic ? logarithmicTicks : linearTicks
    for ticks in candidates {
      let ends = ticks.map { tick in
        let (middle, half) = (place(tick) * length, room(Self.text(tick)) / 2)
        return (middle - half, middle + half)
      }
      if zip(ends, ends.dropFirst()).allSatisfy({ $0.1 + 6 <= $1.0 }) { return ticks }
    }
    return []
  }

  /// Sets of ticks, the finest first.
  private var logarithmicTicks: [[Double]] {
    let first = Int(log10(range.lowerBound).rounded(.down))
    let last = Int(log10(range.upperBound).rounded(.up))
    let powers = Array(first...max(first, last))
    let several = [[1.0, 2, 5], [1, 3], [1]].map { factors in
      powers.flatMap { power in factors.map { $0 * pow(10, Double(power)) } }
    }
    let sparse = [2, 3, 5, 10, 20].map { step in
      powers.filter { $0 % step == 0 }.map { pow(10, Double($0)) }
    }
    // Of an axis over several decades only these are written.
    let isLong = range.upperBound / range.lowerBound > 80
    return ((isLong ? Array(several.dropFirst(2)) : several) + sparse)
      .map { $0.filter(range.contains) }
  }

  private var linearTicks: [[Double]] {
    let length = range.upperBound - range.lowerBound
    let power = log10(length / 10).rounded(.down)
    return [1.0, 2, 5, 10, 20, 50, 100].map { factor in
      let step = factor * pow(10, power)
      return stride(from: 0, through: length / step, by: 1).map { $0 * step }
    }
  }

  /// A number as people write it: `0.01`, `250`, `1,000`, and powers of ten from a million on; below 10⁻³⁰⁰ zero.
  package static func text(_ value: Double) -> String {
    guard abs(value) >= 1e-300, value.isFinite else { return "0" }
    let power = Int(log10(abs(value)).rounded(.down))
    if power >= 6 || power < -4 {
      let factor = value / pow(10, Double(power))
      let whole = (factor * 100).rounded() / 100
      let power10 = "10" + superscript(power)
      return whole == 1 ? power10 : "\(short(whole, 2)) × \(power10)"
    }
    return short(value, max(0, 2 - power))
  }

  private static func short(_ value: Double, _ digits: Int) -> String {
    let scale = pow(10, Double(min(digits, 8)))
    let units = Int((abs(value) * scale).rounded())
    var whole = String(units / Int(scale))
    var place = whole.count - 3
    while place > 0 {
      whole.insert(",", at: whole.index(whole.startIndex, offsetBy: place))
      place -= 3
    }
    var fraction = String(units % Int(scale))
    fraction = String(repeating: "0", count: max(min(digits, 8) - fraction.count, 0)) + fraction
    while fraction.hasSuffix("0") { fraction.removeLast() }
    return (value < 0 ? "-" : "") + whole + (digits == 0 || fraction.isEmpty ? "" : "." + fraction)
  }

  private static func superscript(_ power: Int) -> String {
    let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    return (power < 0 ? "⁻" : "")
      + String(String(abs(power)).compactMap(\.wholeNumberValue).map { digits[$0] })
  }
}
