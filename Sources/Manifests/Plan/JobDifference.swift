package import JobQueue

/// How a job that is there differs from one that holds the same unique key: the key names the thing, and not all that is
/// asked of it.
package enum JobDifference {
  /// The names of the parameters that differ, and `runAt` where it waits for another moment.
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
    // The shape of an earlier version cannot be compared field by field.
    guard job.payloadVersion == wanted.payloadVersion, job.payload != wanted.payload else { return [] }
    guard case .object(let there)? = try? JSONText.decode(JSONValue.self, from: job.payload),
      case .object(let asked)? = try? JSONText.decode(JSONValue.self, from: wanted.payload)
    else { return ["payload"] }
    return Set(there.keys).union(asked.keys).filter { there[$0] != asked[$0] }.sorted()
  }
}
