/// What is to be done about a resource of a manifest.
package enum PlanAction: String, Sendable, Hashable, Codable, CaseIterable {
  /// It is not there, and will be made.
  case create
  /// It is there, and what differs will be written.
  case change
  /// It is there as asked, and will be noted as the manifest's.
  case adopt
  /// It is there as asked, and known.
  case none = "no-op"
  /// A job that is not finished sees to it already.
  case pending
  /// It is there otherwise, or something is in its way, and nothing will be changed.
  case refused
  /// Nobody could look.
  case unknown

  /// Whether a job will be enqueued for it.
  package var isToDo: Bool {
    switch self {
    case .create, .change, .adopt: true
    case .none, .pending, .refused, .unknown: false
    }
  }
}
