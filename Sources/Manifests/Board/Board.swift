package import JobQueue
package import StreamingJobs

/// The progress of a manifest's streams: the state of the bucket, map entry and CDN target of each, from their newest
/// jobs or, where those were pruned, from the inventory.
package struct Board: Sendable {
  /// The standing of a resource or a stream.
  package enum Standing: String, Sendable, CaseIterable, Encodable {
    /// An operator must act: the job is dead or held, or waits for one that is.
    case failed
    /// Its job is running.
    case running
    /// Its job waits: for its turn, a gate, a quota, a planned time, or another job.
    case waiting
    /// It has no job, and is not in the inventory.
    case absent
    /// It is as requested, as far as the newest job knows.
    case done
  }

  /// Something that should exist.
  package struct Cell: Sendable {
    /// Its standing.
    package var standing: Standing
    /// Its newest job; nil if there is none any more.
    package var job: Job?
    /// When it was last verified to be as requested; nil if it is not in the inventory.
    package var verifiedAt: Timestamp?
  }

  /// What should exist, and in which order.
  package let expansion: Expansion
  /// The standing of each resource of ``expansion``.
  package let cells: [Cell]
  /// The standing of each stream of ``expansion``: that of its resource that is furthest behind. What happens at a
  /// planned time does not count.
  package let streams: [Standing]
  /// The check that the rollout waits for; nil if there is none.
  package let rollout: Job?

  /// Puts together what is known.
  /// - Parameters:
  ///   - expansion: what the manifest expands to.
  ///   - jobs: the manifest's jobs, and those of other manifests for the same resources, newest first.
  ///   - stuck: those of them that are blocked until an operator acts.
  ///   - inventory: what the manifest owns, by the resource's key.
  ///   - kinds: the available job kinds.
  package init(
    _ expansion: Expansion, jobs: [Job], stuck: Set<JobID>, inventory: [String: InventoryItem],
    kinds: JobKinds = .streaming
  ) {
    let newest = Dictionary(
      jobs.compactMap { job in job.uniqueKey.map { ($0, job) } }, uniquingKeysWith: { first, _ in first })
    cells = expansion.resources.map { resource in
      let key = resource.job.uniqueKey ?? ""
      return Self.cell(newest[key], stuck, inventory[key])
    }
    streams = expansion.streams.map { [cells] stream in
      stream.resources.filter { expansion.resources[$0].role.leavesResource }.map { cells[$0].standing }
        .min { Self.urgency($0) < Self.urgency($1) } ?? .absent
    }
    self.expansion = expansion
    let check = kinds.kind(for: .waveCheck)?.kind
    rollout = newest.values.filter { $0.kind == check && !$0.isOver }.min { $0.id < $1.id }
  }

  private static func cell(_ job: Job?, _ stuck: Set<JobID>, _ item: InventoryItem?) -> Cell {
    let standing: Standing
    switch job?.state {
    case .completed: standing = .done
    case .dead, .held: standing = .failed
    case .running: standing = .running
    case .blocked: standing = job.map { stuck.contains($0.id) } == true ? .failed : .waiting
    case .ready, .scheduled: standing = .waiting
    case .cancelled, nil: standing = item == nil ? .absent : .done
    }
    return Cell(standing: standing, job: job, verifiedAt: item?.verifiedAt)
  }

  /// What is to be looked at first.
  private static func urgency(_ standing: Standing) -> Int { Standing.allCases.firstIndex(of: standing) ?? 0 }

  /// How many streams have this standing.
  package func count(_ standing: Standing) -> Int { streams.count { $0 == standing } }

  /// How many resources of a role have this standing.
  package func count(_ standing: Standing, _ role: ResourceRole) -> Int {
    cells.indices.count { cells[$0].standing == standing && expansion.resources[$0].role == role }
  }

  /// Whether jobs are still to come that need no operator.
  package var isOpen: Bool { count(.running) + count(.waiting) > 0 }

  /// The streams in the order in which they are shown, by their indices.
  package var order: [Int] {
    streams.indices.sorted { (Self.urgency(streams[$0]), $0) < (Self.urgency(streams[$1]), $1) }
  }

  /// The jobs that need an operator, without those that wait for them.
  package var failedJobs: [Job] {
    let jobs = cells.compactMap(\.job) + (rollout.map { [$0] } ?? [])
    return Dictionary(jobs.filter { $0.state == .dead || $0.state == .held }.map { ($0.id, $0) }) { first, _ in first }
      .values.sorted { $0.id > $1.id }
  }

  /// How long it will take at the pace of the last minutes; nil if that is unknown.
  package func left(at now: Timestamp) -> Duration? {
    let own = cells.indices.filter { expansion.resources[$0].role.leavesResource }.map { cells[$0] }
    let open = own.count { $0.standing == .running || $0.standing == .waiting }
    let recent = own.compactMap { $0.standing == .done ? $0.job?.finishedAt : nil }
      .filter { now - $0 <= .seconds(300) && $0 <= now }.sorted()
    guard open > 0, recent.count >= 5, let first = recent.first, now > first else { return nil }
    return .milliseconds((now - first).wholeMilliseconds * Int64(open) / Int64(recent.count))
  }
}

extension Job {
  /// Whether nothing more will change.
  fileprivate var isOver: Bool { state == .completed || state == .cancelled }
}
