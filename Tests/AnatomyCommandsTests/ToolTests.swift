import Testing

/// The executable's own words.
struct ToolTests {
  @Test(
    "--version and --help are data; an unknown command is a usage fault that names the commands")
  func words() {
    #expect(Tool.run("--version").output == "anatomy 0.1.0\n")
    #expect(Tool.run("--help").output.contains("usage: anatomy COMMAND"))
    let unknown = Tool.run("chekc")
    #expect(unknown.code == .usage && unknown.output.isEmpty)
    #expect(unknown.errors.contains("there is no command 'chekc'; there are check"))
  }
}
