import Glibc
import Testing

/// MD5 (RFC 1321) and SHA-256 (FIPS 180-4) written down a second time: the handshake of the tests must not lean on the
/// code that it tests.
enum ReferenceDigest {
  static func md5(_ text: String) -> String {
    let shifts: [UInt32] = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]
    let constants = (1...64).map { UInt32(abs(sin(Double($0))) * 4_294_967_296) }
    var state: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476]
    for block in blocks(text, bigEndianLength: false) {
      let words = words(of: block).map(\.byteSwapped)
      var (a, b, c, d) = (state[0], state[1], state[2], state[3])
      for round in 0..<64 {
        let mixed: UInt32
        let index: Int
        switch round / 16 {
        case 0: (mixed, index) = ((b & c) | (~b & d), round)
        case 1: (mixed, index) = ((d & b) | (~d & c), (5 * round + 1) % 16)
        case 2: (mixed, index) = (b ^ c ^ d, (3 * round + 5) % 16)
        default: (mixed, index) = (c ^ (b | ~d), (7 * round) % 16)
        }
        let sum = mixed &+ a &+ constants[round] &+ words[index]
        (a, d, c) = (d, c, b)
        let shift = shifts[round / 16 * 4 + round % 4]
        b = b &+ ((sum << shift) | (sum >> (32 - shift)))
      }
      state = zip(state, [a, b, c, d]).map { $0 &+ $1 }
    }
    return hex(state.map(\.byteSwapped))
  }

  static func sha256(_ text: String) -> String {
    let primes = (2...311).filter { number in !(2..<number).contains { number % $0 == 0 } }
    var state = primes.prefix(8).map { fraction(Double($0).squareRoot()) }
    let constants = primes.prefix(64).map { fraction(cbrt(Double($0))) }
    func turn(_ word: UInt32, _ by: UInt32) -> UInt32 { (word >> by) | (word << (32 - by)) }
    for block in blocks(text, bigEndianLength: true) {
      var words = words(of: block)
      for index in 16..<64 {
        let (old, recent) = (words[index - 15], words[index - 2])
        let first: UInt32 = turn(old, 7) ^ turn(old, 18) ^ (old >> 3)
        let second: UInt32 = turn(recent, 17) ^ turn(recent, 19) ^ (recent >> 10)
        words.append(words[index - 16] &+ first &+ words[index - 7] &+ second)
      }
      var v = state
      for index in 0..<64 {
        let high = turn(v[4], 6) ^ turn(v[4], 11) ^ turn(v[4], 25)
        let choice = (v[4] & v[5]) ^ (~v[4] & v[6])
        let first = v[7] &+ high &+ choice &+ constants[index] &+ words[index]
        let low = turn(v[0], 2) ^ turn(v[0], 13) ^ turn(v[0], 22)
        let majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2])
        v = [first &+ low &+ majority, v[0], v[1], v[2], v[3] &+ first, v[4], v[5], v[6]]
      }
      state = zip(state, v).map { $0 &+ $1 }
    }
    return hex(state)
  }

  private static func blocks(_ text: String, bigEndianLength: Bool) -> [[UInt8]] {
    var bytes = Array(text.utf8)
    let bits = UInt64(bytes.count * 8)
    bytes.append(0x80)
    while bytes.count % 64 != 56 { bytes.append(0) }
    let length = (0..<8).map { UInt8(truncatingIfNeeded: bits >> UInt64($0 * 8)) }
    bytes += bigEndianLength ? length.reversed() : length
    return stride(from: 0, to: bytes.count, by: 64).map { Array(bytes[$0..<$0 + 64]) }
  }

  /// The sixteen words of a block, most significant byte first.
  private static func words(of block: [UInt8]) -> [UInt32] {
    stride(from: 0, to: 64, by: 4).map { start in
      block[start..<start + 4].reduce(UInt32(0)) { word, byte in word << 8 | UInt32(byte) }
    }
  }

  private static func hex(_ words: [UInt32]) -> String {
    words.map { word in
      let text = String(word, radix: 16)
      return String(repeating: "0", count: 8 - text.count) + text
    }.joined()
  }

  /// The first 32 bits after the point.
  private static func fraction(_ number: Double) -> UInt32 {
    UInt32((number - number.rounded(.down)) * 4_294_967_296)
  }
}

@Suite("The digests that the tests compute with")
struct ReferenceDigestTests {
  @Test("match the vectors of their standards")
  func vectors() {
    #expect(ReferenceDigest.md5("abc") == "900150983cd24fb0d6963f7d28e17f72")
    #expect(ReferenceDigest.sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }
}
