import JobQueue
import StreamingJobs

/// Decides what to do about a resource from what is known about it; pure.
enum PlanRule {
  /// Whether the resource must be looked up at its provider: not if it already has a job, nor if it is only needed
  /// later.
  static func needsLook(_ job: NewJob, pending: PendingJob?, at now: Timestamp) -> Bool {
    pending == nil && !(job.runAt.map { $0 > now } ?? false)
  }

  /// What will be done.
  /// - Returns: the action, and the reason if the action alone does not say why.
  static func decision(_ resource: Expansion.Resource, _ state: ResourceState) -> (action: PlanAction, why: String?) {
    if let job = state.job { return (.pending, words(job)) }
    switch state.look {
    case .failed(let failure)?: return (.unknown, failure.reason)
    case nil, .stands(nil)?:
      // It cannot be checked, or only happens at a later time.
      return state.item == nil ? (.create, nil) : (.none, nil)
    case .stands(let standing?)?: return decision(resource, standing, isOurs: state.item != nil)
    }
  }

  private static func decision(
    _ resource: Expansion.Resource, _ standing: Standing, isOurs: Bool
  ) -> (action: PlanAction, why: String?) {
    switch standing {
    case .missing: return (.create, isOurs ? "it existed, but someone removed it" : nil)
    case .asAsked(_, let unread):
      // What is only switched has no owner.
      let action: PlanAction = isOurs || !resource.role.leavesResource ? .none : .adopt
      return (action, unread.isEmpty ? nil : "the provider does not report: \(unread.joined(separator: ", "))")
    case .changes:
      return (.change, isOurs || !resource.role.leavesResource ? nil : "this manifest did not create it")
    case .refuses: return (.refused, "it exists and differs")
    case .blocked(let why): return (.refused, why)
    }
  }

  private static func words(_ job: PendingJob) -> String {
    let state = "job \(job.id) is \(job.state.rawValue)"
    guard !job.differs.isEmpty else { return state }
    return "\(state), with another \(job.differs.joined(separator: ", ")); to change it: rundown jobs cancel \(job.id),"
      + " then apply again"
  }
}
