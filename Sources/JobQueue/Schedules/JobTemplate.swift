/// A job that is created for each time of an event.
///
/// In the texts of its payload, `{occurrence}` stands for the occurrence's key, `{planned}` for its planned instant,
/// and `{latest}` for the instant from which it is too late to start; both instants are in UTC, in the format of RFC
/// 3339.
package struct JobTemplate: Sendable, Hashable, Codable {
  /// Its purpose, such as `start` or `stop`; a label of the job.
  package var role: String
  /// The job type's name.
  package var kind: String
  /// The queue to wait in.
  package var queue: String
  /// The parameters as JSON text, with placeholders.
  package var payload: String
  /// The version of the parameters' format.
  package var payloadVersion: Int
  /// The gate that it passes.
  package var gate: String?
  /// Only a limited number of jobs with the same key run at once.
  package var concurrencyKey: String?
  /// The number of failures after which it is dead.
  package var maxAttempts: Int
  /// The time from the planned instant to the one from which the job may run; negative if it may run earlier.
  package var offsetSeconds: Int
  /// Whether it ends what another job starts: then it runs whatever became of that one, and is never too late.
  package var isEnding: Bool

  /// Creates a template.
  package init(
    role: String, kind: String, queue: String = "default", payload: String, payloadVersion: Int = 1,
    gate: String? = nil, concurrencyKey: String? = nil, maxAttempts: Int = RetryPolicy.standard.maxAttempts,
    offsetSeconds: Int = 0, isEnding: Bool = false
  ) {
    (self.role, self.kind, self.queue, self.payload) = (role, kind, queue, payload)
    (self.payloadVersion, self.gate, self.concurrencyKey) = (payloadVersion, gate, concurrencyKey)
    (self.maxAttempts, self.offsetSeconds, self.isEnding) = (maxAttempts, offsetSeconds, isEnding)
  }
}

/// The labels of a scheduled job.
package enum OccurrenceLabel {
  /// The schedule's name.
  package static let schedule = "schedule"
  /// The event's name.
  package static let event = "event"
  /// The occurrence's key.
  package static let occurrence = "occurrence"
  /// How often the occurrence had been planned again when the job was enqueued; absent if never.
  package static let revival = "revival"
  /// The job's purpose.
  package static let role = "role"
}
