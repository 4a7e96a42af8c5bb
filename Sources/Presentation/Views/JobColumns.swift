package import JobQueue
import Settings
import StreamingJobs

/// The chosen columns of a list of jobs: values of the job itself, its result, its parameters and its labels.
package struct JobColumns: Sendable {
  /// The name of a column that does not exist.
  package struct Unknown: Error {
    package let name: String
    package let nearest: String?
  }

  /// The columns of every job.
  package static let own = [
    "id", "state", "kind", "queue", "subject", "tries", "failures", "why", "error", "uniqueKey", "priority", "labels",
    "createdAt", "runAt", "updatedAt", "finishedAt",
  ]

  /// The id of a stream target, as the provider calls it.
  private static let targetID = "targetID"

  private let names: [String]

  /// All column names to choose from: the lines for the notes of an error, none longer than 80 columns.
  package static var choices: [String] {
    let kinds = JobKinds.streaming.all
    let fields = kinds.flatMap { $0.resultFields + $0.fields.map(\.name) }
    let others = Set(fields).subtracting(own).sorted { ($0.lowercased(), $0) < ($1.lowercased(), $1) }
    return [
      "every job has \(own.joined(separator: ", "))",
      "results and parameters have \(others.joined(separator: ", "))",
      "a label is label.NAME; where result and parameters share a name: result.NAME, parameter.NAME",
    ].map { DisplayWidth.wrapped($0, to: 80 - noteMargin.count).joined(separator: "\n\(noteMargin)") }
  }

  /// The indentation of a note's further lines, as wide as what precedes its first line.
  private static let noteMargin = "         "

  /// Reads `id,state,playbackURL`. `result.NAME`, `parameter.NAME` and `label.NAME` say where a value comes from; a
  /// bare name is one of the job itself, else of its result, else of its parameters. Case and hyphens make no
  /// difference.
  /// - Throws: ``Unknown``.
  package init(_ text: String) throws(Unknown) {
    var names: [String] = []
    for name in text.split(separator: ",", omittingEmptySubsequences: true) {
      let name = PlainText.oneLine(String(name)).filter { $0 != " " }
      guard name.hasPrefix("label.") || Self.known[Self.plain(name)] != nil else {
        throw Unknown(name: name, nearest: Suggestion.nearest(to: name, among: Self.known.values.sorted()))
      }
      names.append(name.hasPrefix("label.") ? name : Self.known[Self.plain(name)] ?? name)
    }
    guard !names.isEmpty else { throw Unknown(name: text, nearest: nil) }
    self.names = names
  }

  /// The titles.
  package var titles: [String] { names }

  /// The cells of a job.
  /// - Parameter moment: formats times.
  package func cells(_ job: Job, _ gates: [GateStatus], moment: (Timestamp) -> String) -> [String] {
    let result = job.output.flatMap { try? JSONText.decode(JSONValue.self, from: $0) }
    let parameters = try? JSONText.decode(JSONValue.self, from: job.payload)
    return names.map { name in
      if let own = Self.cell(name, of: job, gates, moment) { return own }
      let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
      let (owner, field) = parts.count == 2 ? (parts[0], parts[1]) : ("", name)
      let value: JSONValue? =
        switch owner {
        case "result": result?[field]
        case "parameter": parameters?[field]
        case "label": job.labels[field].map { .string($0) }
        case _ where name == Self.targetID: result?["id"]
        default: result?[name] ?? parameters?[name]
        }
      return value.map(FieldList.text) ?? ""
    }
  }

  /// The value of a column that every job has; nil for other names.
  private static func cell(
    _ name: String, of job: Job, _ gates: [GateStatus], _ moment: (Timestamp) -> String
  ) -> String? {
    switch name {
    case "id": "\(job.id)"
    case "state": job.state.rawValue
    case "kind": job.kind
    case "queue": job.queue
    case "subject": JobTable.subject(job)
    case "tries": "\(job.token)"
    case "failures": "\(job.failures)"
    case "why": JobTable.why(job, gates)
    case "error": job.lastFailure?.code ?? ""
    case "uniqueKey": job.uniqueKey ?? ""
    case "priority": "\(job.priority)"
    case "labels": JobTable.labels(job)
    case "createdAt": moment(job.createdAt)
    case "runAt": moment(job.runAt)
    case "updatedAt": moment(job.updatedAt)
    case "finishedAt": job.finishedAt.map(moment) ?? ""
    default: nil
    }
  }

  /// Names by their form in ``plain(_:)``.
  private static let known: [String: String] = {
    var known: [String: String] = [:]
    func add(_ names: [String]) { for name in names { known[plain(name)] = known[plain(name)] ?? name } }
    add(own)
    add(JobKinds.streaming.all.flatMap(\.resultFields))
    add(JobKinds.streaming.all.flatMap { $0.fields.map(\.name) })
    add(JobKinds.streaming.all.flatMap { $0.resultFields.map { "result.\($0)" } })
    add(JobKinds.streaming.all.flatMap { $0.fields.map { "parameter.\($0.name)" } })
    known["targetid"] = targetID
    return known
  }()

  private static func plain(_ name: String) -> String { name.lowercased().filter { $0 != "-" && $0 != "_" } }

  /// The jobs in these columns.
  package func rendered(_ jobs: [Job], _ gates: [GateStatus], times: TimeFormat, for terminal: Terminal) -> String {
    var table = Table(names.map { .init($0.uppercased(), minimum: 6) })
    for job in jobs {
      table.add(cells(job, gates) { times.absolute($0) }.map { .init($0) })
    }
    return table.rendered(for: terminal)
  }
}
