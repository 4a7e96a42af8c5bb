import AWSClient
import FoundationEssentials
import HTTPTransport
import JobQueue

/// Sends a large file in parts. Each finished part is recorded, so that another worker continues where this one was
/// killed, and sends none of them again.
struct MultipartUpload: Sendable {
  let upload: Upload
  let plan: PartPlan

  /// A part that the server has.
  struct Sent: Codable, Sendable {
    var etag: String
    var crc32c: UInt32
    /// Only if the server reports nothing better; base64.
    var md5: String?
    /// Whether the server returned the checksum: only then does it expect it again at the end.
    var isChecksumTold: Bool?
    /// In bytes, for progress reports.
    var length: Int64?
  }

  /// The checkpoints of the parts that were sent in a round.
  static func checkpoints(ofRound number: Int) -> String { "part/\(number)/" }

  /// How often an upload may vanish, for example because of a lifecycle rule, before the job is held.
  private static let mostRounds = 5

  private var context: JobContext { upload.context }

  /// The effect that turns the parts into one object; completed twice, it is the same object.
  var completion: String { upload.completing }

  /// Sends all parts to the server and completes the upload, unless someone else has stored the same content by then.
  /// - Parameter place: what was under the key before anything was sent.
  func run(over place: Upload.Place) async throws -> (resumed: Int, wasThere: Bool) {
    // By an earlier attempt, which received no response.
    let mayBeDone = try await context.hasAsked(for: completion)
    let begun = try await PendingUpload(upload: upload).begin()
    do {
      let earlier = try await partsThere(begun)
      let file = try await requireSameBytes(since: upload.round.file, of: earlier)
      if !earlier.isEmpty { context.note("\(earlier.count) of \(plan.parts.count) parts were sent before") }
      let sent = try await sendMissing(begun, earlier)
      _ = try await requireSameBytes(since: file, of: sent)
      let parts = plan.parts.map { part in
        UploadChecksum.Part(
          crc: CRC32C(value: sent[part.number]?.crc32c ?? 0),
          md5: sent[part.number]?.md5.flatMap { Data(base64Encoded: $0) }.map { Array($0) }, length: part.length)
      }
      let checksum = UploadChecksum(parts)
      await upload.digest.know(checksum)
      return (earlier.count, try await complete(begun, sent, checksum, over: place))
    } catch let error as ProviderError where error.code == "NoSuchUpload" {
      // A completion whose response was lost ends the upload, too, and its object may not be visible yet.
      if mayBeDone { try await waitForObject() }
      throw try await beginAnew(why: "the server no longer has this upload")
    } catch let error as ProviderError where error.code == "ConditionalRequestConflict" {
      // Someone wrote to the key while the parts were being put together. S3 wants all of them again, in another
      // upload.
      try await PendingUpload(upload: upload).abort()
      throw try await beginAnew(why: "another client wrote to the key at the same time")
    }
  }

  /// Snoozes while an object that may be ours can still appear; returns when it no longer can.
  private func waitForObject() async throws {
    let missing = MissingSince(checkpoint: "completion-missing-since-\(upload.round.number)", context: context)
    guard let pause = try await missing.pause() else { return }
    throw Verdict.snooze(
      for: pause, why: "the upload is gone; it may have become the object, which is not visible yet; looking again")
  }

  /// Ends the job if bytes that were sent are no longer the file's. A different modification time alone can have many
  /// reasons: then the bytes are read again.
  /// - Returns: the file as it is now.
  private func requireSameBytes(since earlier: FileIdentity, of sent: [Int: Sent]) async throws -> FileIdentity {
    let now = try await FileIdentity.of(upload.file, in: upload.roots)
    guard now.isSameFile(as: upload.round.file) else { throw upload.fileChanged }
    guard let changed = earlier.changed, changed != now.changed else { return now }
    for part in plan.parts {
      guard let known = sent[part.number] else { continue }
      let crc = try await FileDigest.crc32c(
        path: upload.file, offset: part.offset, length: part.length, expected: upload.round.file.id)
      guard crc.value == known.crc32c else { throw upload.fileChanged }
    }
    return now
  }

  // MARK: Parts

