import DiagramIR
import RandomDiagrams
import Testing

/// A unifier whose calls can stand in an expectation.
private final class Equations {
  private var unifier = Unifier()
  var isSettled: Bool { unifier.isSettled }
  func unify(_ left: WireType, _ right: WireType) -> Bool { unifier.unify(left, right) }
  func unify(_ left: Size, _ right: Size) -> Bool { unifier.unify(left, right) }
  func resolve(_ size: Size) -> Size { unifier.resolve(size) }
  func resolve(_ shape: [Dimension]) -> [Dimension] { unifier.resolve(shape) }
}

@Suite("Unification")
struct UnifierTests {
  private let d = Size("d")
  private let k = Size("k")
  private let n = Size(SizeVariable("n", instance: 1))
  private let m = Size(SizeVariable("m", instance: 1))
  private let s = Dimension.shape(ShapeVariable("s", instance: 1))
  private let t = Dimension.shape(ShapeVariable("t", instance: 1))

  private func array(_ dimensions: Dimension...) -> WireType { .array(.real, dimensions) }

  @Test("One unknown is solved for, through sums and products")
  func sizes() throws {
    func solution(_ left: Size, _ right: Size) -> Size? {
      let unifier = Equations()
      return unifier.unify(left, right) && unifier.isSettled ? unifier.resolve(n) : nil
    }
    #expect(solution(n, k) == k)
    #expect(try solution(n + Size(1), Size(5)) == Size(4))
    #expect(try solution(n * k, Size(3) * k) == Size(3))
    #expect(try solution(n + k, k * d + k) == k * d)
    #expect(try solution(Size(6), Size(2) * n) == Size(3))
    #expect(try solution(n * k, d * k + k) == d + Size(1))
    #expect(try solution(n * k, Size.zero) == .zero)
    #expect(try solution(n + k, k) == .zero)
  }

  @Test("What no size fits is refused")
  func contradictions() throws {
    func fits(_ left: Size, _ right: Size) -> Bool {
      let unifier = Equations()
      return unifier.unify(left, right)
    }
    #expect(!fits(d, k))
    #expect(!fits(Size(2), Size(3)))
    #expect(try !fits(n * Size(2), Size(3)))
    #expect(try !fits(n * k, d))
    #expect(try !fits(n + Size(3), Size(2)))
    let unifier = Equations()
    #expect(unifier.unify(n, k) && !unifier.unify(n, d))
  }

  @Test("An equation waits until others decide it")
  func deferred() throws {
    let unifier = Equations()
    #expect(try unifier.unify(n * m, Size(12)))
    #expect(!unifier.isSettled)
    #expect(unifier.unify(m, Size(4)))
    #expect(unifier.isSettled && unifier.resolve(n) == Size(3))
    let wrong = Equations()
    #expect(try wrong.unify(n * m, Size(12)))
    #expect(!wrong.unify(m, Size(5)), "12 is not a multiple of 5")
    let open = Equations()
    #expect(try open.unify(n + m, Size(3)))
    #expect(!open.isSettled)
  }

  @Test("A shape variable is solved from both ends")
  func shapes() {
    let unifier = Equations()
    let row = [Dimension.size(k), .size(d), .size(Size(2))]
    #expect(unifier.unify(array(.size(n), s, .size(m)), .array(.real, row)))
    #expect(unifier.resolve([s]) == [.size(d)])
    #expect(unifier.resolve(n) == k && unifier.resolve(m) == Size(2))
    let empty = Equations()
    #expect(empty.unify(array(.size(n), s), array(.size(k))) && empty.resolve([s]).isEmpty)
    let short = Equations()
    #expect(!short.unify(array(.size(n), s, .size(m)), array(.size(k))))
    let two = Equations()
    #expect(two.unify(array(s, t), array(.size(k), .size(d))) && !two.isSettled)
    #expect(two.unify(array(s), array(.size(k))) && two.isSettled)
    #expect(two.resolve([t]) == [.size(d)])
    let rigid = Equations()
    let u = Dimension.shape(ShapeVariable("u"))
    #expect(!rigid.unify(array(u), array(.size(k))))
    #expect(rigid.unify(array(s), array(u)) && rigid.resolve([s]) == [u])
    let endless = Equations()
    #expect(!endless.unify(array(s), array(.size(k), s)))
  }

  @Test("Kinds of elements and sorts must agree")
  func kinds() {
    let unifier = Equations()
    #expect(!unifier.unify(.scalar, RandomSignature.h))
    #expect(!unifier.unify(RandomSignature.k, RandomSignature.h))
    #expect(unifier.unify(RandomSignature.h, RandomSignature.h))
    #expect(!unifier.unify(.array(.index(k), []), .scalar))
    #expect(unifier.unify(.array(.index(n), []), .array(.index(k), [])))
    #expect(unifier.resolve(n) == k)
  }

  @Test("Every instance of a scheme matches it, and tells its sizes")
  func schemes() throws {
    let names = [SizeVariable("n"), SizeVariable("m")]
    let rest = ShapeVariable("s")
    let domain = [WireType.array(.real, [.size(Size("n")), .size(Size("m")), .shape(rest)])]
    let merged = try Size("n") * Size("m")
    let codomain = [WireType.array(.real, [.size(merged), .shape(rest)])]
    let scheme = TypeScheme(domain, codomain)
    try forEachSeed(200) { random in
      var substitution = TypeSubstitution()
      for name in names {
        substitution.sizes[name] = [Size(random.below(5)), Size("a"), Size("b")][random.below(3)]
      }
      substitution.shapes[rest] = (0..<random.below(3)).map { _ in .size(Size(random.below(3))) }
      let (inputs, outputs) = try (
        domain.map { try substitution($0) }, codomain.map { try substitution($0) }
      )
      guard let found = scheme.instance(inputs, outputs) else {
        throw LawBroken(description: "\(inputs) -> \(outputs)")
      }
      try require(found == substitution, "\(found)")
    }
    #expect(!scheme.matches([.real(Size(2), Size(3))], [.real(Size(5))]))
    #expect(scheme.matches([.real(Size(2), Size(3))], [.real(Size(6))]))
  }

  @Test("A size that grows without end ends in a refusal")
  func growth() throws {
    let unifier = Equations()
    var last = Size(SizeVariable("x", instance: 1))
    var isRefused = false
    for index in 2..<40 where !isRefused {
      let next = Size(SizeVariable("x", instance: Int32(index)))
      isRefused = !(unifier.unify(next, (try? last * last) ?? last))
      last = next
    }
    #expect(isRefused)
    #expect(unifier.resolve(last) == last)
  }
}
