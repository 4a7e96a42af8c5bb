public import JobQueue
public import Settings
public import StreamingJobs

/// A file of jobs as a person writes it, YAML or JSON, made into jobs for the queue.
///
/// ```yaml
/// apiVersion: rundown/v1
/// kind: Jobs
/// labels: {event: cup}
/// defaults:
///   create-map-entry: {application: live, credential: wse-push-eu}
/// jobs:
///   - name: bucket
///     kind: create-bucket-config
///     with: {connection: media, bucket: example-live, region: eu-central-1}
///   - name: "entry-{stream}"
///     kind: create-map-entry
///     generate: {stream: "pitch-{n:02}", from: 1, to: 12}
///     after: [bucket]
///     with: {engine: fra1, entryName: "{stream}-s3", sourceStream: "{stream}", bucket: example-live, region: eu-central-1}
/// ```
public struct JobFile: Sendable {
  /// The jobs, parents before their children.
  public internal(set) var jobs: [NewJob] = []
  /// The names that the file gives to jobs.
  public internal(set) var names: [String?] = []
  /// The place of each job.
  public internal(set) var places: [SourceLocation] = []
  /// The connections that the jobs name.
  public internal(set) var connections: [ConnectionUse] = []
  /// The files that the jobs name.
  public internal(set) var files: [FileUse] = []
  /// Warnings about the jobs.
  public internal(set) var warnings: [Diagnostic] = []

  /// The maximum number of jobs in one file: they are enqueued in one call.
  public static let mostJobs = JobLimits.batch

  /// Reads a file, or JSON Lines. Either everything in it is valid, or nothing is used and every error is reported.
  ///
  /// - Parameters:
  ///   - file: the file as it was given.
  ///   - now: the time that relative times refer to.
  ///   - kinds: the kinds that the file may use.
  ///   - absolute: makes a path absolute.
  public static func read(
    _ text: String, file: String, now: Timestamp, kinds: JobKinds = .streaming, absolute: @escaping (String) -> String
  ) -> Result<JobFile, JobFileProblems> {
    if YAMLDocument.looksLikeJSON(text) {
      let (documents, diagnostics) = jsonValues(text, file)
      // A text that is not JSON may still be YAML that starts with a brace.
      let isYAML = !diagnostics.isEmpty && [".yaml", ".yml"].contains { file.lowercased().hasSuffix($0) }
      if !isYAML, !isWholeFile(documents) {
        return readJobs(documents, diagnostics, now: now, kinds: kinds, absolute: absolute)
      }
    }
    if let table = TableText.diagnostic(text, file: file) {
      return .failure(JobFileProblems(diagnostics: [table]))
    }
    do {
      let document = try YAMLDocument(text: text, file: file)
      var reader = JobFileReader(document, now: now, kinds: kinds, absolute: absolute)
      return reader.read()
    } catch {
      let recovery = JobFileRecovery(text, file: file, after: error)
      guard let document = recovery.document else {
        return .failure(JobFileProblems(diagnostics: recovery.diagnostics))
      }
      var reader = JobFileReader(
        document, now: now, kinds: kinds, unreadable: recovery.diagnostics, absolute: absolute)
      return reader.read()
    }
  }

  /// Reads a series of JSON objects, usually one per line, each a job as under `jobs`.
  public static func readLines(
    _ text: String, file: String, now: Timestamp, kinds: JobKinds = .streaming, absolute: @escaping (String) -> String
  ) -> Result<JobFile, JobFileProblems> {
    let (documents, diagnostics) = jsonValues(text, file)
    return readJobs(documents, diagnostics, now: now, kinds: kinds, absolute: absolute)
  }

  private static func jsonValues(_ text: String, _ file: String) -> ([YAMLDocument], [Diagnostic]) {
    // One more value than the limit, so that the reader notices and reports it.
    YAMLDocument.jsonValues(of: text, file: file, limit: mostJobs + 1, errorLimit: JobFileReader.mostDiagnostics)
  }

  /// Whether this is a file of jobs rather than a job.
  private static func isWholeFile(_ documents: [YAMLDocument]) -> Bool {
    guard documents.count == 1, case .mapping(let pairs)? = documents[0].root?.content else { return false }
    return pairs.contains { ["jobs", "apiVersion", "connections"].contains($0.key.text) }
  }

  private static func readJobs(
    _ documents: [YAMLDocument], _ diagnostics: [Diagnostic], now: Timestamp, kinds: JobKinds,
    absolute: @escaping (String) -> String
  ) -> Result<JobFile, JobFileProblems> {
    guard let first = documents.first else {
      return diagnostics.isEmpty ? .success(JobFile()) : .failure(JobFileProblems(diagnostics: diagnostics))
    }
    var reader = JobFileReader(first, now: now, kinds: kinds, unreadable: diagnostics, absolute: absolute)
    return reader.read(jobs: documents)
  }
}

/// All errors in a file of jobs.
public struct JobFileProblems: Error, Sendable {
  /// The errors, each once, in the order in which they were found.
  public var diagnostics: [Diagnostic]
  /// Warnings about the jobs that could be read.
  public var warnings: [Diagnostic] = []
  /// The connections that they name.
  public var connections: [ConnectionUse] = []
  /// The files that they name.
  public var files: [FileUse] = []
}
