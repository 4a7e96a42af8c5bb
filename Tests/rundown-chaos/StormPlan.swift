/// How large a storm is and how hard it blows.
struct StormPlan: Sendable {
  /// The engines; the first of them goes down.
  let engines = ["fra1", "fra2", "ams1"]
  let mapEntries: Int
  let targets = 2
  let restreams: Int
  let smallUploads: Int
  /// Files that go in parts.
  let largeUploads: Int
  let workers = 4
  /// Time between two kills.
  let killPause = Duration.seconds(2)
  /// So many kills and no more, since each costs requests and a slow machine has time for many; nil for no end.
  let mostKills: Int?
  /// Milliseconds that each answer takes, so that kills find requests under way.
  let latency: Int
  /// Seconds for which the first engine is down.
  let outage: Int
  /// Seconds until the account `late` gets a token that is not expired.
  let tokenAfter: Int
  /// Whether the person who replaces the token also opens the account's gate, instead of leaving it to the probe.
  let opensGate: Bool
  /// Live streams that an account may make in so many seconds; three hours of the real one, shortened.
  let liveStreams: (count: Int, seconds: Int)
  /// Seconds between two bursts of 429.
  let burstPause: Int
  /// Seconds after which the storm is counted as it stands.
  let deadline: Int

  /// The storm as it was asked for.
  static let full = StormPlan(
    mapEntries: 500, restreams: 40, smallUploads: 26, largeUploads: 4, mostKills: nil, latency: 100, outage: 60,
    tokenAfter: 20, opensGate: false, liveStreams: (10, 15), burstPause: 10, deadline: 900)

  /// The same weather over fewer jobs, for every run of the tests.
  static let short = StormPlan(
    mapEntries: 60, restreams: 8, smallUploads: 5, largeUploads: 1, mostKills: 16, latency: 200, outage: 6,
    tokenAfter: 4, opensGate: true, liveStreams: (3, 6), burstPause: 5, deadline: 240)

  var uploads: Int { smallUploads + largeUploads }
}
