import DiagramIR
import RandomDiagrams
import Testing

@Suite("Sizes")
struct SizeTests {
  private let n = Size("n")
  private let m = Size("m")

  /// A random polynomial in a, b, c with small coefficients.
  private func random(_ random: inout SplitMix64) throws -> Size {
    var sum = Size.zero
    for _ in 0..<random.below(4) {
      var product = Size(random.below(4))
      for _ in 0..<random.below(3) {
        product = try product * Size(["a", "b", "c"][random.below(3)])
      }
      sum = try sum + product
    }
    return sum
  }

  @Test("Sizes are a commutative semiring, and values respect it")
  func semiring() throws {
    try forEachSeed(500) { generator in
      let (a, b, c) = try (random(&generator), random(&generator), random(&generator))
      try require(a + b == b + a && a * b == b * a, "commutative")
      try require((a + b) + c == a + (b + c) && (a * b) * c == a * (b * c), "associative")
      try require(a * (b + c) == a * b + a * c, "distributive")
      try require(a + .zero == a && a * .one == a && a * .zero == .zero, "units")
      let values = Dictionary(
        uniqueKeysWithValues: ["a", "b", "c"].map { (SizeVariable($0), generator.below(9)) })
      let (x, y) = try (a.value(values) ?? -1, b.value(values) ?? -1)
      try require((a + b).value(values) == x + y && (a * b).value(values) == x * y, "values")
      let numbers = values.mapValues { Size($0) }
      try require(a.substituting(numbers).integer == x, "substitution")
    }
  }

  @Test("Sizes are written with variables before numbers")
  func description() throws {
    #expect(try (Size(1) + n * m + n * n).description == "m*n+n*n+1")
    #expect(try (n + n).description == "2*n")
    #expect(Size.zero.description == "0")
    #expect(n.variable == SizeVariable("n") && Size(3).integer == 3)
    #expect(try (n + m).variable == nil && (n + m).integer == nil)
  }

  @Test("What exceeds 64 bits or is too long is an error")
  func limits() throws {
    let huge = Size(Int.max)
    #expect(throws: SizeError.overflow) { try huge + .one }
    #expect(throws: SizeError.overflow) { try huge * Size(2) }
    #expect(throws: SizeError.overflow) { try (n * m).value([.init("n"): .max, .init("m"): 2]) }
    #expect(try n.value([:]) == nil)
    var sum = Size.zero
    for index in 0..<Size.maximumTerms { sum = try sum + Size("x\(index)") }
    #expect(sum.terms.count == Size.maximumTerms)
    #expect(throws: SizeError.tooManyTerms) { try sum + n }
    #expect(throws: SizeError.tooManyTerms) { try sum * sum }
    var power = n
    for _ in 0..<8 { power = try power * power }
    #expect(power.terms[0].variables.count == Size.maximumDegree)
    #expect(throws: SizeError.tooManyTerms) { try power * n }
    #expect(throws: SizeError.tooManyTerms) { try power.substituting([.init("n"): n * m]) }
  }
}
