package import JobQueue

/// A list of jobs for people.
package enum JobTable {
  package static func rendered(
    _ jobs: [Job], _ gates: [GateStatus], wide: Bool, times: TimeFormat, for terminal: Terminal
  ) -> String {
    var columns: [Table.Column] = [
      .init("ID", isNumber: true), .init("STATE"), .init("KIND", minimum: 12), .init("SUBJECT", minimum: 16),
      .init("TRIES", isNumber: true), .init("AGE", isNumber: true),
    ]
    if wide { columns += [.init("QUEUE"), .init("LABELS", minimum: 8)] }
    var table = Table(columns, note: "WHY")
    for job in jobs {
      var cells: [Table.Cell] = [
        .init("\(job.id)"), .init(job.state.rawValue, colour(job.state)), .init(job.kind), .init(subject(job)),
        .init("\(job.token)"), .init(TimeText.span(times.now - job.createdAt)),
      ]
      if wide { cells += [.init(job.queue), .init(labels(job))] }
      table.add(cells, note: .init(note(job, gates, times)))
    }
    return table.rendered(for: terminal)
  }

  static func labels(_ job: Job) -> String {
    job.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
  }

  /// What a job is about; its unique key describes it best.
  package static func subject(_ job: Job) -> String {
    guard let key = job.uniqueKey else { return "" }
    return key.firstIndex(of: ":").map { String(key[key.index(after: $0)...]) } ?? key
  }

  /// Why a job is in its state.
  package static func why(_ job: Job, _ gates: [GateStatus]) -> String {
    if job.state == .ready, let gate = gates.first(where: { $0.gate.key == job.gate })?.gate, gate.state != .open {
      return "behind gate \(gate.key), which is \(gate.state.rawValue): \(gate.reason)"
    }
    return switch job.state {
    case .completed: ""
    case .dead: job.lastFailure.map(FailureText.of) ?? ""
    case .blocked, .scheduled, .ready, .running, .held, .cancelled: job.waitReason ?? ""
    }
  }

  /// The same, preceded by the time of a scheduled job.
  private static func note(_ job: Job, _ gates: [GateStatus], _ times: TimeFormat) -> String {
    let why = why(job, gates)
    guard job.state == .scheduled else { return why }
    return "\(times.clock(job.runAt)) (\(times.relative(job.runAt)))" + (why.isEmpty ? "" : ": \(why)")
  }

  static func colour(_ state: JobState) -> Colour? {
    switch state {
    case .completed: .green
    case .dead: .red
    case .held, .blocked: .yellow
    case .running: .blue
    case .cancelled, .scheduled: .grey
    case .ready: nil
    }
  }
}
