/// A job that each time of an event brings.
///
/// In the texts of its payload `{occurrence}` stands for the occurrence's key, `{planned}` for its planned instant, and
/// `{latest}` for the instant from which on it is too late to start, both as RFC 3339 writes them, in UTC.
package struct JobTemplate: Sendable, Hashable, Codable {
  /// What it is for, such as `start` or `stop`; a label of the job.
  package var role: String
  /// The job type's name.
  package var kind: String
  /// The queue to wait in.
  package var queue: String
  /// The parameters as JSON text, with placeholders.
  package var payload: String
  /// The version of the parameters' shape.
  package var payloadVersion: Int
  /// The gate that it goes through.
  package var gate: String?
  /// Of all jobs with the same key only a few run at once.
  package var concurrencyKey: String?
  /// How many failures end it.
  package var maxAttempts: Int
  /// From the planned instant to the one from which on it may run; below zero before it.
  package var offsetSeconds: Int
  /// Whether it ends what another one starts: then it runs whatever became of that one, and is never too late.
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
  /// How often the occurrence had been planned anew when the job was enqueued; absent for never.
  package static let revival = "revival"
  /// What the job is for.
  package static let role = "role"
}
