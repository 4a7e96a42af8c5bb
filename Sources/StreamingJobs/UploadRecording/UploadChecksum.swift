import AWSClient

/// The checksums of a file, in all forms in which a server may report that of an object.
struct UploadChecksum: Sendable, Hashable {
  /// What is known about one part's bytes.
  struct Part: Sendable, Hashable {
    var crc: CRC32C
    /// Only if a server reports nothing better.
    var md5: [UInt8]?
    var length: Int64
  }

  /// CRC-32C of all bytes.
  let whole: CRC32C
  /// CRC-32C of the parts' checksums, and how many parts there are: `base64-N`.
  let composite: String
  /// The entity tag of the parts; nil if their MD5s are unknown.
  let tag: S3EntityTag?
  /// The same in the form that some servers use; nil if their MD5s are unknown.
  let otherTag: S3EntityTag?
  /// The entity tag of the file in one request; nil if it is unknown.
  let wholeTag: S3EntityTag?

  /// From the parts' checksums, in the parts' order.
  init(_ parts: [Part]) {
    whole = parts.reduce(CRC32C()) { CRC32C.combine($0, $1.crc, secondLength: $1.length) }
    let bytes = parts.flatMap { part in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: part.crc.value >> $0) } }
    composite = "\(CRC32C(bytes).base64)-\(parts.count)"
    let md5s = parts.compactMap(\.md5)
    tag = md5s.count == parts.count && !parts.isEmpty ? S3EntityTag(partMD5s: md5s) : nil
    otherTag = tag == nil ? nil : S3EntityTag(partMD5Texts: md5s)
    wholeTag = parts.count == 1 ? md5s.first.map { S3EntityTag(md5: $0) } : nil
  }

  /// Whether an object has these bytes, by its checksum; nil if the server reports none.
  func matches(_ head: S3ObjectHead) -> Bool? {
    guard let told = head.crc32c else { return nil }
    // Some servers omit the number of parts, others append it to the checksum of all bytes.
    return told == whole.base64 || told == composite || composite.hasPrefix("\(told)-")
      || told.hasPrefix("\(whole.base64)-")
  }

  /// Whether an object has these bytes, by its entity tag; nil if its form is not one that we know.
  func matchesTag(_ head: S3ObjectHead) -> Bool? {
    guard head.hasDigestTag, let told = S3EntityTag(head.etag) else { return nil }
    let known = [tag, otherTag, wholeTag].compactMap { $0 }.filter { $0.parts == told.parts }
    return known.isEmpty ? nil : known.contains(told)
  }
}