  /// The parts that we recorded and the server still has.
  private func partsThere(_ begun: PendingUpload.Begun) async throws -> [Int: Sent] {
    let known = try await context.checkpoints(under: Self.checkpoints(ofRound: upload.round.number), as: Sent.self)
    guard !known.isEmpty else { return [:] }
    let held: [S3Part]
    do {
      held = try await upload.s3.listParts(of: begun.id, key: upload.key, in: upload.bucket)
    } catch let error as ProviderError where error.status == 501 && upload.s3.endpoint.ownBase != nil {
      // A part that is sent again replaces the existing one.
      context.note("the server does not list parts: sending all of them again")
      return [:]
    }
    let tags = Dictionary(held.map { ($0.number, Self.bare($0.etag)) }, uniquingKeysWith: { first, _ in first })
    var there: [Int: Sent] = [:]
    for (name, sent) in known {
      guard let number = Int(name), tags[number] == Self.bare(sent.etag) else { continue }
      there[number] = sent
    }
    return there
  }

  /// A tag without its quotes: a server may include them in one response and omit them in another.
  private static func bare(_ tag: String) -> String { tag.filter { $0 != "\"" } }

  private func sendMissing(_ begun: PendingUpload.Begun, _ earlier: [Int: Sent]) async throws -> [Int: Sent] {
    var sent = earlier
    var missing = plan.parts.filter { earlier[$0.number] == nil }.makeIterator()
    let parallel = upload.parameters.parallelParts ?? UploadRecording.Defaults.parallelParts
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
    let (crc, md5) = try await FileDigest.checksums(
      path: upload.file, offset: part.offset, length: part.length, expected: upload.round.file.id,
      withMD5: await upload.s3.needsMD5())
    // A part of a file that is still being written must not become permanent.
    try await upload.requireSameFile()
    let stored = try await upload.s3.uploadPart(
      part.number, of: begun.id, key: upload.key, in: upload.bucket,
      body: .file(path: upload.file, offset: part.offset, length: part.length, expected: upload.round.file.id),
      crc32c: crc)
    let sent = Sent(
      etag: stored.etag, crc32c: crc.value, md5: md5.map { Data($0).base64EncodedString() },
      isChecksumTold: stored.crc32c != nil, length: part.length)
    try await context.checkpoint(
      "\(Self.checkpoints(ofRound: upload.round.number))\(part.number)", sent, isProgress: true, isPartDone: true)
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

  /// - Returns: whether someone else had stored the same content.
  private func complete(
    _ begun: PendingUpload.Begun, _ sent: [Int: Sent], _ checksum: UploadChecksum,
    over place: Upload.Place
  ) async throws -> Bool {
    let parts = plan.parts.map { part in
      S3Part(
        number: part.number, etag: sent[part.number]?.etag ?? "",
        // Servers that store no checksum of a part refuse one here. What earlier versions recorded does not say so.
        crc32c: sent[part.number].flatMap { $0.isChecksumTold == false ? nil : CRC32C(value: $0.crc32c).base64 })
    }
    let completed = try await upload.untilTaken {
      try await context.effect(
        completion, lateEffectWindow: .zero,
        find: { earlier -> Finding<CompletedUpload, Upload.Place> in
          // Hours may have passed since the first look.
          guard earlier != nil || upload.looksLast(place) else { return .absent(place) }
          return try await upload.look().map { CompletedUpload(etag: $0.etag, isForeign: !upload.isOurs($0)) }
        },
        perform: { place in
          try await upload.write(.completeMultipartUpload, over: place) { onlyIfAbsent in
            let object = try await upload.s3.completeMultipartUpload(
              begun.id, key: upload.key, in: upload.bucket, parts: parts, size: upload.size,
              // A server that combines checksums of parts would reject the whole file's checksum.
              crc32c: begun.checksumType == "FULL_OBJECT" ? checksum.whole : nil, onlyIfAbsent: onlyIfAbsent)
            return CompletedUpload(etag: object.etag, isForeign: false)
          }
        })
    }
    let wasThere = completed.value.isForeign == true
    // Our parts would be billed for nothing.
    if wasThere { try await PendingUpload(upload: upload).abort() }
    return wasThere
  }

  /// The upload's parts are no longer of any use, so the next attempt starts another one.
  private func beginAnew(why: String) async throws -> Verdict {
    // Even if the job is held: its retry must not ask for the same upload again.
    try await upload.round.end(context)
    guard upload.round.number < Self.mostRounds else {
      return .hold(
        why: "\(why), \(upload.round.number) times so far;"
          + " check the bucket's lifecycle rules and who else writes there")
    }
    return .snooze(for: .seconds(1), why: "\(why); starting the upload over")
  }
}
