import JobQueue

extension World {
  private static let slots = 4

  /// One worker does one thing: takes on jobs, or brings one of its jobs a little further.
  func work() async throws {
    let awake = workers.filter { $0.stalledUntil <= clock.passed }
    guard !awake.isEmpty else { return }
    let worker = pick(awake)
    if worker.runs.isEmpty || (worker.runs.count < Self.slots && random.chance(1, in: 3)) {
      try await lease(worker)
    } else {
      let run = pick(worker.runs)
      for _ in 0...random.below(4) { try await advance(run, of: worker) }
    }
  }

  func lease(_ worker: Worker) async throws {
    let request = request(of: worker)
    let told = try await call { try await $0.lease(request, at: clock.now()) }
    guard let leased = told.answer else { return }
    // Of leases that nobody was told the jobs come back when they run out.
    if told.isKnown { takeOn(leased, worker) }
    try await check(after: .lease(Ledger.Grant(request: request, leased: leased)))
  }

  private func request(of worker: Worker) -> LeaseRequest {
    let limits = queues.map { LeaseRequest.QueueLimit(queue: $0, count: 1 + random.below(2)) }
    return LeaseRequest(owner: worker.id, limits: limits, concurrency: concurrency)
  }

  private func takeOn(_ leased: [LeasedJob], _ worker: Worker) {
    tell("\(worker.id) leases \(leased.map { "\(ledger.name($0.job.id))/\($0.lease.token)" })")
    summary.attempts += leased.count
    worker.runs += leased.map { Run($0) }
  }

  /// Brings a run from where it stands to the next place.
  func advance(_ run: Run, of worker: Worker) async throws {
    guard worker.runs.contains(where: { $0 === run }) else { return }
    switch run.phase {
    case .leased:
      let event = await run.strand.start(handler(of: run))
      try await account(for: run)
      try take(event, run, worker)
    case .standing(let place):
      let order: Strand.Order = run.cancelRequested ? .cancel : .goOn(answer(to: run))
      noteRequest(order, at: place, run)
      await run.strand.lose(!isCalm && random.chance(1, in: 25) ? loss() : nil)
      let event = await run.strand.resume(order)
      try await account(for: run)
      try take(event, run, worker)
      if place == Strand.sending { try await checkThings(of: run.leased.job.id) }
    case .ended: try await complete(worker, run)
    }
  }

  func heartbeat() async throws {
    let awake = workers.filter { $0.stalledUntil <= clock.passed && !$0.runs.isEmpty }
    guard !awake.isEmpty else { return }
    let worker = pick(awake)
    let leases = worker.runs.map(\.leased.lease)
    let told = try await call { try await $0.extend(leases, by: .seconds(30), at: clock.now()) }
    guard let statuses = told.answer else { return }
    tell("\(worker.id) extends \(leases.map { "\(ledger.name($0.job))/\($0.token)" })")
    for run in told.isKnown ? worker.runs : [] {
      let lease = run.leased.lease
      let status = statuses[lease]
      if ledger.isCurrent(lease) {
        let asked = ledger.jobs[lease.job]?.cancelRequested ?? false
        try promise(status == .held(cancelRequested: asked), "\(ledger.name(lease.job)) is said to be \(status as Any)")
        run.cancelRequested = asked
      } else {
        try promise(status == .lost, "a zombie was told that it holds \(ledger.name(lease.job))")
        summary.refusals += 1
        await drop(run, of: worker)
      }
    }
    try await check(after: .extend(worker.id))
  }

  /// The process dies with all it held in its hands; another one takes its place.
  func crash(_ worker: Worker) async throws {
    tell("\(worker.id) dies with \(worker.runs.map { ledger.name($0.leased.job.id) })")
    summary.crashes += 1
    for run in worker.runs { await drop(run, of: worker) }
    // On the same host it is noticed that the process is gone, on another one only that its leases run out.
    if random.chance(1, in: 2) { gone.append(worker.id) }
    worker.incarnation += 1
    worker.id = WorkerID("\(worker.id.rawValue.prefix { $0 != "." }).\(worker.incarnation)")
    worker.stalledUntil = .zero
  }

  private func drop(_ run: Run, of worker: Worker) async {
    if case .standing = run.phase { _ = await run.strand.resume(.crash) }
    worker.runs.removeAll { $0 === run }
  }
}

// MARK: Ends

extension World {
  /// Records the end of a run, often together with others of the same worker.
  private func complete(_ worker: Worker, _ run: Run) async throws {
    var runs = [run]
    if random.chance(2, in: 3) { runs += worker.runs.filter { $0 !== run && $0.outcome != nil } }
    var completions = runs.compactMap { run in
      run.outcome.map {
        Completion(lease: run.leased.lease, outcome: $0, isAnswered: run.notebook.hasAnswer)
      }
    }
    // Nobody should, and it must not matter.
    if random.chance(1, in: 12) { completions.append(pick(completions)) }
    let request = random.chance(1, in: 2) ? request(of: worker) : nil
    let told = try await record(completions, then: request, of: worker, lost: 8)
    // Who is not told sends all again, and is refused where it was recorded. Of the jobs that came along nobody knows.
    if !told.isKnown { _ = try await record(completions, then: nil, of: worker, lost: 0) }
    worker.runs.removeAll { run in runs.contains { $0 === run } }
    if told.isKnown, let leased = told.answer { takeOn(leased, worker) }
  }

  /// - Returns: the jobs that were leased in the same call.
  private func record(
    _ completions: [Completion], then request: LeaseRequest?, of worker: Worker, lost odds: Int
  ) async throws -> Told<[LeasedJob]> {
    var current = Set(completions.map(\.lease).filter { ledger.isCurrent($0) })
    let told: Told<(receipts: [CompletionReceipt], leased: [LeasedJob])>
    if let request {
      told = try await call(lost: odds) { try await $0.complete(completions, thenLease: request, at: clock.now()) }
    } else {
      let ended = try await call(lost: odds) { try await $0.complete(completions, at: clock.now()) }
      told = Told(answer: ended.answer.map { (receipts: $0, leased: []) }, isKnown: ended.isKnown)
    }
    guard let (receipts, leased) = told.answer else { return Told(answer: nil, isKnown: false) }
    summary.relays += leased.count
    try promise(receipts.count == completions.count, "\(receipts.count) receipts for \(completions.count) completions")
    let ends = zip(completions, receipts).map { Ledger.End(completion: $0, receipt: $1) }
    for end in ends {
      let lease = end.completion.lease
      tell(
        "\(worker.id) ends \(ledger.name(lease.job))/\(lease.token) as \(end.completion.outcome.word): \(end.receipt)")
      // Of two ends of one lease in one call the first counts.
      try promise(
        (end.recorded != nil) == (current.remove(lease) != nil),
        "\(ledger.name(lease.job))/\(lease.token): the completion's receipt is \(end.receipt)")
      if end.recorded == nil { summary.refusals += 1 }
    }
    try await check(after: .complete(ends, then: request.map { Ledger.Grant(request: $0, leased: leased) }))
    for end in ends {
      guard case .recorded(let state) = end.receipt else { continue }
      let job = end.completion.lease.job
      let isLeasedAgain = leased.contains { $0.job.id == job }
      try promise(
        ledger.jobs[job]?.state == (isLeasedAgain ? .running : state),
        "\(ledger.name(job)) is not \(state) as its worker was told")
    }
    return Told(answer: leased, isKnown: told.isKnown)
  }
}
