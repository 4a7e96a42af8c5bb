package import JobQueue
package import StreamingJobs

/// What is known of a resource beside what the manifest says: at its provider, in the inventory, in the queue.
package struct ResourceState: Sendable, Hashable {
  /// What came of looking at the provider; nil where nobody had to look.
  package var look: LookResult?
  /// What the manifest's inventory has of it.
  package var item: InventoryItem?
  /// The unfinished job that sees to it.
  package var job: PendingJob?

  /// Puts together what is known.
  package init(look: LookResult? = nil, item: InventoryItem? = nil, job: PendingJob? = nil) {
    self.look = look
    self.item = item
    self.job = job
  }

  /// How the provider stands to it, as far as somebody looked.
  package var standing: Standing? {
    if case .stands(let standing)? = look { standing } else { nil }
  }
}

/// A job that is not finished and holds the key of a resource.
package struct PendingJob: Sendable, Hashable {
  /// Its number.
  package var id: JobID
  /// Its state.
  package var state: JobState
  /// The parameters that are not those of the manifest, by their names.
  package var differs: [String]

  /// Describes a job.
  package init(id: JobID, state: JobState, differs: [String] = []) {
    self.id = id
    self.state = state
    self.differs = differs
  }
}
