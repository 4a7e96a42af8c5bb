package import JobQueue
package import Settings
package import StreamingJobs

/// What a manifest expands to: its streams, and the jobs that create them; shared ones once, parents before children.
package struct Expansion: Sendable {
  /// Something that should exist, and the job that creates it.
  package struct Resource: Sendable {
    /// What it is.
    package var role: ResourceRole
    /// Its own name.
    package var name: String
    /// The engine, for a map entry.
    package var engine: String?
    /// The bucket itself, or the one that the resource belongs to.
    package var bucket: String
    /// The AWS region of that bucket.
    package var region: String
    /// The job; its parents are indices of ``Expansion/resources``.
    package var job: NewJob
    /// The first stream that needs it.
    package var stream: String
    /// How many streams need it.
    package var streams: Int
    /// The place in the manifest that requests it.
    package var place: SourceLocation
  }

  /// A stream with all its values.
  package struct Stream: Sendable {
    /// Its name.
    package var name: String
    /// The engine.
    package var engine: String
    /// The engine's application.
    package var application: String
    /// The name of its region in the manifest.
    package var region: String
    /// Labels for finding it.
    package var labels: [String: String]
    /// Its resources, by their indices, starting with the bucket.
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
  /// What the manifest requests but no job supports yet, with the number of streams for each.
  package internal(set) var later: [(what: String, streams: Int)] = []
  /// Warnings.
  package internal(set) var warnings: [Diagnostic] = []
  /// How the streams are rolled out; nil for all at once.
  package var rollout: Rollout?

  /// The jobs with their parents, in the order of ``resources``.
  package var jobs: [NewJob] { resources.map(\.job) }
}

extension Manifest {
  /// Expands the manifest. Pure: the same files always expand to the same jobs.
  /// - Parameters:
  ///   - known: the names of connections by section; if a section has only one, it need not be named.
  ///   - now: times before it cause a warning.
  ///   - kinds: the available job kinds.
  ///   - zones: the time zones.
  /// - Throws: all errors in it.
  package func expanded(
    known: [String: [String]], now: Timestamp, kinds: JobKinds = .streaming,
    zones: ZoneDirectory = .system(), check: ConnectionCheck? = nil
  ) throws(JobFileProblems) -> Expansion {
    var expander = Expander(onboarding, known: known, kinds: kinds, zones: zones, now: now)
    for stream in onboarding.streams { expander.add(stream) }
    let problems = self.problems.joined(with: expander.settle().map { lines.shown($0) })
    var expansion = expander.expansion
    guard problems.isEmpty else {
      // So that a connection that nobody has is not a second round.
      let unknown = check.map { $0.diagnostics(on: expansion.connections).filter { $0.severity == .error } } ?? []
      throw JobFileProblems(diagnostics: problems + unknown.map { lines.shown($0) })
    }
    expansion.warnings = expansion.warnings.map { lines.shown($0) }
    return expansion
  }

  /// Checks the connections that an expansion of it names.
  /// - Throws: everything that is wrong with them, with its lines.
  package func check(_ expansion: Expansion, by check: ConnectionCheck) throws(JobFileProblems) {
    do throws(JobFileProblems) {
      try check.check(expansion.connections)
    } catch {
      throw JobFileProblems(diagnostics: error.diagnostics.map { lines.shown($0) })
    }
  }

  /// The values of a stream with who gave each of them; nil when there is no such stream.
  package func values(of stream: String) throws(JobFileProblems) -> [StreamValue]? {
    guard problems.diagnostics.isEmpty else { throw JobFileProblems(diagnostics: problems.diagnostics) }
    guard let found = onboarding.streams.first(where: { $0.name == stream }) else { return nil }
    var layers = StreamLayers(onboarding)
    var problems = ManifestProblems()
    let values = layers.values(of: found, &problems)
    let all = values.map { StreamValue.all(of: $0, &problems) } ?? []
    let diagnostics = problems.diagnostics { _ in found.place }.map { lines.shown($0) }
    guard diagnostics.isEmpty else { throw JobFileProblems(diagnostics: diagnostics) }
    return all
  }
}
