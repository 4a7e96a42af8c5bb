package import JobQueue
package import StreamingJobs

/// What a queue knows of the resources of a manifest: the unfinished jobs that see to them, and its inventory.
package struct KnownResources: Sendable {
  /// The unfinished jobs, by the resource's index.
  package var pending: [Int: PendingJob] = [:]
  /// The inventory, by the resource's index.
  package var items: [Int: InventoryItem] = [:]

  /// Nothing: there is no queue yet.
  package init() {}

  /// Asks a queue. It changes nothing there.
  /// - Parameters:
  ///   - resources: what should exist.
  ///   - manifest: the manifest's name.
  ///   - store: the queue.
  package init(of resources: [Expansion.Resource], manifest: String, in store: any QueryStore) async throws {
    var indices: [String: Int] = [:]
    for (index, resource) in resources.enumerated() { indices[resource.job.uniqueKey ?? ""] = index }
    try await readJobs(resources, indices, store)
    try await readItems(resources, manifest, store)
  }

  private mutating func readJobs(
    _ resources: [Expansion.Resource], _ indices: [String: Int], _ store: any QueryStore
  ) async throws {
    let kinds = Set(resources.map(\.job.kind)).sorted()
    var query = JobQuery(states: JobState.unfinished, kinds: kinds, limit: Self.page)
    while true {
      let page = try await store.jobs(query)
      for job in page where job.holdsUniqueKey {
        guard let key = job.uniqueKey, let index = indices[key] else { continue }
        pending[index] = PendingJob(
          id: job.id, state: job.state, differs: JobDifference.names(job, otherThan: resources[index].job))
      }
      guard page.count == query.limit, let last = page.last else { return }
      query.before = last.id
    }
  }

  private mutating func readItems(
    _ resources: [Expansion.Resource], _ manifest: String, _ store: any QueryStore
  ) async throws {
    var indices: [String: Int] = [:]
    for (index, resource) in resources.enumerated() {
      guard let key = resource.job.uniqueKey else { continue }
      indices[InventoryItem.key(manifest: manifest, resource: key)] = index
    }
    var query = RecordQuery(
      InventoryItem.collection, labels: [ManifestLabel.manifest: manifest], limit: Self.page)
    while true {
      let page = try await store.records(query)
      for record in page {
        guard let index = indices[record.key] else { continue }
        items[index] = try? JSONText.decode(InventoryItem.self, from: record.value)
      }
      guard page.count == query.limit, let last = page.last else { return }
      query.after = last.key
    }
  }

  private static let page = 5000
}
