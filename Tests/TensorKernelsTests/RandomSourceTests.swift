import TensorKernels
import Testing

@Suite("Random numbers")
struct RandomSourceTests {
  @Test("splitmix64 gives its published first numbers for the seed 1234567")
  func published() {
    var source = RandomSource(seed: 1_234_567)
    let numbers = (0..<3).map { _ in source.next() }
    #expect(
      numbers == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
  }

  @Test("a stream depends on seed and name, and on nothing else")
  func streams() {
    var first = RandomSource(seed: 1, stream: "w.0")
    var again = RandomSource(seed: 1, stream: "w.0")
    var otherName = RandomSource(seed: 1, stream: "w.1")
    var otherSeed = RandomSource(seed: 2, stream: "w.0")
    let number = first.next()
    #expect(number == again.next())
    #expect(number != otherName.next())
    #expect(number != otherSeed.next())
  }

  @Test("normal deviates have mean 0 and variance 1, within what 20,000 of them allow")
  func moments() throws {
    var source = RandomSource(seed: 5)
    let x: Tensor<Double> = source.normals(try Shape([20_000]))
    let mean = x.elements.reduce(0, +) / 20_000
    let variance = x.elements.reduce(0) { $0 + $1 * $1 } / 20_000
    expectClose(mean, 0, within: 0.03)
    expectClose(variance, 1, within: 0.05)
    #expect(x.elements.allSatisfy { $0.isFinite })
  }

  @Test("integers below a bound take every value about equally often")
  func integers() throws {
    var source = RandomSource(seed: 6)
    var counts = [Int](repeating: 0, count: 3)
    for _ in 0..<6_000 { counts[try source.integer(below: 3)] += 1 }
    #expect(counts.allSatisfy { (1_850...2_150).contains($0) })
    #expect(try source.integer(below: 1) == 0)
    for _ in 0..<100 { #expect(try source.integer(below: .max) >= 0) }
  }

  @Test("nothing can be drawn from an empty range, unless nothing is wanted")
  func emptyRange() throws {
    var source = RandomSource(seed: 7)
    #expect(throws: TensorError.emptyRange(bound: 0)) { try source.integer(below: 0) }
    #expect(throws: TensorError.emptyRange(bound: -1)) {
      try source.indices(Shape([2]), below: -1)
    }
    #expect(try source.indices(Shape([0]), below: 0).elements.isEmpty)
    #expect(try source.indices(Shape([9]), below: 2).elements.allSatisfy { 0..<2 ~= $0 })
  }
}
