import Foundation
import Interchange
import TensorKernels
import Testing

/// Random damage to valid files: whatever comes, decoding returns or throws.
@Suite("Mutations")
struct MutationTests {
  /// How many mutations in all; ANATOMY_FUZZ_COUNT asks for another number.
  static let total =
    Int(ProcessInfo.processInfo.environment["ANATOMY_FUZZ_COUNT"] ?? "") ?? 20_000
  /// ANATOMY_FUZZ_SEED repeats a run, or starts another one.
  static let seed =
    UInt64(ProcessInfo.processInfo.environment["ANATOMY_FUZZ_SEED"] ?? "") ?? 20_250_701

  /// Changes, inserts, removes or repeats a few bytes, or cuts the end off.
  private func mutate(_ bytes: [UInt8], _ source: inout RandomSource) throws -> [UInt8] {
    var bytes = bytes
    for _ in 0...(try source.integer(below: 4)) where !bytes.isEmpty {
      let at = try source.integer(below: bytes.count)
      let interesting: [UInt8] = [0, 1, 0x7f, 0x80, 0xff, UInt8(truncatingIfNeeded: source.next())]
      let byte = interesting[try source.integer(below: interesting.count)]
      switch try source.integer(below: 6) {
      case 0, 1: bytes[at] = byte
      case 2: bytes[at] ^= 1 << UInt8(try source.integer(below: 8))
      case 3: bytes.insert(byte, at: at)
      case 4: bytes.removeSubrange(at..<min(bytes.count, at + 1 + (try source.integer(below: 8))))
      default: bytes += bytes[at...].prefix(16)
      }
    }
    let isCut = try source.integer(below: 10) == 0
    return isCut ? Array(bytes.prefix(try source.integer(below: bytes.count + 1))) : bytes
  }

  /// Mutates the samples in turn; says how many mutants still decoded.
  private func run(
    _ name: String, share: Int, _ samples: [[UInt8]], _ decodes: ([UInt8]) -> Bool
  ) throws -> (decoded: Int, refused: Int) {
    print("mutations of \(name): seed \(MutationTests.seed), \(MutationTests.total / share) cases")
    var source = RandomSource(seed: MutationTests.seed, stream: name)
    var counts = (decoded: 0, refused: 0)
    for index in 0..<MutationTests.total / share {
      if decodes(try mutate(samples[index % samples.count], &source)) {
        counts.decoded += 1
      } else {
        counts.refused += 1
      }
    }
    return counts
  }

  /// Whether decoding succeeds; whatever succeeds must survive being written and read again.
  private func decodes<Content: Equatable>(
    _ bytes: [UInt8], _ decode: ([UInt8]) throws(ArrayFault) -> Content,
    _ encode: (Content) -> [UInt8]?
  ) -> Bool {
    guard let content = try? decode(bytes) else { return false }
    #expect(encode(content).flatMap { try? decode($0) } != nil)
    return true
  }

  @Test("damaged npy files never trap")
  func npy() throws {
    let names = [
      "float32.npy", "float64-fortran.npy", "int64-scalar.npy", "float16-vector.npy",
      "bool-vector.npy", "float32-version2.npy", "float32-empty.npy",
    ]
    let counts = try run("npy", share: 4, names.map(Fixture.bytes)) {
      decodes($0, NPYFormat.decode, NPYFormat.encode)
    }
    #expect(counts.decoded > 0 && counts.refused > 0)
  }

  @Test("damaged npz files never trap")
  func npz() throws {
    let samples = try ["stored.npz", "compressed.npz"].map(Fixture.bytes)
    let counts = try run("npz", share: 8, samples) {
      decodes($0, NPZFormat.decode, NPZFormat.encode)
    }
    #expect(counts.decoded > 0 && counts.refused > 0)
  }

  @Test("damaged compressed streams never trap, and stay within their limit")
  func deflate() throws {
    let samples = InflaterTests.streams.map(\.0)
    let counts = try run("deflate", share: 8, samples) { bytes in
      let output = try? Inflater.inflate(bytes, in: 0..<bytes.count, limit: 400)
      #expect(output?.count ?? 0 <= 400)
      return output != nil
    }
    #expect(counts.decoded > 0 && counts.refused > 0)
  }

  @Test("damaged safetensors files never trap")
  func safetensors() throws {
    let samples = try ["library.safetensors", "bfloat16.safetensors"].map(Fixture.bytes)
    let counts = try run("safetensors", share: 4, samples) {
      decodes($0, SafetensorsFormat.decode, SafetensorsFormat.encode)
    }
    #expect(counts.decoded > 0 && counts.refused > 0)
  }

  @Test("damaged JSON never traps, and what parses is written and parsed alike")
  func json() throws {
    let text = #"{"a": [1, -2.5e3, true, null, "x\n\u00e9\uD83D\uDE00é"], "b": {"c": {}, "d": []}}"#
    let counts = try run("JSON", share: 4, [Array(text.utf8)]) { bytes in
      guard let value = try? JSONValue(parsing: bytes) else { return false }
      #expect((try? JSONValue(parsing: value.compactBytes)) == value)
      #expect((try? JSONValue(parsing: value.indentedBytes)) == value)
      return true
    }
    #expect(counts.decoded > 0 && counts.refused > 0)
  }
}
