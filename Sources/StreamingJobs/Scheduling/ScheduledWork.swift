package import JobQueue

/// What each time of an event does: a job of some kind, and, if that starts something that continues, the job that ends
/// it.
package struct ScheduledWork: Sendable {
  /// When what was started ends.
  package enum Stop: Sendable, Hashable {
    /// This long after the planned time, whenever it really started.
    case after(Duration)
    /// Never by this schedule.
    case never
  }

  /// The kind.
  package let kind: JobKindDescription
  /// The validated parameters by name, as the user gave them.
  package let parameters: [String: JSONValue]
  private let kinds: JobKinds
  private static let occurrence = "occurrence"

  /// Describes it.
  package init(_ kind: JobKindDescription, _ parameters: [String: JSONValue], kinds: JobKinds = .streaming) {
    (self.kind, self.parameters, self.kinds) = (kind, parameters, kinds)
  }

  /// Why something cannot be scheduled.
  package struct Problem: Error, Sendable {
    /// The reason, in a sentence.
    package let message: String
    /// A way out.
    package let help: String
  }

  /// The jobs of each time.
  /// - Parameters:
  ///   - lead: how long before its time the job starts.
  ///   - stop: when what it starts ends; nil if not given.
  ///   - maxAttempts: how many failures end the job; nil for the kind's own number.
  /// - Throws: ``Problem``.
  package func templates(lead: Duration, stop: Stop?, maxAttempts: Int?) throws -> [JobTemplate] {
    let filled = try kind.make(.object(parameters)).newJob(EnqueueOptions(maxAttempts: maxAttempts))
    let ending = try kind.ending(filled.payload)
    let main = try template(filled, of: kind, role: ending == nil ? "job" : "start", offset: .zero - lead)
    switch (ending, stop) {
    case (nil, nil), (nil, .never): return [main]
    case (nil, .after):
      throw Problem(
        message: "nothing goes on when a \(kind.kind) job is done, so there is nothing to stop",
        help: "leave the stop out")
    case (_?, nil):
      throw Problem(
        message: "\(kind.kind) starts something that goes on, and nothing stops it",
        help: "say when it ends, such as after 2h; or say that this schedule never stops it")
    case (_?, .never): return [main]
    case (let ending?, .after(let duration)):
      guard let kind = kind(of: ending) else { return [main] }
      let own =
        kind.fields.contains { $0.name == Self.occurrence } ? [Self.occurrence: JSONValue.string("sample")] : [:]
      let job = try kind.make(.object(ending.parameters.merging(own) { given, _ in given })).newJob()
      return [main, try template(job, of: kind, role: "stop", offset: duration, isEnding: true)]
    }
  }

  private func kind(of ending: JobEnding) -> JobKindDescription? {
    switch ending.kind {
    case .role(let role): kinds.kind(for: role)
    case .airtime(let airtime): kinds.kind(for: airtime)
    }
  }

  private func template(
    _ job: NewJob, of kind: JobKindDescription, role: String, offset: Duration, isEnding: Bool = false
  ) throws -> JobTemplate {
    var payload = try JSONText.decode([String: JSONValue].self, from: job.payload)
    // Each time has jobs of its own, and one that starts something does not start it for ever.
    let own = [(Self.occurrence, "{occurrence}")] + (isEnding ? [] : [("notAfter", "{latest}")])
    for (name, placeholder) in own
    where (payload[name] == nil || isEnding) && kind.fields.contains(where: { $0.name == name }) {
      payload[name] = .string(placeholder)
    }
    return JobTemplate(
      role: role, kind: job.kind, queue: job.queue, payload: try JSONText.encode(payload),
      payloadVersion: job.payloadVersion, gate: job.gate, concurrencyKey: job.concurrencyKey,
      maxAttempts: job.maxAttempts, offsetSeconds: Int(offset.components.seconds), isEnding: isEnding)
  }
}
