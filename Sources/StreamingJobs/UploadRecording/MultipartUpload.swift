import AWSClient
import HTTPTransport
import JobQueue

/// Sends a large file in parts. Each finished part is written down, so that another worker goes on where this one was
/// killed and sends none of them again.
struct MultipartUpload: Sendable {
  let upload: Upload
  let plan: PartPlan

  /// An upload that the server knows.
  struct Begun: Codable, Sendable {
    var id: String
    /// `FULL_OBJECT` or `COMPOSITE`, as the server said.
    var checksumType: String?
  }

  /// A part that the server has.
  struct Sent: Codable, Sendable {
    var etag: String
    var crc32c: UInt32
  }

  /// How often an upload may vanish, by a lifecycle rule for one, before a person should look.
  private static let mostRounds = 5

  private var context: JobContext { upload.context }

  /// Brings all parts to the server and has them put together.
  func run() async throws -> (checksum: UploadChecksum, resumed: Int) {
    let begun = try await begin()
    do {
      let earlier = try await partsThere(begun)
      if !earlier.isEmpty { context.note("\(earlier.count) of \(plan.parts.count) parts were sent before") }
      let sent = try await sendMissing(begun, earlier)
      try await upload.requireSameFile()
      let checksum = UploadChecksum(plan.parts.map { (CRC32C(value: sent[$0.number]?.crc32c ?? 0), $0.length) })
      try await complete(begun, sent, checksum)
      return (checksum, earlier.count)
    } catch let error as ProviderError where error.code == "NoSuchUpload" {
      throw try await beginAnew()
    }
  }

  // MARK: Begin

  /// The provider makes another upload each time it is asked, so it is asked once per round.
  private func begin() async throws -> Begun {
    let connection = upload.parameters.connection
    let begun = try await context.effect(
      "create-upload-\(upload.round.number)", claim: { (begun: Begun) in Self.claim(connection, begun.id) },
      find: { earlier -> Begun? in
        guard let earlier else { return nil }
        return try await pending(since: earlier.firstIntendedAt)
      },
      perform: { () -> Begun in
        let made = try await upload.s3.createMultipartUpload(upload.key, in: upload.bucket, options: upload.options)
        if let date = made.abortDate { context.note("the bucket's lifecycle ends this upload at \(date)") }
        return Begun(id: made.id, checksumType: made.checksumType)
      }
    ).value
    if upload.round.uploadID != begun.id { try await upload.round.began(begun.id, context) }
    return begun
  }

  /// The upload whose id was lost with the answer: of this key, begun since, held by no other job.
  private func pending(since: Timestamp) async throws -> Begun? {
    let connection = upload.parameters.connection
    var found: [String] = []
    for one in try await upload.s3.listMultipartUploads(prefix: upload.key, in: upload.bucket)
    where one.key == upload.key && ProviderMoment.isAfter(one.initiated, since - .seconds(60)) {
      if try await context.claimant(of: Self.claim(connection, one.id)) == nil { found.append(one.id) }
    }
    guard found.count < 2 else {
      throw JobSignal.hold(
        why: "\(found.count) unfinished uploads of s3://\(upload.bucket)/\(upload.key) may be ours;"
          + " abort all but one, then retry the job")
    }
    return found.first.map { Begun(id: $0, checksumType: nil) }
  }

  /// Ids of uploads may be longer than a claim.
  private static func claim(_ connection: String, _ id: String) -> String { "upload:\(connection):\(id.prefix(400))" }

  // MARK: Parts

  /// The parts that we wrote down and the server still has.
  private func partsThere(_ begun: Begun) async throws -> [Int: Sent] {
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

  private func sendMissing(_ begun: Begun, _ earlier: [Int: Sent]) async throws -> [Int: Sent] {
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

  private func send(_ part: PartPlan.Part, of begun: Begun) async throws -> Sent {
    let crc = try await FileDigest.crc32c(path: upload.file, offset: part.offset, length: part.length)
    // A part of a file that is still written must not become durable.
    try await upload.requireSameFile()
    let stored = try await upload.s3.uploadPart(
      part.number, of: begun.id, key: upload.key, in: upload.bucket,
      body: .file(path: upload.file, offset: part.offset, length: part.length), crc32c: crc)
    let sent = Sent(etag: stored.etag, crc32c: crc.value)
    try await context.checkpoint("part/\(upload.round.number)/\(part.number)", sent)
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

  private func complete(
    _ begun: Begun, _ sent: [Int: Sent], _ checksum: UploadChecksum
  ) async throws {
    let parts = plan.parts.map { part in
      S3Part(
        number: part.number, etag: sent[part.number]?.etag ?? "",
        crc32c: sent[part.number].map { CRC32C(value: $0.crc32c).base64 })
    }
    _ = try await context.effect(
      "complete-upload-\(upload.round.number)",
      find: { earlier in
        guard earlier != nil, let head = try await upload.s3.headObject(upload.key, in: upload.bucket),
          upload.isOurs(head)
        else {
          return nil
        }
        return head.etag ?? ""
      },
      perform: {
        try await upload.s3.completeMultipartUpload(
          begun.id, key: upload.key, in: upload.bucket, parts: parts, size: upload.size,
          // A server that puts checksums of parts together would call the whole file's a wrong one.
          crc32c: begun.checksumType == "FULL_OBJECT" ? checksum.whole : nil, onlyIfAbsent: upload.refusesToReplace
        ).etag ?? ""
      })
  }

  /// The server forgot the upload: its parts are gone, so the next attempt begins another one.
  private func beginAnew() async throws -> JobSignal {
    guard upload.round.number < Self.mostRounds else {
      return .hold(why: "the upload vanished \(upload.round.number) times; look at the bucket's lifecycle rules")
    }
    try await upload.round.end(context)
    return .snooze(for: .seconds(1), why: "the server no longer has this upload; beginning it anew")
  }
}
