package import JobQueue

/// How an existing job differs from a new one with the same unique key: the key identifies the thing, but not every
/// parameter.
package enum JobDifference {
  /// The names of the parameters that differ, and `runAt` if the time differs.
  package static func names(_ job: Job, otherThan wanted: NewJob) -> [String] {
    fields(of: job, otherThan: wanted) + moment(of: job, otherThan: wanted)
  }

  private static func moment(of job: Job, otherThan wanted: NewJob) -> [String] {
    guard let runAt = wanted.runAt, job.state == .scheduled || job.state == .blocked, job.runAt != runAt else {
      return []
    }
    return ["runAt"]
  }

  private static func fields(of job: Job, otherThan wanted: NewJob) -> [String] {
    guard job.kind == wanted.kind else { return ["kind"] }
    // Parameters stored by an earlier version cannot be compared field by field.
    guard job.payloadVersion == wanted.payloadVersion, job.payload != wanted.payload else { return [] }
    guard case .object(let there)? = try? JSONText.decode(JSONValue.self, from: job.payload),
      case .object(let asked)? = try? JSONText.decode(JSONValue.self, from: wanted.payload)
    else { return ["payload"] }
    return Set(there.keys).union(asked.keys).filter { there[$0] != asked[$0] }.sorted()
  }
}
