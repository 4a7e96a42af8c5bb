import JobQueue

extension Oracle {
  /// The jobs with an attempt that started or ended by the verb after which the store shows them.
  func withNewAttempts(_ shown: [Job]) -> [JobID] {
    shown.filter { new in
      guard let old = jobs[new.id] else { return false }
      return old.token != new.token || (old.state == .running) != (new.state == .running)
    }.map(\.id)
  }

  /// A job and its attempts change together: an attempt that started exists and is open, one that ended is closed as
  /// reported, and earlier ones are unchanged.
  mutating func checkAttempts(_ shown: [Attempt], from old: Job, to new: Job, _ verb: Verb) throws {
    let name = name(new.id)
    let numbers = shown.map(\.number)
    try promise(
      numbers == Array(1..<(new.token + 1)), "\(name) was leased \(new.token) times, its attempts are \(numbers)")
    let before = attempts[new.id] ?? []
    let open = before.last.flatMap { $0.endedAt == nil ? $0 : nil }
    let closed = before.dropLast(open == nil ? 0 : 1)
    try promise(Array(shown.prefix(closed.count)) == Array(closed), "an attempt of \(name) changed after its end")
    for attempt in shown.dropFirst(closed.count) {
      let isOpen = new.state == .running && attempt.number == new.token
      try promise(
        isOpen == (attempt.endedAt == nil) && isOpen == (attempt.outcome == nil),
        "\(name) is \(new.state), and its attempt \(attempt.number) ended as \(attempt.outcome as Any)")
      guard !isOpen, open?.number == attempt.number else { continue }
      let expected = ending(of: old, as: new, by: verb)
      try promise(
        attempt.outcome == expected && attempt.worker == open?.worker && attempt.startedAt == open?.startedAt,
        "attempt \(attempt.number) of \(name) ended as \(attempt.outcome as Any) instead of \(expected as Any)")
    }
    attempts[new.id] = shown
  }

  /// The attempts at the end of a run are those that were shown before.
  func checkAttempts(atRest shown: [Attempt], of id: JobID) throws {
    try promise(shown == attempts[id] ?? [], "the attempts of \(name(id)) changed by themselves")
  }

  /// How a running job's attempt was ended by a verb.
  private func ending(of old: Job, as new: Job, by verb: Verb) -> AttemptOutcome? {
    switch verb {
    case .complete(let ends, _):
      let end = ends.first { $0.recorded == new.id }
      // A job that would run again is cancelled if an operator asked it to stop.
      if old.cancelRequested, new.state == .cancelled { return .cancelled }
      return end.map { uncounted.contains($0.completion.lease) ? .snoozed : $0.completion.outcome.word }
    case .reap, .hold: return .lost
    default: return nil
    }
  }
}
