import JobQueue
package import Manifests
import StreamingJobs

/// A plan for people: what will be done about each resource that is not as requested, then the cost and the counts.
package struct PlanTable {
  private let plan: Plan
  private let streams: Int
  private let forecast: PlanForecast
  private let times: TimeFormat

  /// - Parameter streams: how many streams the manifest has.
  package init(plan: Plan, streams: Int, forecast: PlanForecast, times: TimeFormat) {
    (self.plan, self.streams, self.forecast, self.times) = (plan, streams, forecast, times)
  }

  package func rendered(for terminal: Terminal) -> String {
    let resources = ApplyTable.plural(plan.entries.count, "resource")
    var blocks = [terminal.paragraph("\(plan.manifest): \(ApplyTable.plural(streams, "stream")), \(resources)")]
    let shown = plan.entries.filter { $0.action != .none }
    if !shown.isEmpty { blocks.append(entries(shown, terminal)) }
    if !forecast.connections.isEmpty { blocks.append(connections(terminal)) }
    blocks.append(terminal.paragraph(summary))
    return blocks.joined(separator: "\n\n")
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
        return "nothing is enqueued, but \(plan.differentJobs) of the jobs under way differ: "
          + rest.joined(separator: ", ")
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
