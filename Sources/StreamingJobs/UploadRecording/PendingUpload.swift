import AWSClient
import HTTPTransport
import JobQueue
import Wire

/// The unfinished upload at the server that belongs to a round.
struct PendingUpload: Sendable {
  let upload: Upload

  /// An upload that the server knows.
  struct Begun: Codable, Sendable {
    var id: String
    /// `FULL_OBJECT` or `COMPOSITE`, as the server reported.
    var checksumType: String?
  }

  private var context: JobContext { upload.context }

  /// The provider creates another upload for each request, so there is one request per round.
  func begin() async throws -> Begun {
    try await context.effect(
      // An upload that is created late has no parts, and the bucket's lifecycle rule ends it.
      effect, lateEffectWindow: .zero, claim: claim,
      find: { earlier in
        guard let earlier else {
          try await rememberServerTime()
          return .absent
        }
        return Finding(try await lost(earlier))
      },
      perform: {
        let made = try await upload.s3.createMultipartUpload(upload.key, in: upload.bucket, options: upload.options)
        if let date = made.abortDate { context.note("the bucket's lifecycle rules abort this upload at \(date)") }
        return Begun(id: made.id, checksumType: made.checksumType)
      }
    ).value
  }

  /// Ends the upload at the server, including one whose id was lost with the response.
  /// - Throws: ``Verdict`` while it is not yet certain whether there is one.
  func abort() async throws {
    do {
      let begun = try await context.adopt(
        effect, claim: claim,
        find: { earlier -> Begun? in
          guard let earlier else { return nil }
          return try await lost(earlier)
        })
      guard let begun else { return }
      try await upload.s3.abortMultipartUpload(begun.value.id, key: upload.key, in: upload.bucket)
      context.note("the unfinished upload was aborted on the server")
    } catch let error as ProviderError where error.code == "NoSuchUpload" {
      // It was completed or ended before.
    } catch let error as JobStoreError {
      throw error
    } catch Verdict.snooze(let duration, let why) {
      throw Verdict.snooze(for: duration, why: why)
    } catch {
      // The bucket's lifecycle rule ends it after some days.
      context.note("the unfinished upload could not be aborted: \(error)")
    }
  }

  /// The upload whose id was lost with the response: for this key, created since, held by no other job.
  private func lost(_ earlier: EffectRecord) async throws -> Begun? {
    // If a server reports no time, it is assumed to have ours.
    let since = try await context.checkpoint(moment, as: Timestamp.self) ?? earlier.firstIntendedAt
    var found: [String] = []
    for one in try await pending()
    // The machines behind one address may differ a little.
    where one.key == upload.key && ProviderMoment.isAfter(one.initiated, since - .seconds(60)) {
      if try await context.claimant(of: claim(Begun(id: one.id))) == nil { found.append(one.id) }
    }
    guard found.count < 2 else {
      throw Verdict.hold(
        why: "\(found.count) unfinished uploads of s3://\(upload.bucket)/\(upload.key) may be ours;"
          + " abort all but one, then retry the job")
    }
    return found.first.map { Begun(id: $0) }
  }

  /// The unfinished uploads that the server lists. If it lists none, a lost one is left to the bucket's lifecycle rule.
  private func pending() async throws -> [S3PendingUpload] {
    do {
      return try await upload.s3.listMultipartUploads(prefix: upload.key, in: upload.bucket)
    } catch let error as ProviderError
      where [405, 501].contains(error.status) && upload.s3.endpoint.ownBase != nil
    {
      context.note(
        "the server does not list unfinished uploads: one whose response was lost stays there; starting another")
      return []
    }
  }

  private var effect: String { "create-upload-\(upload.round.number)" }
  /// It is passed on with the effect's intent.
  private var moment: String { "\(effect)/before" }

  /// Records the server's last reported time before the request: nothing that we create is older. Our own clock may be
  /// off by hours, or be set before the next attempt.
  private func rememberServerTime() async throws {
    guard let seconds = await upload.s3.serverTime() else { return }
    try await context.checkpoint(moment, Timestamp(milliseconds: seconds * 1000))
  }

  /// What no other job's effect may hold. Upload ids may be longer than a claim.
  private var claim: @Sendable (Begun) -> String {
    { [connection = upload.parameters.connection] in KeyText.name("upload:\(connection):\($0.id)") }
  }
}

/// Times as the provider writes them.
enum ProviderMoment {
  /// Whether something created at this time can be newer than `earliest`. If the time cannot be read, it may be.
  static func isAfter(_ text: String?, _ earliest: Timestamp) -> Bool {
    guard let text, let moment = parse(text) else { return true }
    return moment >= earliest
  }

  /// ISO 8601 with its offset, with or without a fraction.
  static func parse(_ text: String) -> Timestamp? {
    InternetTime.milliseconds(text).map { Timestamp(milliseconds: $0) }
  }
}
