import JobQueue
package import StreamingJobs

/// Which wave of a rollout each resource comes with, and how the rollout goes on.
package struct WavePlaces: Sendable, Hashable {
  /// How many streams each wave has.
  package var sizes: [Int]
  /// Of each resource its wave, from 0.
  package var waves: [Int]
  /// How many streams of a hundred may fail in a wave; more stop it.
  package var failedPercent: Int
  /// When no job starts.
  package var blackouts: [Blackout]
  /// The labels of the checks between the waves: those that all jobs of the manifest have.
  package var labels: [String: String]

  /// Puts resources in waves. What several streams share comes with the first of them that needs it; what none of them needs
  /// comes with the last wave.
  /// - Parameters:
  ///   - streams: of each stream in its order the resources, by their indices.
  ///   - resources: how many resources there are.
  init(_ rollout: Rollout, streams: [[Int]], resources: Int, labels: [String: String]) {
    sizes = rollout.sizes(of: streams.count)
    failedPercent = rollout.failedPercent
    blackouts = rollout.blackouts
    self.labels = labels
    waves = Array(repeating: sizes.count - 1, count: resources)
    var rest = streams[...]
    for (wave, size) in sizes.enumerated() {
      for resource in rest.prefix(size).joined() { waves[resource] = min(waves[resource], wave) }
      rest = rest.dropFirst(size)
    }
  }

  /// Names waves that were settled before.
  init(sizes: [Int], waves: [Int], failedPercent: Int, blackouts: [Blackout], labels: [String: String]) {
    self.sizes = sizes
    self.waves = waves
    self.failedPercent = failedPercent
    self.blackouts = blackouts
    self.labels = labels
  }
}

extension Expansion {
  /// The labels that all of its jobs have. The first resource is a bucket, which is shared: it has no others.
  var commonLabels: [String: String] { resources.first?.job.labels ?? [:] }

  /// All of its resources in the waves of a rollout.
  func places(_ rollout: Rollout) -> WavePlaces {
    WavePlaces(rollout, streams: streams.map(\.resources), resources: resources.count, labels: commonLabels)
  }
}

extension Plan {
  /// What is to be done, in the waves of the manifest's rollout: they count the streams that have something to do. Nil
  /// without a rollout.
  /// - Parameter expansion: what the plan is made of.
  package func places(in expansion: Expansion) -> WavePlaces? {
    guard let rollout = expansion.rollout else { return nil }
    var indices: [Int: Int] = [:]
    for (index, entry) in entries.enumerated() where entry.action.isToDo { indices[index] = indices.count }
    let streams = expansion.streams.compactMap { stream in
      // A stream is brought in when its own entries are. What is only shared is not its own, and planned starts and stops
      // belong to no wave.
      stream.resources.contains { indices[$0] != nil && entries[$0].resource.role == .mapEntry }
        ? stream.resources.compactMap { indices[$0] } : nil
    }
    return WavePlaces(rollout, streams: streams, resources: indices.count, labels: expansion.commonLabels)
  }
}

extension Rollout {
  /// How many streams each wave has; the last one takes all that are left.
  func sizes(of streams: Int) -> [Int] {
    var left = streams
    var sizes: [Int] = []
    func add(_ size: Int) {
      guard left > 0 else { return }
      sizes.append(min(size, left))
      left -= min(size, left)
    }
    if let canary { add(canary) }
    for wave in waves {
      switch wave {
      case .count(let size): add(size)
      case .rest: add(left)
      }
    }
    add(left)
    return sizes.isEmpty ? [0] : sizes
  }
}
