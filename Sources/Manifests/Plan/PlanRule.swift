import JobQueue
import StreamingJobs

/// What follows for a resource from what is known of it; pure.
enum PlanRule {
  /// Whether somebody must look at the provider: not where a job sees to it already, nor for what only happens later.
  static func needsLook(_ job: NewJob, pending: PendingJob?, at now: Timestamp) -> Bool {
    pending == nil && !(job.runAt.map { $0 > now } ?? false)
  }

  /// What is to be done.
  /// - Returns: the action, and a sentence where the action alone does not say why.
  static func decision(_ resource: Expansion.Resource, _ state: ResourceState) -> (action: PlanAction, why: String?) {
    if let job = state.job { return (.pending, words(job)) }
    switch state.look {
    case .failed(let failure)?: return (.unknown, failure.reason)
    case nil, .stands(nil)?:
      // Nobody can look, or it is only to happen at a later moment.
      return state.item == nil ? (.create, nil) : (.none, nil)
    case .stands(let standing?)?: return decision(resource, standing, isOurs: state.item != nil)
    }
  }

  private static func decision(
    _ resource: Expansion.Resource, _ standing: Standing, isOurs: Bool
  ) -> (action: PlanAction, why: String?) {
    switch standing {
    case .missing: return (.create, isOurs ? "it was there, and somebody removed it" : nil)
    case .asAsked(_, let unread):
      // What is only switched is nobody's.
      let action: PlanAction = isOurs || !resource.role.leavesResource ? .none : .adopt
      return (action, unread.isEmpty ? nil : "not told by the provider: \(unread.joined(separator: ", "))")
    case .changes:
      return (.change, isOurs || !resource.role.leavesResource ? nil : "this manifest did not make it")
    case .refuses: return (.refused, "it is there and differs")
    case .blocked(let why): return (.refused, why)
    }
  }

  private static func words(_ job: PendingJob) -> String {
    let other = job.differs.isEmpty ? "" : ", with another \(job.differs.joined(separator: ", "))"
    return "job \(job.id) is \(job.state.rawValue)\(other)"
  }
}
