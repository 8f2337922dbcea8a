/// A SHA-256 hash.
///
/// Source: FIPS 180-4, Secure Hash Standard.
public struct Digest: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The hash as four big-endian numbers.
  package let parts: (UInt64, UInt64, UInt64, UInt64)

  /// The hash as eight big-endian words.
  var words: [UInt32] {
    [parts.0, parts.1, parts.2, parts.3].flatMap { part in
      [UInt32(truncatingIfNeeded: part >> 32), UInt32(truncatingIfNeeded: part)]
    }
  }

  /// The hash of a sequence of bytes.
  ///
  /// - Complexity: linear in the bytes.
  public init(_ bytes: [UInt8]) {
    var hashing = Hashing()
    bytes.withUnsafeBytes { hashing.add($0) }
    self = hashing.finish()
  }

  /// A hash that is known.
  package init(parts: (UInt64, UInt64, UInt64, UInt64)) { self.parts = parts }

  /// The hash in hexadecimal, 64 digits.
  public var description: String {
    words.map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
  }

  /// Whether all bits agree.
  public static func == (left: Digest, right: Digest) -> Bool { left.parts == right.parts }

  /// All hashes are spread evenly, so a part of one is a hash.
  public func hash(into hasher: inout Hasher) { hasher.combine(parts.0) }

  /// Orders as numbers.
  public static func < (left: Digest, right: Digest) -> Bool { left.parts < right.parts }
}

extension Digest {
  /// The hash of a sequence of bytes that comes in pieces.
  package struct Hashing {
    private var state = Digest.start
    private var schedule = [UInt32](repeating: 0, count: 64)
    /// What is not yet a whole block.
    private var rest: [UInt8] = []
    private var count: UInt64 = 0

    /// The hash of nothing, so far.
    package init() {}

    /// Takes the next bytes.
    package mutating func add(_ bytes: UnsafeRawBufferPointer) {
      count &+= UInt64(bytes.count)
      var start = 0
      if !rest.isEmpty {
        start = min(64 - rest.count, bytes.count)
        rest += bytes[..<start]
        guard rest.count == 64 else { return }
        rest.withUnsafeBytes { compress($0) }
        rest.removeAll(keepingCapacity: true)
      }
      let whole = (bytes.count - start) / 64 * 64
      compress(UnsafeRawBufferPointer(rebasing: bytes[start..<(start + whole)]))
      rest += bytes[(start + whole)...]
    }

    /// The hash of all that was added so far.
    package func finish() -> Digest {
      var (last, end) = (self, rest)
      end.append(0x80)
      while end.count % 64 != 56 { end.append(0) }
      for shift in stride(from: 56, through: 0, by: -8) {
        end.append(UInt8(truncatingIfNeeded: (count &* 8) >> UInt64(shift)))
      }
      end.withUnsafeBytes { last.compress($0) }
      let state = last.state
      let pair = { (high: UInt32, low: UInt32) in UInt64(high) << 32 | UInt64(low) }
      return Digest(
        parts: (
          pair(state[0], state[1]), pair(state[2], state[3]), pair(state[4], state[5]),
          pair(state[6], state[7])
        ))
    }

    /// Takes whole blocks.
    private mutating func compress(_ blocks: UnsafeRawBufferPointer) {
      schedule.withUnsafeMutableBufferPointer { schedule in
        state.withUnsafeMutableBufferPointer { state in
          Digest.constants.withUnsafeBufferPointer { constants in
            for start in stride(from: 0, to: blocks.count, by: 64) {
              Digest.compress(blocks, at: start, schedule, state, constants)
            }
          }
        }
      }
    }
  }

  private static func compress(
    _ bytes: UnsafeRawBufferPointer, at offset: Int,
    _ schedule: UnsafeMutableBufferPointer<UInt32>, _ state: UnsafeMutableBufferPointer<UInt32>,
    _ constants: UnsafeBufferPointer<UInt32>
  ) {
    for index in 0..<16 {
      schedule[index] = UInt32(
        bigEndian: bytes.loadUnaligned(fromByteOffset: offset &+ 4 &* index, as: UInt32.self))
    }
    for index in 16..<64 {
      let (a, b) = (schedule[index &- 15], schedule[index &- 2])
      let s0 = rotate(a, 7) ^ rotate(a, 18) ^ (a &>> 3)
      let s1 = rotate(b, 17) ^ rotate(b, 19) ^ (b &>> 10)
      schedule[index] = schedule[index &- 16] &+ s0 &+ schedule[index &- 7] &+ s1
    }
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    for index in 0..<64 {
      let s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
      let t1 = h &+ s1 &+ ((e & f) ^ (~e & g)) &+ constants[index] &+ schedule[index]
      let s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
      let t2 = s0 &+ ((a & b) ^ (a & c) ^ (b & c))
      (h, g, f, e, d, c, b, a) = (g, f, e, d &+ t1, c, b, a, t1 &+ t2)
    }
    state[0] &+= a
    state[1] &+= b
    state[2] &+= c
    state[3] &+= d
    state[4] &+= e
    state[5] &+= f
    state[6] &+= g
    state[7] &+= h
  }

  @inline(__always)
  private static func rotate(_ word: UInt32, _ bits: UInt32) -> UInt32 {
    word &>> bits | word &<< (32 &- bits)
  }

  /// The first 32 bits of the fractional parts of the square roots of the first eight primes.
  private static let start: [UInt32] = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab,
    0x5be0_cd19,
  ]

  /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
  private static let constants: [UInt32] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4,
    0xab1c_5ed5, 0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe,
    0x9bdc_06a7, 0xc19b_f174, 0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f,
    0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da, 0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7,
    0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967, 0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc,
    0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85, 0xa2bf_e8a1, 0xa81a_664b,
    0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070, 0x19a4_c116,
    0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7,
    0xc671_78f2,
  ]
}
