package import JobQueue

/// Jobs as a person reads them in a list.
package enum JobTable {
  package static func rendered(
    _ jobs: [Job], _ gates: [GateStatus], wide: Bool, now: Timestamp, for terminal: Terminal
  ) -> String {
    var columns: [Table.Column] = [
      .init("ID", isNumber: true), .init("STATE"), .init("KIND"), .init("SUBJECT", minimum: 16),
      .init("TRIES", isNumber: true), .init("AGE", isNumber: true),
    ]
    if wide { columns += [.init("QUEUE"), .init("RUNS"), .init("LABELS", minimum: 8)] }
    columns.append(.init("WHY", minimum: 12))
    var table = Table(columns)
    for job in jobs {
      var cells: [Table.Cell] = [
        .init("\(job.id)"), .init(job.state.rawValue, colour(job.state)), .init(job.kind), .init(subject(job)),
        .init("\(job.token)"), .init(Moments.span(now - job.createdAt)),
      ]
      if wide {
        cells += [
          .init(job.queue), .init(job.state == .scheduled ? Moments.relative(job.runAt, to: now) : ""),
          .init(job.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")),
        ]
      }
      cells.append(.init(why(job, gates)))
      table.add(cells)
    }
    return table.rendered(for: terminal)
  }

  /// What a job is about: its unique key says it best.
  package static func subject(_ job: Job) -> String {
    guard let key = job.uniqueKey else { return "" }
    return key.firstIndex(of: ":").map { String(key[key.index(after: $0)...]) } ?? key
  }

  /// Why a job is where it is.
  package static func why(_ job: Job, _ gates: [GateStatus]) -> String {
    if job.state == .ready, let gate = gates.first(where: { $0.gate.key == job.gate })?.gate, gate.state != .open {
      return "behind gate \(gate.key), which is \(gate.state.rawValue): \(gate.reason)"
    }
    return switch job.state {
    case .completed: ""
    case .dead: job.lastFailure.map { "\($0.code): \($0.message)" } ?? ""
    case .blocked, .scheduled, .ready, .running, .held, .cancelled: job.waitReason ?? ""
    }
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
