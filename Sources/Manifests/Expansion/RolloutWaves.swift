package import JobQueue
package import StreamingJobs

/// The jobs of an expansion in the order in which they are enqueued: all at once, or wave by wave as its rollout says, with
/// a `check-wave` job behind every wave but the last, which the jobs of the next one wait for.
package struct RolloutWaves: Sendable {
  /// All jobs, parents before their children.
  package private(set) var jobs: [NewJob] = []
  /// Of each resource of the expansion, the index of its job.
  package private(set) var indices: [Int]
  /// How many streams each wave has.
  package private(set) var sizes: [Int]

  /// Puts jobs in order.
  /// - Parameters:
  ///   - expansion: what is to exist.
  ///   - rollout: how it is brought in; nil for all at once.
  ///   - kinds: the kinds of jobs that there are.
  package init(_ expansion: Expansion, _ rollout: Rollout?, kinds: JobKinds = .streaming) throws {
    let streams = expansion.streams.count
    sizes = rollout?.sizes(of: streams) ?? [streams]
    indices = Array(repeating: 0, count: expansion.resources.count)
    let waves = Self.waves(of: expansion, sizes)
    var check: Int?
    for wave in sizes.indices {
      for index in expansion.resources.indices where waves[index] == wave {
        add(expansion.resources[index], index, wave, behind: check, rollout?.blackouts ?? [])
      }
      guard let rollout, wave + 1 < sizes.count else { break }
      check = try add(check: wave, of: sizes.count, expansion, rollout, kinds, behind: check)
    }
  }

  /// Of each resource the first wave that needs it: what several streams share comes with the first of them.
  private static func waves(of expansion: Expansion, _ sizes: [Int]) -> [Int] {
    var waves = Array(repeating: sizes.count - 1, count: expansion.resources.count)
    var streams = expansion.streams[...]
    for (wave, size) in sizes.enumerated() {
      for resource in streams.prefix(size).flatMap(\.resources) { waves[resource] = min(waves[resource], wave) }
      streams = streams.dropFirst(size)
    }
    return waves
  }

  private mutating func add(
    _ resource: Expansion.Resource, _ index: Int, _ wave: Int, behind check: Int?, _ blackouts: [Blackout]
  ) {
    var job = resource.job
    job.parents = job.parents.map { parent in
      guard case .batch(let parent) = parent else { return parent }
      return .batch(indices[parent])
    }
    // What happens at a planned moment is the show itself: it neither belongs to a wave nor waits for a blackout's end,
    // and comes behind its map entry as it is.
    if resource.role.leavesResource {
      if let check { job.parents.append(.batch(check)) }
      if sizes.count > 1 { job.labels[ManifestLabel.wave] = "\(wave + 1)" }
      if !blackouts.isEmpty { job.labels[Blackout.label] = Blackout.text(of: blackouts) }
    }
    indices[index] = jobs.count
    jobs.append(job)
  }

  private mutating func add(
    check wave: Int, of waves: Int, _ expansion: Expansion, _ rollout: Rollout, _ kinds: JobKinds,
    behind former: Int?
  ) throws -> Int? {
    guard let kind = kinds.kind(for: .waveCheck) else { return nil }
    let parameters = try kind.make(
      .object([
        "manifest": .string(expansion.name), "wave": .int(Int64(wave + 1)), "waves": .int(Int64(waves)),
        "failedPercent": .int(Int64(rollout.failedPercent)),
      ]))
    // The first resource is a bucket, which is shared: its labels are those of the manifest.
    let labels = expansion.resources.first?.job.labels ?? [:]
    jobs.append(
      try parameters.newJob(EnqueueOptions(parents: former.map { [.batch($0)] } ?? [], labels: labels)))
    return jobs.count - 1
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
