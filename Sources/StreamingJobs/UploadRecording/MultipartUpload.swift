import AWSClient
import HTTPTransport
import JobQueue

/// Sends a large file in parts. Each finished part is written down, so that another worker goes on where this one was
/// killed and sends none of them again.
struct MultipartUpload: Sendable {
  let upload: Upload
  let plan: PartPlan
  /// What lay under the key before anything was sent.
  let standing: Upload.Standing

  /// A part that the server has.
  struct Sent: Codable, Sendable {
    var etag: String
    var crc32c: UInt32
  }

  /// How often an upload may vanish, by a lifecycle rule for one, before a person should look.
  private static let mostRounds = 5

  private var context: JobContext { upload.context }

  /// Brings all parts to the server and has them put together, unless somebody else has stored the same content by then.
  func run() async throws -> (checksum: UploadChecksum, resumed: Int, wasThere: Bool) {
    let begun = try await PendingUpload(upload: upload).begin()
    do {
      let earlier = try await partsThere(begun)
      if !earlier.isEmpty { context.note("\(earlier.count) of \(plan.parts.count) parts were sent before") }
      let sent = try await sendMissing(begun, earlier)
      try await upload.requireSameFile()
      let checksum = UploadChecksum(plan.parts.map { (CRC32C(value: sent[$0.number]?.crc32c ?? 0), $0.length) })
      return (checksum, earlier.count, try await complete(begun, sent, checksum))
    } catch let error as ProviderError where error.code == "NoSuchUpload" {
      throw try await beginAnew(why: "the server no longer has this upload")
    } catch let error as ProviderError where error.code == "ConditionalRequestConflict" {
      // Somebody wrote to the key while the parts were put together. S3 wants all of them again, in another upload.
      try await PendingUpload(upload: upload).abort()
      throw try await beginAnew(why: "somebody else wrote to the key at the same moment")
    }
  }

  // MARK: Parts

  /// The parts that we wrote down and the server still has.
  private func partsThere(_ begun: PendingUpload.Begun) async throws -> [Int: Sent] {
    let known = try await context.checkpoints(under: "part/\(upload.round.number)/", as: Sent.self)
    guard !known.isEmpty else { return [:] }
    let held = try await upload.s3.listParts(of: begun.id, key: upload.key, in: upload.bucket)
    let tags = Dictionary(held.map { ($0.number, $0.etag) }, uniquingKeysWith: { first, _ in first })
    var there: [Int: Sent] = [:]
    for (name, sent) in known {
      guard let number = Int(name), tags[number] == sent.etag else { continue }
      there[number] = sent
    }
    return there
  }

  private func sendMissing(_ begun: PendingUpload.Begun, _ earlier: [Int: Sent]) async throws -> [Int: Sent] {
    var sent = earlier
    var missing = plan.parts.filter { earlier[$0.number] == nil }.makeIterator()
    let parallel = upload.parameters.parallelParts ?? 4
    try await withThrowingTaskGroup(of: (Int, Sent).self) { group in
      func startNext() {
        guard let part = missing.next() else { return }
        group.addTask { (part.number, try await send(part, of: begun)) }
      }
      for _ in 0..<parallel { startNext() }
      while let (number, part) = try await group.next() {
        sent[number] = part
        tell(sent.count)
        startNext()
      }
    }
    return sent
  }

  private func send(_ part: PartPlan.Part, of begun: PendingUpload.Begun) async throws -> Sent {
    let crc = try await FileDigest.crc32c(
      path: upload.file, offset: part.offset, length: part.length, expected: upload.round.file.id)
    // A part of a file that is still written must not become durable.
    try await upload.requireSameFile()
    let stored = try await upload.s3.uploadPart(
      part.number, of: begun.id, key: upload.key, in: upload.bucket,
      body: .file(path: upload.file, offset: part.offset, length: part.length, expected: upload.round.file.id),
      crc32c: crc)
    let sent = Sent(etag: stored.etag, crc32c: crc.value)
    try await context.checkpoint("part/\(upload.round.number)/\(part.number)", sent, isProgress: true)
    return sent
  }

  /// About ten lines for an upload of any size.
  private func tell(_ count: Int) {
    let step = max(1, (plan.parts.count + 9) / 10)
    if count.isMultiple(of: step) || count == plan.parts.count {
      context.note("\(count) of \(plan.parts.count) parts sent")
    }
  }

  // MARK: End

  /// - Returns: whether somebody else had stored the same content.
  private func complete(
    _ begun: PendingUpload.Begun, _ sent: [Int: Sent], _ checksum: UploadChecksum
  ) async throws -> Bool {
    let parts = plan.parts.map { part in
      S3Part(
        number: part.number, etag: sent[part.number]?.etag ?? "",
        crc32c: sent[part.number].map { CRC32C(value: $0.crc32c).base64 })
    }
    var standing = standing
    var wasThere = false
    _ = try await context.effect(
      // Completed twice, it is the same object.
      "complete-upload-\(upload.round.number)", lateness: .zero,
      find: { earlier in
        // Hours may have passed since the first look.
        guard earlier != nil || upload.looksLast(standing) else { return nil }
        standing = try await upload.standing { checksum }
        guard case .same(let head) = standing else { return nil }
        wasThere = !upload.isOurs(head)
        return head.etag ?? ""
      },
      perform: {
        try await upload.write(.completeMultipartUpload, over: standing, checksum) { onlyIfAbsent in
          try await upload.s3.completeMultipartUpload(
            begun.id, key: upload.key, in: upload.bucket, parts: parts, size: upload.size,
            // A server that puts checksums of parts together would call the whole file's a wrong one.
            crc32c: begun.checksumType == "FULL_OBJECT" ? checksum.whole : nil, onlyIfAbsent: onlyIfAbsent
          ).etag ?? ""
        }
      })
    // Our parts would be billed for nothing.
    if wasThere { try await PendingUpload(upload: upload).abort() }
    return wasThere
  }

  /// The upload's parts are of no use any more, so the next attempt begins another one.
  private func beginAnew(why: String) async throws -> JobSignal {
    // Also when a person has to look: what they retry must not ask for the same upload again.
    try await upload.round.end(context)
    guard upload.round.number < Self.mostRounds else {
      return .hold(
        why: "\(why), \(upload.round.number) times by now;"
          + " look at the bucket's lifecycle rules and at who else writes there")
    }
    return .snooze(for: .seconds(1), why: "\(why); beginning the upload anew")
  }
}
