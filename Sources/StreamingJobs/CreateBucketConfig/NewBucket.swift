import HTTPTransport
import JobQueue

/// A bucket that was made a moment ago. S3 tells of it little by little: one of its servers may still answer
/// `NoSuchBucket` when another one has the bucket already.
struct NewBucket: Sendable {
  /// A bucket that is not there after so long was deleted.
  static let patience = Duration.seconds(120)

  private static let checkpoint = "bucket-missing-since"
  private static let pauses = Duration.seconds(1)...Duration.seconds(15)

  let name: String
  let context: JobContext

  /// Runs `body`; while the bucket is not seen everywhere, the job comes back in a moment and burns no attempt.
  /// - Parameter isNew: whether a missing bucket is one that is known to have been made.
  /// - Throws: ``JobSignal`` when such a bucket is missing; whatever else `body` throws.
  func awaited<Result: Sendable>(
    if isNew: () async throws -> Bool = { true }, _ body: () async throws -> Result
  ) async throws -> Result {
    do {
      return try await body()
    } catch let error as ProviderError where error.code == "NoSuchBucket" {
      guard try await isNew() else { throw error }
      throw try await signal(error)
    }
  }

  /// Whether this job waited for one that made the bucket.
  func isOfParent() async throws -> Bool {
    try await context.parentOutputs().contains { parent in
      guard parent.kind == CreateBucketConfig.kind else { return false }
      return (try? JSONText.decode(BucketConfigResult.self, from: parent.output))?.bucket == name
    }
  }

  private func signal(_ error: ProviderError) async throws -> JobSignal {
    let now = context.clock.now()
    let earlier = try await context.checkpoint(Self.checkpoint, as: Timestamp.self)
    // A clock that was set back begins the wait anew.
    let since = earlier.flatMap { $0 <= now ? $0 : nil } ?? now
    guard now - since < Self.patience else {
      // A person who retries the job has the whole patience again.
      try await context.removeCheckpoints([Self.checkpoint])
      var failure = error.failure
      failure.hint =
        "it was made and is not there \(Self.patience.components.seconds) s later: was it deleted?"
        + " enqueue create-bucket-config for it anew"
      return .dead(failure)
    }
    if since != earlier { try await context.checkpoint(Self.checkpoint, since) }
    let pause = min(max(now - since, Self.pauses.lowerBound), Self.pauses.upperBound)
    return .snooze(for: pause, why: "\(error.operation): bucket \(name) is new and not seen everywhere yet")
  }
}
