import HTTPTransport
import JobQueue

/// A bucket that was just created. S3 makes it visible gradually: one server may still answer `NoSuchBucket` when
/// another already has the bucket.
struct NewBucket: Sendable {
  private static let checkpoint = "bucket-missing-since"

  let name: String
  let context: JobContext

  /// Runs `body`. While the bucket is not visible everywhere, the job is snoozed for a moment, which uses up no
  /// attempt.
  /// - Parameter isNew: whether the missing bucket is known to have been created.
  /// - Throws: ``Verdict`` if such a bucket is missing; whatever else `body` throws.
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

  /// Whether this job waited for one that created the bucket.
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
        "it was created but is not there \(MissingSince.timeout.components.seconds) s later: was it deleted?"
        + " enqueue create-bucket-config for it again"
      return .dead(failure)
    }
    return .snooze(for: pause, why: "\(error.operation): bucket \(name) is new and not visible everywhere yet")
  }
}
