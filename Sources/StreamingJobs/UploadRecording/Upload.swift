import AWSClient
import HTTPTransport
import JobQueue

/// One upload of a file: what all its steps need.
struct Upload: Sendable {
  let s3: S3Client
  let parameters: UploadRecording
  let round: UploadRound
  let context: JobContext

  private static let mark = "rundown-job"

  var bucket: String { parameters.bucket }
  var key: String { parameters.key }
  var file: String { parameters.file }
  var size: Int64 { round.file.size }

  /// How the object is stored; it carries the job's mark, so that it can be told from anybody else's.
  var options: S3ObjectOptions {
    S3ObjectOptions(
      contentType: parameters.contentType ?? ContentType.of(file), cacheControl: parameters.cacheControl,
      metadata: [Self.mark: context.mark], acl: parameters.acl, storageClass: parameters.storageClass)
  }

  /// Own servers may not know `If-None-Match`; there, looking first must do.
  var refusesToReplace: Bool { parameters.onExisting != .replace && s3.endpoint.ownBase == nil }

  /// Whether the object under the key is this job's own work.
  func isOurs(_ head: S3ObjectHead) -> Bool {
    head.metadata[Self.mark] == context.mark && head.size == size
  }

  /// The object under the key when it is what we are about to upload; nil when we may go on.
  /// - Throws: ``JobSignal`` when something else is there and must not be replaced.
  func alreadyThere(_ checksum: () async throws -> UploadChecksum) async throws -> S3ObjectHead? {
    guard let head = try await s3.headObject(key, in: bucket) else { return nil }
    if head.size == size, try await checksum().matches(head) ?? isOurs(head) { return head }
    // What this job stored before the file changed may be replaced by this job.
    if head.metadata[Self.mark] == context.mark { return nil }
    guard parameters.onExisting == .replace else {
      throw JobSignal.dead(
        Failure(
          code: "exists", message: "s3://\(bucket)/\(key) holds another object (\(head.size ?? 0) bytes)",
          hint: "choose another key, or allow it with onExisting: replace"))
    }
    return nil
  }

  /// Ends the job when the file is not the one that the upload began with.
  func requireSameFile() async throws {
    guard try await FileIdentity.of(file) != round.file else { return }
    throw JobSignal.dead(
      Failure(
        code: "file-changed", message: "\(file) changed since the upload began",
        hint: "wait until the recording is finished, then retry the job"))
  }

  /// Reads the object back and compares it with the file.
  func verified(_ checksum: UploadChecksum) async throws -> (head: S3ObjectHead, what: [String]) {
    guard let head = try await s3.headObject(key, in: bucket) else { throw differs("it is not there") }
    guard head.size == size else {
      throw differs("it has \(head.size ?? -1) bytes, the file \(size)")
    }
    switch checksum.matches(head) {
    case true?: return (head, ["size", "checksum"])
    case false?: throw differs("its checksum is \(head.crc32c ?? ""), the file's \(checksum.whole.base64)")
    case nil:
      context.note("the server tells no checksum; only the size was compared")
      return (head, ["size"])
    }
  }

  private func differs(_ what: String) -> JobSignal {
    .dead(
      Failure(
        code: "differs", message: "s3://\(bucket)/\(key) is not what was sent: \(what)",
        hint: "somebody else may have written this key; retry the job"))
  }
}
