package import JobQueue
package import StreamingJobs

/// A batch, and the states of its jobs.
package struct BatchStanding: Sendable {
  package let batch: Batch
  /// Its jobs by state, without those that were pruned.
  package let states: [JobState: Int]

  package init(_ batch: Batch, states: [JobState: Int]) {
    self.batch = batch
    self.states = states
  }

  /// `3 completed, 1 dead`.
  var words: String {
    let words = JobState.allCases.compactMap { state in states[state].map { "\($0) \(state.rawValue)" } }
    return words.isEmpty ? "none" : words.joined(separator: ", ")
  }
}

/// Batches for a person.
package enum BatchTable {
  /// The list of batches.
  package static func rendered(_ batches: [BatchStanding], times: TimeFormat, for terminal: Terminal) -> String {
    var table = Table(
      [
        .init("BATCH"), .init("AT"), .init("WHO", minimum: 10), .init("FROM", minimum: 12),
        .init("ASKED", isNumber: true),
      ], note: "JOBS")
    for each in batches {
      let batch = each.batch
      table.add(
        [
          .init(batch.name), .init(times.absolute(batch.at)), .init(batch.who), .init("\(batch.verb) \(batch.source)"),
          .init("\(batch.asked)"),
        ], note: .init(each.words))
    }
    return table.rendered(for: terminal)
  }

  /// The jobs of one batch, by kind and state.
  package static func kinds(_ jobs: [Job], for terminal: Terminal) -> String {
    let states = JobState.allCases.filter { state in jobs.contains { $0.state == state } }
    var table = Table([.init("KIND", minimum: 12)] + states.map { .init($0.rawValue.uppercased(), isNumber: true) })
    for (kind, own) in Dictionary(grouping: jobs, by: \.kind).sorted(by: { $0.key < $1.key }) {
      table.add(
        [.init(kind)] + states.map { state in .init("\(own.filter { $0.state == state }.count)") })
    }
    return table.rendered(for: terminal)
  }
}

/// A batch as `--json` shows it.
package struct BatchView: Encodable {
  var name: String
  var verb: String
  var source: String
  var who: String
  var at: String
  var asked: Int
  var states: [String: Int]

  package init(_ standing: BatchStanding) {
    let batch = standing.batch
    (name, verb, source, who, asked) = (batch.name, batch.verb, batch.source, batch.who, batch.asked)
    at = TimeText.exact(batch.at)
    states = Dictionary(standing.states.map { ($0.key.rawValue, $0.value) }, uniquingKeysWith: +)
  }
}
