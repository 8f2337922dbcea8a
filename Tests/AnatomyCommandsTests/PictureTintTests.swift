import Foundation
import Testing

/// What pictures of a step set off of wires that lead elsewhere too.
struct PictureTintTests {
  private static let rules = """
    theory own: cartesian

    sort H

    box f: H -> H
    box g: H -> H
    box m: H, H -> H

    rule copied(x: H) { m(f(x), f(x)) == g(x) }
    rule square(x: H) { f(x) == m(x, x) }
    rule inner(x: H) { g(f(x)) == f(x) }
    rule apart(x: H, y: H) { m(x, y) == m(y, x) }
    rule nothing(x: H) { g(x) == x }

    """

  /// How many paths of wires are set off before a step and after it.
  private static func paths(
    _ step: String, from left: String, to right: String
  ) throws -> (before: Int, after: Int) {
    let folder = try TemporaryFolder()
    try folder.write("own.rules", rules)
    let file = try folder.write(
      "steps.diagram",
      """
      import own

      diagram left(x: H) -> H, H { \(left) }
      diagram right(x: H) -> H, H { \(right) }

      derivation step: left == right {
        apply \(step)
        expect right
      }

      """)
    let run = Tool.run("show", file, "step", "--as", "svg")
    #expect(run.code == .success, "\(run.errors)")
    let counts = ["#ffd9a0", "#bfe3c0"].map { color in
      let group = run.output.components(separatedBy: "<g fill=\"none\" stroke=\"\(color)\"")
        .dropFirst().first?.components(separatedBy: "</g>").first
      return (group?.components(separatedBy: "<path ").count ?? 1) - 1
    }
    return (counts[0], counts[1])
  }

  @Test("a wire that the rule copies is set off from its dot to the boxes of the match")
  func copied() throws {
    let found = try Self.paths(
      "copied", from: "return m(f(x), f(x)), f(x)", to: "return g(x), f(x)")
    // Two wires into m as a whole, and the two parts of x that lead to them.
    #expect(found == (4, 0))
    let placed = try Self.paths(
      "square", from: "return f(x), g(x)", to: "return m(x, x), g(x)")
    #expect(placed == (0, 2))
  }

  @Test("a wire between matched boxes is set off between them where it leads elsewhere too")
  func inner() throws {
    let shared = try Self.paths(
      "inner", from: "y = f(x) return g(y), y", to: "return f(x), f(x)")
    #expect(shared == (2, 0))
    let own = try Self.paths("inner", from: "return g(f(x)), x", to: "return f(x), x")
    #expect(own == (1, 0))
  }

  @Test("one wire in the place of two of the rule is not set off, as the rule doesn't copy it")
  func apart() throws {
    let found = try Self.paths("apart", from: "return m(x, x), x", to: "return m(x, x), x")
    #expect(found == (0, 0))
  }

  @Test("a side without boxes is set off as the wire that it is, on whichever side it stands")
  func bare() throws {
    #expect(try Self.paths("nothing", from: "return g(x), f(x)", to: "return x, f(x)").after == 3)
    let inside = try Self.paths("nothing", from: "return f(g(x)), f(x)", to: "return f(x), f(x)")
    #expect(inside.before == 0 && inside.after > 0)
    let backward = try Self.paths(
      "nothing backward at y", from: "y = f(x) return y, x", to: "y = g(f(x)) return y, x")
    #expect(backward == (1, 0))
  }
}
