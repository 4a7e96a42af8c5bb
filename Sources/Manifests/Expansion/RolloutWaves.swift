package import JobQueue
package import StreamingJobs

/// The jobs of resources in the order in which they are enqueued: all at once, or wave by wave as a rollout says, with
/// a `check-wave` job behind every wave but the last, which the jobs of the next one wait for.
package struct RolloutWaves: Sendable {
  /// All jobs, parents before their children.
  package private(set) var jobs: [NewJob] = []
  /// Of each resource, the index of its job.
  package private(set) var indices: [Int]
  /// How many streams each wave has.
  package let sizes: [Int]
  /// How many streams of a hundred may fail in a wave; more stop the rollout.
  package let failedPercent: Int

  /// Puts the jobs of an expansion in order.
  /// - Parameters:
  ///   - expansion: what is to exist.
  ///   - rollout: how it is brought in; nil for all at once.
  ///   - kinds: the kinds of jobs that there are.
  package init(_ expansion: Expansion, _ rollout: Rollout?, kinds: JobKinds = .streaming) throws {
    try self.init(
      expansion.resources, of: expansion.name, streams: expansion.streams.count, rollout.map { expansion.places($0) },
      kinds: kinds)
  }

  /// Puts the jobs of resources in order.
  /// - Parameters:
  ///   - resources: what is to be done; parents are indices of it, and stand before their children.
  ///   - manifest: the manifest's name.
  ///   - streams: how many streams there are.
  ///   - places: the wave of each; nil for all at once.
  ///   - kinds: the kinds of jobs that there are.
  package init(
    _ resources: [Expansion.Resource], of manifest: String, streams: Int, _ places: WavePlaces?,
    kinds: JobKinds = .streaming
  ) throws {
    sizes = places?.sizes ?? [streams]
    failedPercent = places?.failedPercent ?? 0
    indices = Array(repeating: 0, count: resources.count)
    guard let places else {
      jobs = resources.map(\.job)
      indices = Array(resources.indices)
      return
    }
    var check: Int?
    for wave in sizes.indices {
      for index in resources.indices where places.waves[index] == wave {
        add(resources[index], index, wave, behind: check, places.blackouts)
      }
      guard wave + 1 < sizes.count else { break }
      check = try add(check: wave, manifest, places, kinds, behind: check)
    }
  }

  private mutating func add(
    _ resource: Expansion.Resource, _ index: Int, _ wave: Int, behind check: Int?, _ blackouts: [Blackout]
  ) {
    var job = resource.job
    job.parents = job.parents.map { parent in
      guard case .batch(let parent) = parent else { return parent }
      return .batch(indices[parent])
    }
    // A planned start or stop is the show itself: it belongs to no wave, does not wait for the end of a blackout, and
    // follows its map entry.
    if resource.role.leavesResource {
      if let check { job.parents.append(.batch(check)) }
      if sizes.count > 1 { job.labels[ManifestLabel.wave] = "\(wave + 1)" }
      if !blackouts.isEmpty { job.labels[Blackout.label] = Blackout.text(of: blackouts) }
    }
    indices[index] = jobs.count
    jobs.append(job)
  }

  private mutating func add(
    check wave: Int, _ manifest: String, _ places: WavePlaces, _ kinds: JobKinds, behind former: Int?
  ) throws -> Int? {
    guard let kind = kinds.kind(for: .waveCheck) else { return nil }
    let parameters = try kind.make(
      .object([
        "manifest": .string(manifest), "wave": .int(Int64(wave + 1)), "waves": .int(Int64(places.sizes.count)),
        "failedPercent": .int(Int64(places.failedPercent)),
      ]))
    jobs.append(
      try parameters.newJob(EnqueueOptions(parents: former.map { [.batch($0)] } ?? [], labels: places.labels)))
    return jobs.count - 1
  }
}
