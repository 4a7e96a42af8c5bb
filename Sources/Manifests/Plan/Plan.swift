package import JobQueue
package import StreamingJobs

/// What an apply would do about each resource of a manifest, and why.
package struct Plan: Sendable {
  /// One resource and what will be done about it.
  package struct Entry: Sendable {
    /// What should exist.
    package var resource: Expansion.Resource
    /// What is known about it.
    package var state: ResourceState
    /// What will be done.
    package var action: PlanAction
    /// Why, if the action alone does not say so.
    package var why: String?

    /// The fields that differ.
    package var differences: [FieldDifference] {
      switch state.standing {
      case .changes(let differences)?, .refuses(let differences)?: differences
      case .missing?, .asAsked?, .blocked?, nil: []
      }
    }
  }

  /// The manifest's name.
  package var manifest: String
  /// Its resources in their order: parents before their children.
  package private(set) var entries: [Entry]

  /// Decides about each resource.
  /// - Parameters:
  ///   - manifest: the manifest's name.
  ///   - resources: what should exist, parents before their children.
  ///   - states: what is known about each, in the same order.
  package init(manifest: String, _ resources: [Expansion.Resource], states: [ResourceState]) {
    self.manifest = manifest
    entries = zip(resources, states).map { resource, state in
      let decision = PlanRule.decision(resource, state)
      return Entry(resource: resource, state: state, action: decision.action, why: decision.why)
    }
  }

  /// A plan whose decisions were made before.
  init(manifest: String, entries: [Entry]) {
    self.manifest = manifest
    self.entries = entries
  }

  /// Which resources must be looked up at their providers, by index.
  /// - Parameters:
  ///   - resources: what should exist.
  ///   - pending: their unfinished jobs, by index.
  ///   - now: what happens later than this need not be looked up.
  package static func toLookFor(
    _ resources: [Expansion.Resource], pending: [Int: PendingJob], at now: Timestamp
  ) -> [Int: NewJob] {
    var jobs: [Int: NewJob] = [:]
    for (index, resource) in resources.enumerated()
    where PlanRule.needsLook(resource.job, pending: pending[index], at: now) {
      jobs[index] = resource.job
    }
    return jobs
  }

  /// How many resources each action has, without actions that have none.
  package var counts: [PlanAction: Int] { entries.reduce(into: [:]) { $0[$1.action, default: 0] += 1 } }

  /// Whether an apply would enqueue anything.
  package var hasChanges: Bool { entries.contains { $0.action.isToDo } }

  /// How many unfinished jobs are not as the manifest asks by now. An apply leaves them as they are.
  package var differentJobs: Int { entries.count { $0.action == .pending && $0.state.job?.differs.isEmpty == false } }

  /// Why resources could not be checked, each reason once with the number of resources that are unknown because of it.
  /// Of a connection that cannot be reached at all, only the first error is kept.
  package var failures: [(failure: LookFailure, resources: Int)] {
    var order: [String] = []
    var found: [String: (failure: LookFailure, resources: Int)] = [:]
    for entry in entries {
      guard case .failed(let failure)? = entry.state.look, entry.action == .unknown else { continue }
      let key = "\(failure.gate ?? "") \(failure.isOfConnection ? "" : failure.reason)"
      if found[key] == nil { order.append(key) }
      found[key, default: (failure, 0)].resources += 1
    }
    return order.compactMap { found[$0] }
  }
}

extension Plan {
  /// The jobs to enqueue. A child waits for its parents among them, and for unfinished jobs; nothing waits for what
  /// already exists.
  package var jobs: [NewJob] {
    var places: [Int: NewJob.Parent] = [:]
    var jobs: [NewJob] = []
    for (index, entry) in entries.enumerated() {
      if let pending = entry.state.job { places[index] = .job(pending.id) }
      guard entry.action.isToDo else { continue }
      places[index] = .batch(jobs.count)
      var job = entry.resource.job
      job.parents = job.parents.compactMap { parent in
        guard case .batch(let at) = parent else { return parent }
        return places[at]
      }
      jobs.append(job)
    }
    return jobs
  }
}
