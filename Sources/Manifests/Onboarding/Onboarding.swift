import JobQueue
package import Settings
package import StreamingJobs

/// What should exist: streams, each with the values of its layers. Placeholders are not filled in yet.
package struct Onboarding: Sendable {
  /// The maximum number of streams in one manifest.
  package static let mostStreams = 10_000

  /// One stream.
  package struct Stream: Sendable {
    /// Its name, unique in the manifest.
    package var name: String
    /// The number from which it was generated.
    package var number: Int?
    /// The group that it came from.
    package var group: String?
    /// Its own values, which override all layers.
    package var values: GivenValues
    /// Its place in a file.
    package var place: SourceLocation
  }

  /// The manifest's name.
  package var name: String
  /// The manifest's labels; every job has them.
  package var labels: [String: String] = [:]
  /// The values of a profile; `defaults` overrides them.
  package var profile = GivenValues()
  /// The first layer of the manifest itself.
  package var defaults = GivenValues()
  /// By their names.
  package var regions: [String: GivenValues] = [:]
  /// By their names.
  package var engines: [String: GivenValues] = [:]
  /// By their names.
  package var groups: [String: GivenValues] = [:]
  /// In the order of the manifest.
  package var streams: [Stream] = []
  /// The rollout.
  package var rollout: Rollout?
  /// Where it starts.
  package var place: SourceLocation

  /// The region of a stream; nil if none is set.
  func region(of stream: Stream) -> GivenValue? {
    stream.values.fields["region"] ?? stream.group.flatMap { groups[$0]?.fields["region"] }
      ?? engine(of: stream).flatMap { engines[name(of: $0)]?.fields["region"] } ?? defaults.fields["region"]
      ?? profile.fields["region"]
  }

  /// The engine of a stream; nil if none is set.
  func engine(of stream: Stream) -> GivenValue? {
    stream.values.fields["engine"] ?? stream.group.flatMap { groups[$0]?.fields["engine"] }
      ?? defaults.fields["engine"] ?? profile.fields["engine"]
  }

  private func name(of value: GivenValue) -> String {
    if case .string(let text) = value.value { text } else { "" }
  }
}

/// How many streams are rolled out at a time, and when not: `rollout` of a manifest.
package struct Rollout: Sendable, Hashable {
  /// The size of a wave.
  package enum Wave: Sendable, Hashable {
    /// A number of streams.
    case count(Int)
    /// All streams that are left.
    case rest
  }

  /// How many streams go first.
  package var canary: Int?
  /// The waves after that, in order.
  package var waves: [Wave] = []
  /// The percentage of streams in a wave that may fail; more than that stops the rollout.
  package var failedPercent = 0
  /// When no job starts.
  package var blackouts: [Blackout] = []
  /// Its place in a file.
  package var place: SourceLocation
}
