import FoundationEssentials

/// CRC-32C (Castagnoli, RFC 3720 appendix B.4), the end-to-end checksum of our uploads.
public struct CRC32C: Sendable, Hashable {
  /// The checksum of all bytes so far.
  public private(set) var value: UInt32

  /// The checksum of no bytes, or a known one to continue from.
  public init(value: UInt32 = 0) { self.value = value }

  /// The checksum of these bytes.
  public init(_ bytes: some Sequence<UInt8>) {
    self.init()
    let array = Array(bytes)
    array.withUnsafeBytes { update($0) }
  }

  /// Reads what ``base64`` writes; nil for anything else.
  public init?(base64: String) {
    guard let data = Data(base64Encoded: base64), data.count == 4 else { return nil }
    self.init(value: data.reduce(0) { $0 << 8 | UInt32($1) })
  }

  /// Base64 of the four bytes, big-endian: the value of `x-amz-checksum-crc32c`.
  public var base64: String {
    Data([24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }).base64EncodedString()
  }

  /// Adds more bytes, eight at a time.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    var crc = ~value
    var index = 0
    Self.tables.withUnsafeBufferPointer { table in
      while index + 8 <= bytes.count {
        let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)) ^ UInt64(crc)
        var next: UInt32 = 0
        for slice in 0..<8 {
          next ^= table[(7 - slice) * 256 + Int(truncatingIfNeeded: word >> (8 * UInt64(slice)) & 0xff)]
        }
        crc = next
        index += 8
      }
      while index < bytes.count {
        crc = table[Int((crc ^ UInt32(bytes[index])) & 0xff)] ^ crc >> 8
        index += 1
      }
    }
    value = ~crc
  }

  /// The checksum of A followed by B, from their checksums and B's length in bytes.
  ///
  /// Appending n zero bytes is a linear map over GF(2); its matrix is found by squaring, so the cost is logarithmic.
  public static func combine(_ first: CRC32C, _ second: CRC32C, secondLength: Int64) -> CRC32C {
    guard secondLength > 0 else { return first }
    // Row i is the image of bit i when one zero bit is appended.
    var matrix = (0..<32).map { $0 == 0 ? polynomial : UInt32(1) << UInt32($0 - 1) }
    for _ in 0..<3 { matrix = matrix.map { product(matrix, $0) } }
    var crc = first.value
    var remaining = secondLength
    while remaining > 0 {
      if remaining & 1 == 1 { crc = product(matrix, crc) }
      remaining >>= 1
      if remaining > 0 { matrix = matrix.map { product(matrix, $0) } }
    }
    return CRC32C(value: crc ^ second.value)
  }

  private static let polynomial: UInt32 = 0x82f6_3b78

  private static let tables: [UInt32] = {
    var table = (0..<256).map { byte in
      (0..<8).reduce(UInt32(byte)) { crc, _ in crc & 1 == 1 ? crc >> 1 ^ polynomial : crc >> 1 }
    }
    for slice in 1..<8 {
      for byte in 0..<256 {
        let previous = table[(slice - 1) * 256 + byte]
        table.append(previous >> 8 ^ table[Int(previous & 0xff)])
      }
    }
    return table
  }()

  private static func product(_ matrix: [UInt32], _ vector: UInt32) -> UInt32 {
    var sum: UInt32 = 0
    var bits = vector
    var row = 0
    while bits != 0 {
      if bits & 1 == 1 { sum ^= matrix[row] }
      bits >>= 1
      row += 1
    }
    return sum
  }
}
