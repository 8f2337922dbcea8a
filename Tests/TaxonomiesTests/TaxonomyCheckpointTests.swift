import DiagramIR
import Rewriting
import Taxonomies
import Testing

@Suite("Checkpoints of taxonomies")
struct TaxonomyCheckpointTests {
  /// A search and what it starts from.
  private struct Setup {
    let search: TaxonomySearch
    let root: Diagram

    init(
      _ body: String = learner, by names: [String] = allNames, limit: Int = 40, threads: Int = 2
    ) throws {
      let program = SourceProgram(
        "\(TaxonomyTests.rules)\ndiagram root(x: [n d]) -> [n d] {\n\(body)\n}\n")
      let moves = try names.map { try RuleMove(program.rule($0), in: program.environment) }
      search = TaxonomySearch(
        moves, identity: MechanismIdentity(program.environment), limit: limit, threads: threads)
      root = try program.definition("root").diagram
    }

    func bytes(of taxonomy: Taxonomy) -> [UInt8] {
      var bytes: [UInt8] = []
      TaxonomyCheckpoint.write(taxonomy, fingerprint: search.fingerprint(of: root)) {
        bytes += $0
      }
      return bytes
    }

    func read(_ bytes: [UInt8]) throws(CheckpointError) -> Taxonomy {
      try TaxonomyCheckpoint.read(bytes, for: search, from: root)
    }

    /// What is known after so many times between which mechanisms are entered.
    func stopped(after rounds: Int) throws -> Taxonomy {
      var (taxonomy, left) = (try search.begin(root), rounds)
      search.extend(&taxonomy) { _ in
        left -= 1
        return left >= 0
      }
      return taxonomy
    }
  }

  private static let learner = "learn f, g: [d] -> [d]\nsimd n(x) { g(shift(f(x))) }"
  private static let allNames = ["two_layers", "to_linear", "to_identity", "linear_to_identity"]

  @Test("a search that was stopped anywhere ends as one that was not")
  func resuming() throws {
    let setup = try Setup(limit: 80)
    let whole = try setup.search.explore(setup.root)
    let expected = setup.bytes(of: whole)
    var stops: [Int] = []
    for rounds in 0..<5 {
      var taxonomy = try setup.read(setup.bytes(of: try setup.stopped(after: rounds)))
      stops.append(taxonomy.explored)
      setup.search.extend(&taxonomy) { _ in true }
      #expect(setup.bytes(of: taxonomy) == expected, "stopped after \(rounds)")
    }
    #expect(Set(stops).count > 2)
    #expect(expected != setup.bytes(of: try setup.stopped(after: 2)))
  }

  @Test("what is read is what was written, names and places included")
  func roundTrip() throws {
    let setup = try Setup()
    let written = try setup.search.explore(setup.root)
    let read = try setup.read(setup.bytes(of: written))
    #expect(read.nodes.count == written.nodes.count && read.nodes.count > 20)
    #expect(read.explored == written.explored)
    for (one, other) in zip(read.nodes, written.nodes) {
      #expect(one.identity == other.identity && one.origin == other.origin)
      #expect(one.diagram.isIsomorphic(to: other.diagram))
      #expect(
        one.diagram.domain.map { one.diagram.name(of: $0) }
          == other.diagram.domain.map { other.diagram.name(of: $0) })
    }
    #expect(read.edges.map { "\($0.step)" } == written.edges.map { "\($0.step)" })
    #expect(read.edges.map(\.relation) == written.edges.map(\.relation))
  }

  @Test("the number of threads doesn't change a byte")
  func threads() throws {
    let (one, four) = (try Setup(threads: 1), try Setup(threads: 4))
    #expect(
      one.bytes(of: try one.search.explore(one.root))
        == four.bytes(of: try four.search.explore(four.root)))
  }

  @Test("another diagram, other rules, and rules in another order are refused")
  func otherSearch() throws {
    let setup = try Setup()
    let bytes = setup.bytes(of: try setup.stopped(after: 2))
    let others = [
      try Setup("learn f, g: [d] -> [d]\nsimd n(x) { g(f(shift(x))) }"),
      try Setup(by: ["two_layers", "to_linear", "to_identity"]),
      try Setup(by: Self.allNames.reversed()),
    ]
    for other in others {
      #expect(throws: CheckpointError.otherSearch) { _ = try other.read(bytes) }
    }
    #expect(try Setup(limit: 1000).read(bytes).nodes.count > 1)
  }

  @Test("files that are cut off, changed, of another version or something else are refused")
  func damage() throws {
    let setup = try Setup()
    let bytes = setup.bytes(of: try setup.stopped(after: 2))
    #expect(throws: CheckpointError.noCheckpoint) { _ = try setup.read([]) }
    #expect(throws: CheckpointError.noCheckpoint) { _ = try setup.read(Array("digraph".utf8)) }
    #expect(throws: CheckpointError.version("anatomy taxonomy 7")) {
      _ = try setup.read(Array("anatomy taxonomy 7\nand so on".utf8))
    }
    for length in stride(from: 1, to: bytes.count, by: 7) {
      #expect(throws: CheckpointError.self) { _ = try setup.read(Array(bytes.prefix(length))) }
    }
    for place in stride(from: 19, to: bytes.count, by: 5) {
      var changed = bytes
      changed[place] ^= 4
      #expect(throws: CheckpointError.damaged) { _ = try setup.read(changed) }
    }
    #expect(throws: CheckpointError.damaged) { _ = try setup.read(bytes + [0]) }
  }

  @Test("changed files with a right hash are refused, or hold diagrams that are well formed")
  func forgery() throws {
    let setup = try Setup()
    let bytes = setup.bytes(of: try setup.stopped(after: 2))
    let start = TaxonomyCheckpoint.format.utf8.count + 33
    var (state, refused, accepted) = (UInt64(20_261_121), 0, 0)
    func random(_ end: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(end))
    }
    for _ in 0..<300 {
      var changed = Array(bytes.dropLast(32))
      for _ in 0...random(3) {
        let place = start + random(changed.count - start)
        changed[place] = [0x7F, 0xFF, 0, UInt8(random(256))][random(4)]
      }
      do {
        let taxonomy = try setup.read(changed + Self.bytes(of: Digest(changed)))
        for node in taxonomy.nodes { try node.diagram.verify() }
        for number in taxonomy.nodes.indices { _ = taxonomy.path(to: number) }
        accepted += 1
      } catch CheckpointError.inconsistent { refused += 1 }
    }
    #expect(refused > 50 && refused + accepted == 300, "\(refused), \(accepted)")
  }

  @Test("counts that no file can hold take no memory")
  func counts() throws {
    let setup = try Setup()
    let bytes = setup.bytes(of: try setup.stopped(after: 1))
    let start = TaxonomyCheckpoint.format.utf8.count + 33
    var changed = Array(bytes.prefix(start))
    changed += Array(repeating: 0xFF, count: 8) + [0x7F]
    changed += bytes[(start + 1)...].dropLast(32)
    let forged = changed + Self.bytes(of: Digest(changed))
    #expect(throws: CheckpointError.inconsistent) { _ = try setup.read(forged) }
  }

  private static func bytes(of digest: Digest) -> [UInt8] {
    [digest.parts.0, digest.parts.1, digest.parts.2, digest.parts.3].flatMap { part in
      (0..<8).map { UInt8(truncatingIfNeeded: part >> UInt64(8 * $0)) }
    }
  }
}
