import JobQueue
import Manifests
import Settings
import StreamingJobs

/// `--stop-after`: the stop that is enqueued with its start, in one commit.
///
/// It is no child of the start: it has its moment, and finds what the start made by the occurrence that both name.
struct PlannedStop {
  /// What is wrong with the flag.
  private(set) var diagnostics: [Diagnostic] = []
  private let start: EnqueueOptions
  /// When the start is planned.
  private let planned: Timestamp
  private var span = Duration.zero

  /// - Parameters:
  ///   - text: what the flag says.
  ///   - start: when and how the start is to run.
  init(_ text: String, start: EnqueueOptions, now: Timestamp) {
    self.start = start
    planned = max(start.runAt ?? now, now)
    let flag = "--\(Airtime.stopAfter.flag)"
    guard let span = DurationText.parse(text) else {
      diagnostics = CommandError.noSpan(text, flag: flag).diagnostics
      return
    }
    self.span = span
    guard span >= .seconds(1) else {
      diagnostics.append(
        Diagnostic(
          code: "RD0302", message: "'\(text)' is too short: the stop would come before its start", flag: flag,
          help: "write the time that it stays on air, such as 2h"))
      return
    }
  }

  /// The start's values, with an occurrence that both jobs name.
  func values(_ values: [String: JSONValue]) throws -> [String: JSONValue] {
    var values = values
    values["occurrence"] = .string(try occurrence(values))
    return values
  }

  /// The stop's job.
  func job(of values: [String: JSONValue]) throws -> [NewJob] {
    guard let kind = JobKinds.streaming.kind(for: .stop), case .string(let connection) = values["connection"] else {
      return []
    }
    let options = EnqueueOptions(priority: start.priority, runAt: planned + span, labels: start.labels)
    let parameters = Airtime.stop(of: try occurrence(values), connection: connection)
    return [try kind.make(parameters).newJob(options)]
  }

  private func occurrence(_ values: [String: JSONValue]) throws -> String {
    if case .string(let given) = values["occurrence"] { return given }
    return try Airtime.occurrence(of: values, at: planned)
  }
}
