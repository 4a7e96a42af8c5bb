import HTTPTransport
import JobQueue

/// A bucket that was made a moment ago. S3 tells of it little by little: one of its servers may still answer
/// `NoSuchBucket` when another one has the bucket already.
struct NewBucket: Sendable {
  private static let checkpoint = "bucket-missing-since"

  let name: String
  let context: JobContext

  /// Runs `body`; while the bucket is not seen everywhere, the job comes back in a moment and burns no attempt.
  /// - Parameter isNew: whether a missing bucket is one that is known to have been made.
  /// - Throws: ``Verdict`` when such a bucket is missing; whatever else `body` throws.
  func awaited<Result: Sendable>(
    if isNew: () async throws -> Bool = { true }, _ body: () async throws -> Result
  ) async throws -> Result {
    do {
      return try await body()
    } catch let error as ProviderError where error.code == "NoSuchBucket" {
      guard try await isNew() else { throw error }
      throw try await verdict(on: error)
    }
  }

  /// Whether this job waited for one that made the bucket.
  func isOfParent() async throws -> Bool {
    try await context.parentOutputs().contains { parent in
      guard parent.kind == CreateBucketConfig.kind else { return false }
      return (try? JSONText.decode(BucketConfigResult.self, from: parent.output))?.bucket == name
    }
  }

  private func verdict(on error: ProviderError) async throws -> Verdict {
    let missing = MissingSince(checkpoint: Self.checkpoint, context: context)
    guard let pause = try await missing.pause() else {
      var failure = error.failure
      failure.hint =
        "it was created and is not there \(MissingSince.timeout.components.seconds) s later: was it deleted?"
        + " enqueue create-bucket-config for it again"
      return .dead(failure)
    }
    return .snooze(for: pause, why: "\(error.operation): bucket \(name) is new and not visible everywhere yet")
  }
}
