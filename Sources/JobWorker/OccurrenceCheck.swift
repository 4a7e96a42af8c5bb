import JobQueue

/// A job ends before its handler has begun.
struct NotBegun: Error {
  /// Why, in a sentence.
  let why: String
  /// What is written down with its end.
  let records: [RecordWrite]
}

/// Asks, before a scheduled job is run, whether it may begin.
struct OccurrenceCheck: Sendable {
  private let store: any QueryStore
  private let book: ScheduleBook

  init(_ store: any QueryStore) {
    self.store = store
    book = ScheduleBook(store)
  }

  /// Lets a job begin whose turn it is.
  /// - Throws: ``NotBegun``, or a snooze.
  func pass(_ leased: LeasedJob, at now: Timestamp) async throws {
    switch try await turn(of: leased, at: now) {
    case .begin: return
    case .wait(let duration, let why): throw Verdict.snooze(for: duration, why: why)
    case .end(let occurrence):
      throw NotBegun(why: occurrence.reason ?? occurrence.state.rawValue, records: [try occurrence.write()])
    case .replaced: throw NotBegun(why: "its time was planned anew, with other jobs", records: [])
    }
  }

  /// The answer; ``OccurrenceTurn/begin`` for a job of no schedule, and for one that has asked for something already.
  func turn(of leased: LeasedJob, at now: Timestamp) async throws -> OccurrenceTurn {
    let job = leased.job
    guard let key = job.labels[OccurrenceLabel.occurrence], leased.journal?.effects.isEmpty ?? false,
      let occurrence = try await book.occurrence(key),
      let event = try await book.schedule(occurrence.schedule)?.event(occurrence.event),
      let template = event.jobs.first(where: { $0.role == job.labels[OccurrenceLabel.role] }), !template.isEnding
    else { return .begin }
    let later = try await book.occurrences(occurrence.schedule, occurrence.event, after: occurrence.planned)
    return OccurrenceTurn(
      of: occurrence, event, job, others: try await earlier(occurrence, event),
      isOvertaken: later.contains { $0.planned <= now && $0.state == .planned }, at: now)
  }

  /// The earlier occurrences of the event that have an unfinished job.
  private func earlier(_ occurrence: Occurrence, _ event: ScheduledEvent) async throws -> Set<String> {
    guard event.overlap != .allow else { return [] }
    let labels = [OccurrenceLabel.schedule: occurrence.schedule, OccurrenceLabel.event: occurrence.event]
    let jobs = try await store.allJobs(JobQuery(states: JobState.unfinished, labels: labels))
    // The keys of an event's occurrences are in the order of time.
    return Set(jobs.compactMap { $0.labels[OccurrenceLabel.occurrence] }.filter { $0 < occurrence.key })
  }
}
