import AWSClient
import HTTPTransport
import JobQueue

/// One upload of a file: what all of its steps need.
struct Upload: Sendable {
  let s3: S3Client
  let parameters: UploadRecording
  let round: UploadRound
  let roots: UploadRoots
  let context: JobContext
  let digest: UploadDigest

  private static let mark = "rundown-job"
  private static let roundMark = "rundown-round"

  var bucket: String { parameters.bucket }
  var key: String { parameters.key }
  var file: String { parameters.file }
  var size: Int64 { round.file.size }

  /// How the object is stored; it carries the job's mark, so that it can be distinguished from anyone else's.
  var options: S3ObjectOptions {
    S3ObjectOptions(
      contentType: parameters.contentType ?? ContentType.of(file), cacheControl: parameters.cacheControl,
      metadata: [Self.mark: context.mark, Self.roundMark: "\(round.number)"], acl: parameters.acl,
      storageClass: parameters.storageClass)
  }

  /// What is under the key instead of what we are about to upload.
  enum Place: Sendable {
    case free
    /// Something else, which may be replaced.
    case replaceable
  }

  /// Whether the object under the key is this job's own, from this round or an earlier one.
  func isOurs(_ head: S3ObjectHead) -> Bool { head.metadata[Self.mark] == context.mark }

  private func isOfThisRound(_ head: S3ObjectHead) -> Bool {
    isOurs(head) && head.metadata[Self.roundMark] == "\(round.number)"
  }

  /// Whether an object is what this round uploads; nil if that is unknown. If nothing in it can be compared, its marks
  /// must do: what an earlier round stored is of the file as it was.
  private func isSame(_ head: S3ObjectHead) async throws -> Bool? {
    guard hasSize(head) else { return false }
    let told = try await digest.matches(head)
    if told == true || told == nil && isOfThisRound(head) { return true }
    return try await hasSameBytes(head) ?? told
  }

  /// Whether an object has the file's bytes, which are read back if the server reports no checksum: its entity tag may
  /// be based on something other than MD5. Nil if they cannot be read, or are too many.
  private func hasSameBytes(_ head: S3ObjectHead) async throws -> Bool? {
    guard s3.endpoint.ownBase != nil, head.crc32c == nil, head.size == size, size <= PartPlan.largestObjectInOne else {
      return nil
    }
    context.note("the server reports nothing that identifies the content of s3://\(bucket)/\(key); reading it back")
    guard let held = try await s3.crc32c(ofBytes: key, in: bucket, size: size) else { return nil }
    return try await digest.checksum().whole == held
  }

  /// Looks for what we are about to upload.
  /// - Throws: ``Verdict`` if something else is there and must not be replaced, or if what this round stored is not
  ///   what it sent: sending it again would have the same result.
  func look() async throws -> Finding<S3ObjectHead, Place> {
    guard let head = try await s3.headObject(key, in: bucket) else { return .absent(.free) }
    let isSame = try await isSame(head)
    if isSame == true { return .found(head) }
    if isOfThisRound(head) { throw try await differs(head) }
    // This job may replace what it stored before the file changed.
    if isOurs(head) || parameters.replaces { return .absent(.replaceable) }
    let isUnknown = isSame == nil
    if isUnknown, try await hasAskedForObject() {
      throw Verdict.hold(
        why: "s3://\(bucket)/\(key) holds an object of the file's size that may be ours, from a request whose response"
          + " was lost, and the server reports nothing about it that can be compared; check whether it is the file: if so,"
          + " cancel this job, otherwise remove the object and retry the job")
    }
    throw Verdict.dead(
      Failure(
        code: "exists",
        message: isUnknown
          ? "s3://\(bucket)/\(key) holds an object of the same size, and the server reports nothing about it to compare"
          : "s3://\(bucket)/\(key) holds another object (\(head.size ?? 0) bytes)",
        hint: "choose another key, or allow it with onExisting: replace"))
  }

  /// The effect that stores the object of this round in one request.
  var putting: String { "put-object-\(round.number)" }
  /// The effect that stores it from parts.
  var completing: String { "complete-upload-\(round.number)" }

  /// Whether this round requested an object and did not learn the outcome.
  private func hasAskedForObject() async throws -> Bool {
    if try await context.hasAsked(for: putting) { return true }
    return try await context.hasAsked(for: completing)
  }

