import DiagramIR
import Testing

@Suite("Digests")
struct DigestTests {
  @Test("the hash is SHA-256 (FIPS 180-4, example vectors)")
  func vectors() {
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    let million = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    #expect(Digest([]).description == empty)
    #expect(Digest(Array("abc".utf8)).description == abc)
    #expect(Digest(Array(repeating: UInt8(ascii: "a"), count: 1_000_000)).description == million)
    #expect(Digest(Array("abd".utf8)).description != abc)
  }

  @Test("a digest computed in pieces is that of the whole form")
  func pieces() {
    var builder = DiagramBuilder(doctrine: .cartesian)
    let unit = Symbol(module: "t", name: "H")
    var wire = builder.addDomainWire(.sort(unit), name: "x")
    for index in 0..<20_000 {
      let box = Symbol(module: "t", name: index % 3 == 0 ? "f" : "g")
      wire = builder.addBox(.box(box), inputs: [wire], outputs: [.sort(unit)])[0]
    }
    let unused = builder.addBox(.box(unit), inputs: [], outputs: [.sort(unit)])
    #expect(unused.count == 1)
    let diagram = builder.finish(codomain: [wire])
    let form = diagram.canonicalForm()
    #expect(form.bytes.count > 1 << 17)
    #expect(diagram.digest() == form.digest)
    #expect(diagram.digest() != Digest(Array(form.bytes.dropLast())))
  }
}
