package import JobQueue
package import StreamingJobs

/// What is known about a resource besides the manifest: from its provider, the inventory and the queue.
package struct ResourceState: Sendable, Hashable {
  /// The result of looking it up at the provider; nil if that was not necessary.
  package var look: LookResult?
  /// Its entry in the manifest's inventory.
  package var item: InventoryItem?
  /// Its unfinished job.
  package var job: PendingJob?

  /// Puts together what is known.
  package init(look: LookResult? = nil, item: InventoryItem? = nil, job: PendingJob? = nil) {
    self.look = look
    self.item = item
    self.job = job
  }

  /// Its standing at the provider, if it was looked up.
  package var standing: Standing? {
    if case .stands(let standing)? = look { standing } else { nil }
  }
}

/// An unfinished job that holds the key of a resource.
package struct PendingJob: Sendable, Hashable {
  /// Its number.
  package var id: JobID
  /// Its state.
  package var state: JobState
  /// The names of the parameters that differ from those in the manifest.
  package var differs: [String]

  /// Describes a job.
  package init(id: JobID, state: JobState, differs: [String] = []) {
    self.id = id
    self.state = state
    self.differs = differs
  }
}
