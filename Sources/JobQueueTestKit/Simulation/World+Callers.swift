import JobQueue

// MARK: Those who enqueue

extension World {
  func enqueue() async throws {
    guard oracle.present.count < 12 else { return }
    var specs: [Spec] = []
    for index in 0...random.below(3) { specs.append(newJob(at: index)) }
    let records = recordsOfEnqueue()
    let jobs = specs.map(\.job)
    if recordRandom.chance(1, in: 4) { try await enqueueInVain(jobs, [known]) }
    guard try await !enqueue(specs, records, lost: 10) else { return }
    // A caller that gets no answer asks again: a record shows whether the enqueue was done. Without a record, a job
    // with a unique key exists once, and one without is inserted again.
    try await enqueueInVain(jobs, records)
    _ = try await enqueue(specs, [], lost: 0)
  }

  /// - Returns: whether the caller knows the outcome.
  private func enqueue(_ specs: [Spec], _ records: [RecordWrite], lost odds: Int) async throws -> Bool {
    let told = try await call(lost: odds) {
      try await $0.enqueue(specs.map(\.job), recording: records, at: clock.now())
    }
    guard let receipts = told.answer else { return false }
    oracle.note(records, by: receipts.first?.id, at: clock.now())
    try promise(receipts.count == specs.count, "\(receipts.count) receipts for \(specs.count) jobs")
    for (spec, receipt) in zip(specs, receipts) { try admit(spec, receipt, of: receipts) }
    try await check(after: .enqueue)
    return told.isKnown
  }

  /// A job to be enqueued, and what it does.
  private struct Spec {
    let job: NewJob
    var effects: Int
    let spends: Bool
    var refusal: World.Refusal?
  }

  private func newJob(at index: Int) -> Spec {
    var job = NewJob(kind: "work", queue: pick(queues), priority: random.below(3), maxAttempts: 1 + random.below(4))
    if random.chance(1, in: 3) { job.uniqueKey = "s\(seed)-key-\(random.below(3))" }
    // Only in few runs, because a job that holds its key for good stays in the store that the next run uses.
    if seed.isMultiple(of: 16), job.uniqueKey != nil, recordRandom.chance(1, in: 4) { job.uniqueness = .permanent }
    if random.chance(1, in: 5) { job.runAt = clock.now() + .seconds(random.below(60)) }
    if index > 0, random.chance(1, in: 3) { job.parents.append(.batch(random.below(index))) }
    if let parent = anyJob(), random.chance(1, in: 4) { job.parents.append(.job(parent)) }
    if random.chance(2, in: 5) { job.gate = pick(gates) }
    if random.chance(1, in: 4) { job.concurrencyKey = pick(concurrencyKeys) }
    var spec = Spec(job: job, effects: random.below(3), spends: random.chance(1, in: 3))
    // No request of such a job gets through.
    if job.gate != nil, random.chance(1, in: 8) {
      (spec.effects, spec.refusal) = (0, World.Refusal(left: 5, closesAtOnce: random.chance(1, in: 2)))
    }
    return spec
  }

  private func admit(_ spec: Spec, _ receipt: EnqueueReceipt, of batch: [EnqueueReceipt]) throws {
    let job = spec.job
    let holder = job.uniqueKey.flatMap { oracle.holder(of: $0) }
    if receipt.alreadyPresent {
      log("enqueue: \(oracle.name(receipt.id)) is already present for \(job.uniqueKey ?? "no key")")
      let isOfBatch = batch.contains { $0.id == receipt.id && !$0.alreadyPresent }
      return try promise(
        holder == receipt.id || isOfBatch, "\(oracle.name(receipt.id)) is said to hold \(job.uniqueKey ?? "no key")")
    }
    if let holder {
      throw InvariantViolation(what: "a second job was taken in while \(oracle.name(holder)) holds its unique key")
    }
    let parents = job.parents.map { parent in
      switch parent {
      case .job(let id): id
      case .batch(let index): batch[index].id
      }
    }
    summary.jobs += 1
    let name = "j\(summary.jobs)"
    let mustWait = parents.contains { oracle.jobs[$0]?.state != .completed }
    let predecessor = oracle.ending(of: job.uniqueKey)
    if predecessor != nil { summary.successors += 1 }
    let isLater = (job.runAt ?? clock.now()) > clock.now()
    let expected: JobState = mustWait || predecessor != nil ? .blocked : isLater ? .scheduled : .ready
    try promise(receipt.state == expected, "\(name) was taken in as \(receipt.state) instead of \(expected)")
    try oracle.admit(
      receipt.id,
      Oracle.Entry(
        name: name, job: job, parents: parents, effects: spec.effects, spends: spec.spends,
        predecessor: predecessor))
    refused[receipt.id] = spec.refusal
    log(
      "enqueue: \(name) \(expected), key \(job.uniqueKey ?? "none"), parents \(parents.map { oracle.name($0) }), "
        + "behind \(job.gate ?? "no gate"), one of \(job.concurrencyKey ?? "none")")
  }

