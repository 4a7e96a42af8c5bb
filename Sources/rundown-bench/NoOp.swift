import JobQueue

/// A job without work, so that only the queue is measured.
struct NoOp: JobParameters {
  static let kind = "no-op"
  static let queue = "bench"

  /// Distinguishes the jobs of a measurement.
  var number: Int
  /// Makes the payload as long as that of a small real job.
  var text = "nothing is to be done here"
}

/// Does nothing, but can report when it was called.
struct NoOpHandler: JobHandler {
  let entered: @Sendable (NoOp) -> Void

  func run(_ parameters: NoOp, context: JobContext) async throws -> Done {
    entered(parameters)
    return Done(number: parameters.number)
  }

  /// A result that the store keeps.
  struct Done: Codable, Sendable {
    var number: Int
  }
}
