/// Does the work of one job type. Has the clients that it needs; knows nothing of queues, delays or stores.
public protocol JobHandler: Sendable {
  /// The parameters of a job.
  associatedtype Parameters: JobParameters
  /// The result of a job.
  associatedtype Output: Codable & Sendable

  /// Does the work: looks, creates, compares, verifies.
  /// - Throws: a ``Verdict``, or any other error; ``classify(_:)`` maps that to a verdict.
  func run(_ parameters: Parameters, context: JobContext) async throws -> Output

  /// The verdict for an error of ``run(_:context:)``.
  func classify(_ error: any Error) -> Verdict
}

extension JobHandler {
  /// By default, every error is worth another try.
  public func classify(_ error: any Error) -> Verdict {
    .retry(Failure(code: "error", message: "\(error)"))
  }
}