  private func anyJob() -> JobID? {
    oracle.present.isEmpty ? nil : pick(oracle.present)
  }
}

// MARK: A person

extension World {
  func cancel() async throws {
    guard let job = anyJob() else { return }
    if try await !cancel(job, lost: 10) { _ = try await cancel(job, lost: 0) }
  }

  private func cancel(_ job: JobID, lost odds: Int) async throws -> Bool {
    let wasFinished = oracle.jobs[job]?.state.isFinished ?? true
    let why = "reason \(random.below(1000))"
    let told = try await call(lost: odds) { try await $0.cancel([job], why: why, at: clock.now()) }
    guard let states = told.answer else { return false }
    log("a person cancels \(oracle.name(job)): \(states[job].map { "\($0)" } ?? "unknown")")
    try await check(after: .cancel(job))
    try promise(states[job] == oracle.jobs[job]?.state, "\(oracle.name(job)) is not as cancel said")
    try promise(
      wasFinished || oracle.jobs[job]?.waitReason == why, "\(oracle.name(job)) does not say why it was cancelled")
    return told.isKnown
  }

  /// Uses its own random numbers, so that the rest of a run is unchanged until a job is discarded.
  func discard() async throws {
    let stopped = oracle.present.filter { [.dead, .held].contains(oracle.jobs[$0]?.state) }
    guard let job = stopped.isEmpty ? nil : stopped[recordRandom.below(stopped.count)] else { return }
    let told = try await call(lost: 0) { try await $0.discard([job], why: "nobody needs it", at: clock.now()) }
    guard let states = told.answer else { return }
    log("a person discards \(oracle.name(job)): \(states[job].map { "\($0)" } ?? "unknown")")
    summary.discarded += 1
    try await check(after: .discard(job))
    try promise(states[job] == .cancelled, "\(oracle.name(job)) is not as discard said")
  }

  func retry() async throws {
    guard let job = anyJob() else { return }
    if try await !retry(job, lost: 10) { _ = try await retry(job, lost: 0) }
  }

  /// As after a restore, except that workers continue meanwhile.
  func holdUnfinished() async throws {
    let told = try await call(lost: 10) { try await $0.holdUnfinished(why: "look first", at: clock.now()) }
    guard told.answer != nil else { return }
    log("a person holds all that is unfinished")
    oracle.fillUnseen(at: clock.now())
    try await check(after: .hold)
  }

  private func retry(_ job: JobID, lost odds: Int) async throws -> Bool {
    let told: Told<[JobID: JobState]>
    do {
      told = try await call(lost: odds) { try await $0.retry([job], at: clock.now()) }
      guard let states = told.answer else { return false }
      log("a person retries \(oracle.name(job)): \(states[job].map { "\($0)" } ?? "unknown")")
    } catch let error as JobStoreError where error.code == .uniqueConflict {
      log("a person may not retry \(oracle.name(job))")
      let holder = oracle.entries[job]?.uniqueKey.flatMap { oracle.holder(of: $0) }
      try promise(holder != nil && holder != job, "\(oracle.name(job)) may not be retried though nobody holds its key")
      try await check(after: .refused)
      return true
    }
    try await check(after: .retry(job))
    return told.isKnown
  }
}

// MARK: The pruner

extension World {
  /// Not done by a worker: workers keep jobs for longer than a run lasts.
  func prune() async throws {
    let moment = clock.now() - .seconds(random.below(120))
    guard let count = try await call({ try await $0.prune(finishedBefore: moment, limit: 1000) }).answer else { return }
    log("pruned \(count)")
    try await check(after: .prune(before: moment))
  }
}
