import AWSClient

/// The checksum of a file, in both forms in which a server may tell that of an object.
struct UploadChecksum: Sendable, Hashable {
  /// CRC-32C of all bytes.
  let whole: CRC32C
  /// CRC-32C of the parts' checksums, and how many parts there are: `base64-N`.
  let composite: String

  /// From the parts' checksums, in the parts' order.
  init(_ parts: [(crc: CRC32C, length: Int64)]) {
    whole = parts.reduce(CRC32C()) { CRC32C.combine($0, $1.crc, secondLength: $1.length) }
    let bytes = parts.flatMap { part in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: part.crc.value >> $0) } }
    composite = "\(CRC32C(bytes).base64)-\(parts.count)"
  }

  /// Whether an object has this checksum; nil when the server tells none.
  func matches(_ head: S3ObjectHead) -> Bool? {
    guard let told = head.crc32c else { return nil }
    // Some servers leave the number of parts away.
    let asComposite = told == composite || head.checksumType == "COMPOSITE" && composite.hasPrefix("\(told)-")
    return told == whole.base64 || asComposite
  }
}
