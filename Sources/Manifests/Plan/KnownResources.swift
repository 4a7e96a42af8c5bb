package import JobQueue
package import StreamingJobs

/// What a queue knows about the resources of a manifest: their unfinished jobs, and the manifest's inventory.
package struct KnownResources: Sendable {
  /// The unfinished jobs, by the resource's index.
  package var pending: [Int: PendingJob] = [:]
  /// The inventory, by the resource's index.
  package var items: [Int: InventoryItem] = [:]

  /// Nothing, because there is no queue yet.
  package init() {}

  /// Reads a queue without changing it.
  /// - Parameters:
  ///   - resources: what should exist.
  ///   - manifest: the manifest's name.
  ///   - store: the queue.
  package init(of resources: [Expansion.Resource], manifest: String, in store: any QueryStore) async throws {
    var indices: [String: Int] = [:]
    for (index, resource) in resources.enumerated() { indices[resource.job.uniqueKey ?? ""] = index }
    try await readJobs(resources, indices, store)
    for (resource, item) in try await store.inventory(of: manifest) {
      if let index = indices[resource] { items[index] = item }
    }
  }

  private mutating func readJobs(
    _ resources: [Expansion.Resource], _ indices: [String: Int], _ store: any QueryStore
  ) async throws {
    let kinds = Set(resources.map(\.job.kind)).sorted()
    for job in try await store.allJobs(JobQuery(states: JobState.unfinished, kinds: kinds)) where job.holdsUniqueKey {
      guard let key = job.uniqueKey, let index = indices[key] else { continue }
      pending[index] = PendingJob(
        id: job.id, state: job.state, differs: JobDifference.names(job, otherThan: resources[index].job))
    }
  }
}
