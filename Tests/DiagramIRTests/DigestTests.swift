import DiagramIR
import Testing

@Suite("Digests")
struct DigestTests {
  @Test("The published examples of SHA-256")
  func examples() {
    #expect(
      Digest([]).description
        == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(
      Digest(Array("abc".utf8)).description
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    let text = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
    #expect(
      Digest(Array(text.utf8)).description
        == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
    #expect(Digest([0]) != Digest([0, 0]))
  }

  @Test("Lengths around a block")
  func blocks() {
    let digests = (50..<140).map { Digest(Array(repeating: 97, count: $0)) }
    #expect(Set(digests).count == 90)
    #expect(
      Digest(Array(repeating: 97, count: 64)).description
        == "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb")
  }
}
