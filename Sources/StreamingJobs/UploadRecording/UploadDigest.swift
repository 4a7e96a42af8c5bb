import AWSClient
import HTTPTransport

/// The checksums of the file in this attempt. It is read when they are first needed, and once more only if MD5 turns
/// out to be needed after all.
actor UploadDigest {
  private let file: String
  private let id: FileID
  private let size: Int64
  private let parts: [PartPlan.Part]
  private let s3: S3Client
  private var known: UploadChecksum?

  /// - Parameters:
  ///   - id: the file that the path must lead to.
  ///   - parts: as the file is sent; empty for one request.
  init(file: String, id: FileID, size: Int64, parts: [PartPlan.Part], s3: S3Client) {
    self.file = file
    self.id = id
    self.size = size
    self.parts = parts.isEmpty ? [PartPlan.Part(number: 1, offset: 0, length: size)] : parts
    self.s3 = s3
  }

  /// Uses what was computed while the file was sent.
  func know(_ checksum: UploadChecksum) { known = checksum }

  /// The checksums, with MD5 if it is requested or if the server has reported nothing better yet.
  func checksum(withMD5: Bool = false) async throws -> UploadChecksum {
    if let known, !withMD5 || known.tag != nil { return known }
    let needsMD5 = await s3.needsMD5()
    let checksum = try await read(parts, withMD5: withMD5 || needsMD5)
    known = checksum
    return checksum
  }

  /// Whether an object has these bytes: by its checksum if the server reports one, else by its entity tag. Nil if
  /// neither can be compared.
  func matches(_ head: S3ObjectHead) async throws -> Bool? {
    var isSame: Bool?
    if head.crc32c != nil {
      isSame = try await checksum().matches(head)
    } else if s3.endpoint.ownBase != nil, head.hasDigestTag, S3EntityTag(head.etag) != nil {
      isSame = try await checksum(withMD5: true).matchesTag(head)
    }
    if isSame != true, try await isSameCutOtherwise(head) { return true }
    return isSame
  }

  /// Whether an object has these bytes although they were sent in other parts, for example by an earlier job. If no way
  /// of splitting fits, that proves nothing.
  private func isSameCutOtherwise(_ head: S3ObjectHead) async throws -> Bool {
    guard s3.endpoint.ownBase != nil, head.hasDigestTag, let tag = S3EntityTag(head.etag),
      tag.parts != (parts.count == 1 ? nil : parts.count)
    else { return false }
    let whole = [PartPlan.Part(number: 1, offset: 0, length: size)]
    let cuts = tag.parts == nil ? [whole] : Self.usualSizes.map { PartPlan(size: size, partSize: $0 << 20).parts }
    for cut in cuts where cut.count == tag.parts ?? 1 {
      let checksum = try await read(cut, withMD5: true)
      if checksum.matchesTag(head) == true, head.crc32c == nil || checksum.matches(head) == true { return true }
    }
    return false
  }

  /// Default part sizes in MiB of this and other programs.
  private static let usualSizes: [Int64] = [5, 8, 10, 15, 16, 32, 50, 64, 100, 128]

  private func read(_ pieces: [PartPlan.Part], withMD5: Bool) async throws -> UploadChecksum {
    var parts: [UploadChecksum.Part] = []
    for piece in pieces {
      let (crc, md5) = try await FileDigest.checksums(
        path: file, offset: piece.offset, length: piece.length, expected: id, withMD5: withMD5)
      parts.append(UploadChecksum.Part(crc: crc, md5: md5, length: piece.length))
    }
    return UploadChecksum(parts)
  }
}
