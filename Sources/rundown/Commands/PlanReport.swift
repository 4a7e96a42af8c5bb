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
    let terminal = Terminal.output
    let streams = ApplyReport.plural(expansion.streams.count, "stream")
    var blocks = ["\(plan.manifest): \(streams), \(ApplyReport.plural(plan.entries.count, "resource"))"]
    let shown = plan.entries.filter { $0.action != .none }
    if !shown.isEmpty { blocks.append(entries(shown, terminal)) }
    if !forecast.connections.isEmpty { blocks.append(connections(terminal)) }
    blocks.append(terminal.paragraph(summary))
    try Output.painted(blocks.joined(separator: "\n\n"))
    for budget in own(budgets) {
      Output.sentence(BudgetTable.sentence(budget, times) + "; this plan uses none of it")
    }
    if let places = plan.places(in: expansion) {
      ApplyReport.tellWaves(places.sizes, failedPercent: places.failedPercent)
      let others = expansion.streams.count - places.sizes.reduce(0, +)
      if places.sizes.count > 1, others > 0 {
        let them = "\(ApplyReport.plural(others, "stream")) that \(others == 1 ? "needs" : "need") nothing"
        Output.sentence("these are the waves of a saved plan (--out); those of the file include \(them)")
      }
    }
    ApplyReport.tellLater(expansion)
  }

  // MARK: Resources

  private func entries(_ entries: [Plan.Entry], _ terminal: Terminal) -> String {
    var table = Table([.init("ACTION"), .init("WHAT"), .init("NAME", minimum: 16), .init("WHERE", minimum: 12)])
    for entry in entries {
      table.add([
        .init(entry.action.rawValue, Self.colour(entry.action)), .init(entry.resource.role.words),
        .init(entry.resource.name), .init(place(entry.resource)),
      ])
    }
    // One line each, so that the fields stand below their resource.
    let lines = table.rendered(for: terminal).split(separator: "\n", omittingEmptySubsequences: false)
    var all = lines.prefix(1).map { String($0) }
    for (entry, line) in zip(entries, lines.dropFirst()) {
      all.append(String(line))
      all += details(entry, terminal)
    }
    return all.joined(separator: "\n")
  }

  private func details(_ entry: Plan.Entry, _ terminal: Terminal) -> [String] {
    var sentences = entry.differences.map { Self.words($0) }
    // Why something is unknown is reported once for its connection.
    if let why = entry.why, entry.action != .unknown { sentences.append(why) }
    return sentences.map { terminal.paragraph("    \($0)") }
  }

  /// `streamName: 'cam-1' → 'cam-01'`.
  private static func words(_ difference: FieldDifference) -> String {
    guard let wanted = difference.wanted else { return "\(difference.field): differs (a secret)" }
    return "\(difference.field): \(difference.found.map { "'\($0)'" } ?? "not set") → '\(wanted)'"
  }

  private static func colour(_ action: PlanAction) -> Colour? {
    switch action {
    case .create: .green
    case .change, .adopt: .yellow
    case .refused, .unknown: .red
    case .none, .pending: nil
    }
  }

  /// `engine fra1/live`, or the planned time.
  private func place(_ resource: Expansion.Resource) -> String {
    if let moment = resource.job.runAt { return times.absolute(moment) }
    guard let gate = resource.job.gate else { return "" }
    guard let key = resource.job.concurrencyKey, key.hasPrefix("\(gate)/") else { return ProviderGate.words(gate) }
    return ProviderGate.words(gate) + key.dropFirst(gate.count)
  }

  // MARK: Costs

  private func connections(_ terminal: Terminal) -> String {
    var table = Table([
      .init("CONNECTION", minimum: 16), .init("ASKED", isNumber: true), .init("TO COME", isNumber: true), .init("PACE"),
      .init("TIME"),
    ])
    for connection in forecast.connections {
      let pace: String = connection.requestsPerSecond.map { "\($0)/s" } ?? "no limit"
      let time: String = connection.span.map { "about \(Self.span($0))" } ?? "not known"
      table.add([
        .init(ProviderGate.words(connection.gate)), .init("\(connection.asked)"), .init("\(connection.toCome)"),
        .init(pace), .init(connection.toCome == 0 ? "" : time),
      ])
    }
    return table.rendered(for: terminal)
  }

  private static func span(_ span: Duration) -> String { TimeText.span(max(span, .seconds(1))) }

  private var summary: String {
    let counts = plan.counts
    func number(_ action: PlanAction) -> Int { counts[action] ?? 0 }
    let words: [(action: PlanAction, word: String)] = [
      (.none, "unchanged"), (.pending, "under way"), (.refused, "refused"), (.unknown, "unknown"),
    ]
    let rest = words.filter { number($0.action) > 0 }.map { "\(number($0.action)) \($0.word)" }
    guard plan.hasChanges else {
      let isKnown = number(.refused) + number(.unknown) == 0
      if plan.differentJobs > 0, isKnown {
        return "nothing is enqueued, but \(plan.differentJobs) of the jobs under way differ: " + rest.joined(separator: ", ")
      }
      return (isKnown ? "nothing to change: " : "nothing can be done: ") + rest.joined(separator: ", ")
    }
    let toDo = "\(number(.create)) to create, \(number(.change)) to change, \(number(.adopt)) to adopt"
    let all: [String] = [toDo] + rest
    return all.joined(separator: ", ") + finish
  }

  /// When it will be done.
  private var finish: String {
    let work: String = forecast.span.map { "; about \(Self.span($0)) once a worker runs" } ?? ""
    let last: String = forecast.lastMoment.map { "; the last job starts at \(times.absolute($0))" } ?? ""
    return work + last
  }

  /// The budgets of the accounts that the manifest uses.
  private func own(_ budgets: [BudgetStatus]) -> [BudgetStatus] {
    let gates = Set(plan.entries.compactMap(\.resource.job.gate))
    return budgets.filter { gates.contains($0.key.account) }
  }
}

extension ResourceRole {
  /// The words for a screen.
  fileprivate var words: String {
    switch self {
    case .bucket: "bucket"
    case .cdnTarget: "CDN target"
    case .mapEntry: "map entry"
    case .enableMapEntry: "enable"
    case .disableMapEntry: "disable"
    case .waveCheck: "wave"
    }
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