  /// Runs `body`. If the server refuses the write because the key is taken, the object is looked for. It may become
  /// visible only after a while.
  func untilTaken<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
    do {
      return try await body()
    } catch let error as ProviderError where error.code == "PreconditionFailed" && error.delivery == .refused {
      let missing = MissingSince(checkpoint: "taken-since-\(round.number)", context: context)
      if case .found = try await look() {
        throw Verdict.snooze(for: .seconds(1), why: "the same content was stored meanwhile; looking at it again")
      }
      if let pause = try await missing.pause() {
        throw Verdict.snooze(
          for: pause,
          why: "the server says that s3://\(bucket)/\(key) already exists, but shows nothing there; looking again")
      }
      throw Verdict.hold(
        why:
          "the server refuses to store s3://\(bucket)/\(key) because it already exists (\(error.status ?? 412)), but"
          + " shows nothing there; if the key is free, cancel this job and enqueue it with onExisting: replace")
    }
  }

  /// Whether to look at the key once more right before the write: no condition guards against overwriting our earlier
  /// work, and a self-hosted server may ignore the condition.
  func looksLast(_ place: Place) -> Bool {
    !parameters.replaces && (place == .replaceable || s3.endpoint.ownBase != nil)
  }

  /// Writes the object; if nothing may be replaced, on condition that the key is free. If a server does not support the
  /// condition, it is sent without it, after another look, since time has passed again.
  /// - Parameter perform: takes whether to send the condition; called a second time only if the first was refused
  ///   because of it.
  func write<Stored: Sendable>(
    _ write: S3ConditionalWrite, over place: Place,
    perform: (_ onlyIfAbsent: Bool) async throws -> Stored
  ) async throws -> Stored {
    let takesCondition = await s3.takesCondition(on: write)
    guard takesCondition, !mayReplace(place) else { return try await perform(false) }
    do {
      return try await perform(true)
    } catch let error as ProviderError where s3.isUnknownCondition(error) {
      context.note(
        "the server does not support If-None-Match (\(error.code ?? "")): checking just before the upload instead")
      if case .found = try await look() {
        throw Verdict.snooze(for: .seconds(1), why: "the same content was stored in the meantime; looking again")
      }
      let stored = try await perform(false)
      await s3.rememberUnknownCondition(on: write)
      return stored
    }
  }

  private func mayReplace(_ place: Place) -> Bool {
    place == .replaceable || parameters.replaces
  }

  /// Ends the job if the file is not the one that the upload started with.
  func requireSameFile() async throws {
    guard try await !FileIdentity.of(file, in: roots).isSameFile(as: round.file) else { return }
    throw fileChanged
  }

  /// The failure of a file that changed during its upload.
  var fileChanged: Verdict {
    .dead(
      Failure(
        code: "file-changed", message: "\(file) changed since the upload began",
        hint: "wait until the recording is finished, then retry the job"))
  }

  /// Reads the object back and compares it with the file.
  /// - Throws: ``Verdict`` if it differs, or is not visible yet: some servers show an object only a while after they
  ///   accepted it.
  func verified() async throws -> (head: S3ObjectHead, what: [String]) {
    guard let head = try await s3.headObject(key, in: bucket) else { throw try await unseen() }
    guard hasSize(head) else { throw try await differs(head) }
    let compared = head.size == nil ? [] : ["size"]
    switch try await digest.matches(head) {
    case true?: return (head, compared + [head.crc32c == nil ? "etag" : "checksum"])
    case false?:
      guard try await hasSameBytes(head) == true else { throw try await differs(head) }
      return (head, compared + ["content"])
    case nil where head.size == nil && !isOfThisRound(head):
      throw differs("the server reports nothing that can be compared")
    case nil:
      context.note(
        "the server reports no checksum or ETag that can be compared; "
          + (compared.isEmpty ? "no size either: only its metadata was compared" : "only the size was compared"))
      return (head, compared)
    }
  }

  /// Whether an object has the file's size; a server behind a gateway that compresses may report none.
  private func hasSize(_ head: S3ObjectHead) -> Bool { head.size == nil || head.size == size }

  /// Waits for an object that was stored but is not visible.
  func unseen() async throws -> Verdict {
    let missing = MissingSince(checkpoint: "object-missing-since-\(round.number)", context: context)
    guard let pause = try await missing.pause() else { return differs("it is not there") }
    return .snooze(for: pause, why: "s3://\(bucket)/\(key) was stored but is not visible yet")
  }

  private func differs(_ head: S3ObjectHead) async throws -> Verdict {
    if let told = head.size, told != size { return differs("it has \(told) bytes, the file \(size)") }
    guard let told = head.crc32c else {
      return differs("its ETag \(head.etag ?? "") does not match the file")
    }
    return differs("its checksum is \(told), the file's \(try await digest.checksum().whole.base64)")
  }

  private func differs(_ what: String) -> Verdict {
    .dead(
      Failure(
        code: "differs", message: "s3://\(bucket)/\(key) is not what was sent: \(what)",
        hint: "another client may have written this key; retry the job"))
  }
}
