/// What will be done about a resource of a manifest.
package enum PlanAction: String, Sendable, Hashable, Codable, CaseIterable {
  /// It does not exist and will be created.
  case create
  /// It exists, and what differs will be written.
  case change
  /// It exists as requested, and will be added to the manifest's inventory.
  case adopt
  /// It exists as requested, and is in the inventory.
  case none = "no-op"
  /// It already has an unfinished job.
  case pending
  /// It differs, or something is in its way, and nothing will be changed.
  case refused
  /// It could not be checked.
  case unknown

  /// Whether a job will be enqueued for it.
  package var isToDo: Bool {
    switch self {
    case .create, .change, .adopt: true
    case .none, .pending, .refused, .unknown: false
    }
  }
}
