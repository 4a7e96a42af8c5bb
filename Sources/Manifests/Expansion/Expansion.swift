package import JobQueue
package import Settings
package import StreamingJobs

/// What a manifest comes to: its streams, and the jobs that bring them in, shared ones once, parents before children.
package struct Expansion: Sendable {
  /// Something that should exist, and the job that sees to it.
  package struct Resource: Sendable {
    /// What it is.
    package var role: ResourceRole
    /// Its own name.
    package var name: String
    /// The engine, of a map entry.
    package var engine: String?
    /// The bucket that it is or has to do with.
    package var bucket: String
    /// The AWS region of that bucket.
    package var region: String
    /// The job; its parents are indices of ``Expansion/resources``.
    package var job: NewJob
    /// The stream that asked for it first.
    package var stream: String
    /// How many streams need it.
    package var streams: Int
    /// Where it is asked for.
    package var place: SourceLocation
  }

  /// One stream with everything filled in.
  package struct Stream: Sendable {
    /// Its name.
    package var name: String
    /// The engine.
    package var engine: String
    /// The engine's application.
    package var application: String
    /// The region by the name that the manifest gives it.
    package var region: String
    /// The names and values to find it by.
    package var labels: [String: String]
    /// Its resources, by their indices: the bucket first.
    package var resources: [Int]
  }

  /// The manifest's name.
  package var name: String
  /// In the order of the manifest.
  package internal(set) var streams: [Stream] = []
  /// Parents before their children.
  package internal(set) var resources: [Resource] = []
  /// The connections that the jobs name.
  package internal(set) var connections: [ConnectionUse] = []
  /// What the manifest asks for and no job does yet, each with the number of streams.
  package internal(set) var later: [(what: String, streams: Int)] = []
  /// What is unwise, and no reason not to go on.
  package internal(set) var warnings: [Diagnostic] = []
  /// How it is to be brought in; nil for at once.
  package var rollout: Rollout?

  /// The jobs with their parents, in the order of ``resources``.
  package var jobs: [NewJob] { resources.map(\.job) }
}

extension Manifest {
  /// Expands the manifest; pure, so that the same files come to the same jobs.
  /// - Parameters:
  ///   - known: the names of connections by section; where a section has one only, it need not be named.
  ///   - now: what lies before it is warned of.
  ///   - kinds: the kinds of jobs that there are.
  ///   - zones: the time zones.
  /// - Throws: everything that is wrong with it.
  package func expanded(
    known: [String: [String]], now: Timestamp, kinds: JobKinds = .streaming,
    zones: ZoneDirectory = .system()
  ) throws(JobFileProblems) -> Expansion {
    var expander = Expander(onboarding, known: known, kinds: kinds, zones: zones, now: now)
    for stream in onboarding.streams { expander.add(stream) }
    let problems = self.problems.joined(with: expander.settle().map { lines.shown($0) })
    guard problems.isEmpty else { throw JobFileProblems(diagnostics: problems) }
    var expansion = expander.expansion
    expansion.warnings = expansion.warnings.map { lines.shown($0) }
    return expansion
  }

  /// The values of a stream with who gave each of them; nil when there is no such stream.
  package func values(of stream: String) throws(JobFileProblems) -> [StreamValue]? {
    guard problems.diagnostics.isEmpty else { throw JobFileProblems(diagnostics: problems.diagnostics) }
    guard let found = onboarding.streams.first(where: { $0.name == stream }) else { return nil }
    var layers = StreamLayers(onboarding)
    var problems = ManifestProblems()
    let values = layers.values(of: found, &problems)
    let all = values.map { StreamValue.all(of: $0, &problems) } ?? []
    let diagnostics = problems.diagnostics.map { lines.shown($0) }
    guard diagnostics.isEmpty else { throw JobFileProblems(diagnostics: diagnostics) }
    return all
  }
}
