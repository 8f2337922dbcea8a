import Foundation
import Testing

@Suite("Sizes that stand only in a product, and diagrams of wires alone")
struct OpenSizeTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func write(_ text: String) throws -> String {
    let path = "\(folder.path)/own.diagram"
    try Data(text.utf8).write(to: URL(filePath: path))
    return path
  }

  private static let products = """
    import tensor

    diagram inner(x: [c*s]) -> [c*s] { merge(transpose(split<c, s>(x))) }
    diagram outer(x: [c*s]) -> [c*s] { inner<c = c, s = s>(x) }
    diagram of_six(x: [6]) -> [6] { inner<c = 2, s = 3>(x) }
    diagram of_six_too(x: [6]) -> [6] { inner<3, 2>(x) }

    """

  @Test("A use says what the sizes are, and is unfolded and evaluated with them")
  func products() throws {
    let path = try write(Self.products)
    let run = Tool.run("show", path, "of_six", "--unfold", "all")
    #expect(run.output.hasSuffix("{ merge(transpose(split<2, 3>(x))) }\n"), "\(run.errors)")
    #expect(Tool.run("show", path, "of_six_too").output.hasSuffix("{ inner<3, 2>(x) }\n"))
    #expect(Tool.run("equal", path, "of_six", "of_six_too").output == "not equal\n")
    let sizes = ["--input", "x=random", "--size", "c=2", "s=3", "--quiet"]
    let whole = Tool.run(["evaluate", path, "outer"] + sizes)
    let six = Tool.run("evaluate", path, "of_six", "--input", "x=random", "--quiet")
    #expect(whole.code == .success && whole.output == six.output, "\(whole.errors)")
    expectRoundTrip(path, "outer", in: folder, file: "copy.diagram")
  }

  @Test("A use that leaves such a size open is refused")
  func open() throws {
    let path = try write(Self.products + "diagram d(x: [6]) -> [6] { inner(x) }\n")
    let run = Tool.run("check", path)
    #expect(run.code == .failure)
    #expect(run.errors.contains("nothing here determines size c, size s of 'inner'"))
  }

  @Test("Wires alone keep their doctrine in their text")
  func wires() throws {
    let path = try write("theory t: symmetric\ndiagram f(x: [n], y: [m]) -> [m], [n] { y, x }\n")
    expectRoundTrip(path, "f", in: folder, file: "copy.diagram")
    #expect(Tool.run("show", path, "f").output.hasPrefix("theory local: symmetric\n"))
    let cartesian = try write("diagram f(x: [n]) -> [n] { x }\n")
    #expect(Tool.run("show", cartesian, "f").output == "diagram f(x: [n]) -> [n] { x }\n")
  }
}
