/// A scheduler's work: one look at all schedules. Any number of schedulers may look at once, at any time.
package struct SchedulePass: Sendable {
  /// What it requires of a store.
  package typealias Store = EnqueueStore & MaintenanceStore & OperatorStore & QueryStore

  private let store: any Store
  private let book: ScheduleBook
  private let zone: @Sendable (String) throws -> TimeZoneRules
  private let horizon: Duration

  /// How far ahead of their times jobs are enqueued, by default.
  package static let standardHorizon = Duration.seconds(3600)
  /// How far the account of an event may lag behind before it is written even though nothing happened.
  private static let accountLag = Duration.seconds(600)
  private static let author = Operator("scheduler")

  /// Creates one.
  /// - Parameters:
  ///   - store: the store of the schedules.
  ///   - zone: returns the rules of a zone by its IANA name; read again each time, because they change.
  ///   - horizon: how far ahead of their times jobs are enqueued.
  package init(
    _ store: any Store, horizon: Duration = Self.standardHorizon,
    zone: @escaping @Sendable (String) throws -> TimeZoneRules
  ) {
    (self.store, self.horizon, self.zone) = (store, horizon, zone)
    book = ScheduleBook(store)
  }

  /// What a look did.
  package struct Report: Sendable {
    /// The occurrences whose states were recorded, as they are now.
    package var changed: [Occurrence] = []
    /// Schedules whose zone cannot be read, and why: nothing was planned for them.
    package var unreadable: [String: String] = [:]
  }

  /// Looks at every schedule once.
  package func run(at now: Timestamp) async throws -> Report {
    var report = Report()
    let schedules = try await book.schedules()
    for schedule in schedules {
      let rules: TimeZoneRules
      do {
        rules = try zone(schedule.zone)
      } catch {
        report.unreadable[schedule.name] = "\(error)"
        continue
      }
      for event in schedule.events { report.changed += try await plan(event, schedule, rules, at: now) }
    }
    report.changed += try await settle(schedules, at: now)
    return report
  }

  /// Runs an event now, regardless of its times.
  /// - Returns: the occurrence.
  package func trigger(_ event: ScheduledEvent, of schedule: Schedule, at now: Timestamp) async throws -> Occurrence {
    var unmoved = event
    unmoved.jitterSeconds = 0
    let moment = Timestamp(milliseconds: now.wholeSeconds * 1000)
    let occurrence = Occurrence(of: unmoved, in: schedule.name, planned: moment, decidedAt: now)
    guard try await enqueue(occurrence, event, schedule, at: now) else {
      throw JobStoreError(
        code: .recordExists, operation: "trigger", target: "schedule \(schedule.name)",
        cause: "it was run in this very second", hint: "look at its occurrences before running it again")
    }
    return occurrence
  }

  /// Skips one of an event's planned instants, whether its jobs are enqueued already or not.
  /// - Returns: the occurrence; nil if it has started or ended.
  package func skip(
    _ planned: Timestamp, _ event: ScheduledEvent, of schedule: Schedule, why: String, at now: Timestamp
  ) async throws -> Occurrence? {
    let new = Occurrence(of: event, in: schedule.name, planned: planned, decidedAt: now)
    let known = try await book.occurrence(new.key)
    let skipped = (known ?? new).ended(.skipped, why, at: now)
    guard let known else { return try await note(skipped, at: now) ? skipped : nil }
    guard known.state == .planned || known.isWithdrawn else { return nil }
    return try await withdraw(skipped, event, at: now) ? skipped : nil
  }

  private func plan(
    _ event: ScheduledEvent, _ schedule: Schedule, _ rules: TimeZoneRules, at now: Timestamp
  ) async throws -> [Occurrence] {
    let accounted = try await book.accounted(schedule.name, event.name)
    let start = OccurrencePlan.start(of: schedule, accounted: accounted, at: now)
    let known = try await book.occurrences(schedule.name, event.name, after: start)
    let plan = OccurrencePlan(
      of: event, in: schedule, rules, accounted: start,
      known: Dictionary(known.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first }), horizon: horizon, at: now)
    var changed: [Occurrence] = []
    for occurrence in plan.enqueued where try await enqueue(occurrence, event, schedule, at: now) {
      changed.append(occurrence)
    }
    for occurrence in plan.recorded where try await note(occurrence, at: now) { changed.append(occurrence) }
    for occurrence in plan.withdrawn where try await withdraw(occurrence, event, at: now) { changed.append(occurrence) }
    let isBehind = accounted.map { plan.accountedThrough - $0 > Self.accountLag } ?? true
    if isBehind || accounted.map({ $0 > now }) == true {
      try await store.record(
        [try ScheduleBook.account(schedule.name, event.name, through: plan.accountedThrough)], at: now)
    }
    return changed
  }

  /// Enqueues an occurrence's jobs, in one commit with the record of that.
  /// - Returns: whether this scheduler enqueued them.
  private func enqueue(
    _ occurrence: Occurrence, _ event: ScheduledEvent, _ schedule: Schedule, at now: Timestamp
  ) async throws -> Bool {
    let jobs = event.jobs.map { occurrence.job(by: $0, labels: schedule.labels) }
    let guarding = RecordWrite(Occurrence.guards, occurrence.guardKey, json: "{}", rule: .insertOnly)
    do {
      _ = try await store.enqueue(jobs, recording: [guarding, try occurrence.write()], at: now)
      return true
    } catch let error as JobStoreError where error.code == .recordExists {
      return false
    }
  }

  /// Writes down what became of an occurrence that was not planned, unless another scheduler came first.
  /// - Returns: whether it was this one.
  private func note(_ occurrence: Occurrence, at now: Timestamp) async throws -> Bool {
    var write = try occurrence.write()
    write.rule = .insertOnly
    // The guard as well: a scheduler that has not seen this yet must not enqueue the jobs after all.
    let guarding = RecordWrite(Occurrence.guards, occurrence.guardKey, json: "{}", rule: .insertOnly)
    do {
      try await store.record([guarding, write], at: now)
      return true
    } catch let error as JobStoreError where error.code == .recordExists {
      return false
    }
  }

  /// Cancels the jobs of an occurrence that is not to be any more. One that has begun goes on to its end, and so does
  /// what ends it.
  /// - Returns: whether it had not begun.
  private func withdraw(_ occurrence: Occurrence, _ event: ScheduledEvent, at now: Timestamp) async throws -> Bool {
    let jobs = try await book.jobs(of: occurrence)
    guard jobs.allSatisfy({ $0.token == 0 }) else { return false }
    // Written first: a worker that takes the job just now reads it before it starts.
    try await store.record([try occurrence.write()], at: now)
    let endings = Set(event.jobs.filter(\.isEnding).map(\.role))
    let starts = jobs.filter { !endings.contains($0.labels[OccurrenceLabel.role] ?? "") }
    let why = occurrence.reason ?? "withdrawn"
    let states = try await store.cancel(starts.map(\.id), why: why, by: Self.author, at: now)
    // The job that ends an occurrence stays as long as its start may have begun.
    guard states.values.allSatisfy({ $0 == .cancelled }) else { return true }
    let ends = jobs.filter { endings.contains($0.labels[OccurrenceLabel.role] ?? "") }
    if !ends.isEmpty { _ = try await store.cancel(ends.map(\.id), why: why, by: Self.author, at: now) }
    return true
  }

  /// Records what became of the occurrences whose jobs have ended.
  private func settle(_ schedules: [Schedule], at now: Timestamp) async throws -> [Occurrence] {
    var ended: [Occurrence] = []
    for occurrence in try await book.occurrences(in: .planned) where occurrence.planned - horizon <= now {
      guard let main = try await book.mainJob(of: occurrence) else { continue }
      let job = try await store.jobs(JobQuery(ids: [main])).first
      if let end = OccurrenceEnd.of(occurrence, job, at: now) {
        ended.append(end)
      } else if let job, let schedule = schedules.first(where: { $0.name == occurrence.schedule }),
        let event = schedule.event(occurrence.event), OccurrenceEnd.isOver(occurrence, job, event, at: now)
      {
        let missed = occurrence.ended(.missed, "no worker took it in time", at: now)
        if try await withdraw(missed, event, at: now) { ended.append(missed) }
      }
    }
    if !ended.isEmpty { try await store.record(ended.map { try $0.write() }, at: now) }
    return ended
  }
}
