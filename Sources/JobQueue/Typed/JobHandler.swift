/// Does the work of one job type. Holds its clients; knows nothing of queues, delays or stores.
public protocol JobHandler: Sendable {
  /// What it is told.
  associatedtype Parameters: JobParameters
  /// What it says when it is done.
  associatedtype Output: Codable & Sendable

  /// Does the work: looks, creates, compares, verifies.
  /// - Throws: a ``Verdict``, or any other error; ``classify(_:)`` says what verdict that is.
  func run(_ parameters: Parameters, context: JobContext) async throws -> Output

  /// What an error of ``run(_:context:)`` means for the job.
  func classify(_ error: any Error) -> Verdict
}

extension JobHandler {
  /// Every error is worth another try.
  public func classify(_ error: any Error) -> Verdict {
    .retry(Failure(code: "error", message: "\(error)"))
  }
}
