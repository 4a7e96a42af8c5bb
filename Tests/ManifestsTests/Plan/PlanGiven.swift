import JobQueue
import Manifests
import StreamingJobs

/// What may be known of a resource.
enum PlanGiven {
  static func job(_ number: Int64) -> PendingJob { PendingJob(id: JobID(rawValue: number), state: .ready) }

  static func failure(_ reason: String, isOfConnection: Bool = false) -> LookFailure {
    LookFailure(gate: "engine:fra1", cause: .temporary, reason: reason, isOfConnection: isOfConnection)
  }

  /// Numbers by chance that are the same in every run.
  struct Random: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }

  /// Anything that may be known of a resource.
  static func state(
    of resource: Expansion.Resource, _ random: inout Random, item: (Expansion.Resource) throws -> InventoryItem
  ) rethrows -> ResourceState {
    let difference = FieldDifference(field: "profile", found: "one", wanted: "two")
    let looks: [LookResult?] = [
      nil, .stands(.missing), .stands(.asAsked(id: "t1", unread: ["secret"])), .stands(.changes([difference])),
      .stands(.missing), .stands(.asAsked(id: nil, unread: [])),
    ]
    // Seldom, so that many plans are whole.
    let failed: [LookResult] = [.failed(failure("down")), .stands(.refuses([difference])), .stands(.blocked("why"))]
    var state = ResourceState(look: looks.randomElement(using: &random) ?? nil)
    if Int.random(in: 0..<30, using: &random) == 0 { state.look = failed.randomElement(using: &random) }
    if Bool.random(using: &random) { state.item = try item(resource) }
    if Int.random(in: 0..<5, using: &random) == 0 {
      state.look = nil
      state.job = job(Int64.random(in: 1...50, using: &random))
    }
    return state
  }
}
