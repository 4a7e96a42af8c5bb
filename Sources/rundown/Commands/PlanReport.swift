import JobQueue
import Manifests
import Presentation
import StreamingJobs

/// What `rundown plan` prints.
struct PlanReport {
  let plan: Plan
  let expansion: Expansion
  let forecast: PlanForecast
  let budgets: [BudgetStatus]
  let times: TimeFormat

  /// The plan for people: what will be done about each resource that is not as requested, then the counts and the cost.
  func print() throws {
    let table = PlanTable(plan: plan, streams: expansion.streams.count, forecast: forecast, times: times)
    try Output.painted(table.rendered(for: .output))
    for budget in own(budgets) {
      Output.sentence(BudgetTable.sentence(budget, times) + "; this plan uses none of it")
    }
    if let places = plan.places(in: expansion) { tellWaves(places) }
    ApplyReport.tellLater(expansion)
  }

  private func tellWaves(_ places: WavePlaces) {
    guard let words = ApplyTable.waves(places.sizes, failedPercent: places.failedPercent) else { return }
    Output.sentence(words)
    let others = expansion.streams.count - places.sizes.reduce(0, +)
    guard others > 0 else { return }
    let them = "\(ApplyTable.plural(others, "stream")) that \(others == 1 ? "needs" : "need") nothing"
    Output.sentence("these are the waves of a saved plan (--out); those of the file include \(them)")
  }

  /// The budgets of the accounts that the manifest uses.
  private func own(_ budgets: [BudgetStatus]) -> [BudgetStatus] {
    let gates = Set(plan.entries.compactMap(\.resource.job.gate))
    return budgets.filter { gates.contains($0.key.account) }
  }
}

// MARK: JSON

extension PlanReport {
  private struct View: Encodable {
    struct Resource: Encodable {
      var action: String
      var kind: String
      var name: String
      var stream: String?
      var connection: String?
      var key: String?
      var runAt: String?
      var differences: [FieldDifference]
      var why: String?
      var job: Int64?
      var wave: Int?
    }
    struct Connection: Encodable {
      var connection: String
      var asked: Int
      var toCome: Int
      var requestsPerSecond: Int?
      var seconds: Double?
    }
    var manifest: String
    var streams: Int
    var changes: Bool
    var counts: [String: Int]
    var resources: [Resource]
    var connections: [Connection]
    var budgets: [BudgetView]
    var seconds: Double?
    var lastMoment: String?
    var later: [String: Int]
    /// Streams of each wave.
    var waves: [Int]?
  }

  /// The plan for programs: every resource, including those that are as requested.
  func printJSON() throws {
    let places = plan.places(in: expansion)
    var waves = (places?.waves ?? [])[...]
    let resources = plan.entries.map { entry in
      View.Resource(
        action: entry.action.rawValue, kind: entry.resource.job.kind, name: entry.resource.name,
        stream: entry.resource.engine == nil ? nil : entry.resource.stream, connection: entry.resource.job.gate,
        key: entry.resource.job.uniqueKey, runAt: entry.resource.job.runAt.map(TimeText.exact),
        differences: entry.differences, why: entry.why, job: entry.state.job?.id.rawValue,
        wave: entry.action.isToDo ? waves.popFirst().map { $0 + 1 } : nil)
    }
    let connections = forecast.connections.map {
      View.Connection(
        connection: $0.gate, asked: $0.asked, toCome: $0.toCome, requestsPerSecond: $0.requestsPerSecond,
        seconds: $0.span.map(Self.seconds))
    }
    let counts = PlanAction.allCases.map { ($0.rawValue, plan.counts[$0] ?? 0) }
    try JSONOutput.print(
      "plan",
      View(
        manifest: plan.manifest, streams: expansion.streams.count, changes: plan.hasChanges,
        counts: Dictionary(counts, uniquingKeysWith: { first, _ in first }), resources: resources,
        connections: connections, budgets: own(budgets).map { BudgetView($0) },
        seconds: plan.hasChanges ? forecast.span.map(Self.seconds) : nil,
        lastMoment: forecast.lastMoment.map(TimeText.exact), later: ExpansionCounts(expansion).later,
        waves: places?.sizes))
  }

  private static func seconds(_ span: Duration) -> Double { Double(span.wholeMilliseconds) / 1000 }
}
