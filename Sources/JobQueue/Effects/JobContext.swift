/// What a handler may ask of the engine while its job runs.
public struct JobContext: Sendable {
  /// The job as it was leased.
  public let job: Job
  /// The right to run it.
  public let lease: Lease
  /// The only source of time.
  public let clock: any QueueClock
  /// The store's identity: together with the job's number it names the job among all jobs of all stores.
  public let queueIdentity: String
  let store: any JournalStore
  private let faults: any FaultInjector
  let attemptNotes: AttemptNotes
  private let known: KnownJournal
  private let outputs: [ParentOutput]?

  /// Creates a context; used by workers and by tests of handlers.
  public init(
    job: LeasedJob, store: any JournalStore, clock: any QueueClock, attemptNotes: AttemptNotes = AttemptNotes(),
    faults: any FaultInjector = NoFaults()
  ) {
    self.job = job.job
    self.lease = job.lease
    self.store = store
    self.clock = clock
    self.queueIdentity = store.identity
    self.attemptNotes = attemptNotes
    self.faults = faults
    known = KnownJournal(job.journal)
    outputs = job.parentOutputs
  }

  /// A name for this job that no other job of any store has; put it where a provider lets us mark our work.
  public var mark: String { "\(queueIdentity)-\(job.id)" }

  /// Adds a line to the attempt's story. It is stored with the next durable write of the job.
  public func note(_ text: String) {
    attemptNotes.add(Note(at: clock.now(), text: text))
  }

  /// Says whether the other side of the job's gate answered just now; the newest word counts. That it did opens a gate
  /// whose probe this is: with the next durable write of the job, or at its end.
  public func reportReachable(_ anAnswer: Bool) {
    attemptNotes.hear(anAnswer: anAnswer)
  }

  /// Reports that a request to the other side of the job's gate was on its way, without an answer, when the attempt was
  /// asked to stop. If that was because its time was over, and it recorded no progress, it may be an outage, like a
  /// request that times out by itself: see ``Verdict/suspectOutage(_:_:)``.
  public func stoppedWhileAsking() {
    attemptNotes.noteAsking()
  }

  /// Has every text that the attempt leaves in the store pass a filter, from now to its end.
  public func filterTexts(by filter: TextFilter) {
    attemptNotes.use(filter)
  }

  /// The outputs of the jobs that this one waited for, by their kind, as JSON text.
  public func parentOutputs() async throws -> [ParentOutput] {
    if let outputs { return outputs }
    return try await store.parentOutputs(of: job.id)
  }

  /// The job whose recorded effect holds `claim`, when there is one.
  public func claimant(of claim: String) async throws -> JobID? {
    try await store.claimant(of: claim)
  }

  /// What another job wrote down, for one that has to know what became of that job's effects. Empty when that job is
  /// pruned.
  public func journal(of job: JobID) async throws -> Journal {
    try await store.journal(of: job)
  }

  /// Passes a fault point. What it throws is noted, whatever the handler makes of it.
  func reached(_ point: FaultPoint) async throws {
    do {
      try await faults.reached(point)
    } catch {
      attemptNotes.noteCut(error)
      throw error
    }
  }

  /// What the job wrote down so far, in this attempt and earlier ones.
  func journal() async throws -> Journal {
    try await known.value { try await store.journal(of: job.id) }
  }

  /// Asks for a unit of a budget; with `effect` a granted one is taken and the intent written down.
  func acquire(_ budget: BudgetDemand, for effect: String?) async throws -> BudgetAnswer {
    guard effect != nil else { return try await store.acquire(budget, for: nil, under: lease, at: clock.now()) }
    return try await known.changed { try await store.acquire(budget, for: effect, under: lease, at: clock.now()) }
  }

  /// Writes entries, together with the notes taken so far and the first answer, in one durable and fenced step.
  func write(_ entries: [JournalEntry]) async throws {
    try await writeDown(entries)
  }

  /// Makes durable what was noted so far, and that the other side answered. Asks nothing of the store when there is
  /// nothing new.
  func flush() async throws {
    try await writeDown([])
  }

  private func writeDown(_ entries: [JournalEntry]) async throws {
    let notes = attemptNotes.take()
    let tellsAnswer = job.gate != nil && attemptNotes.owesAnswer
    let all = attemptNotes.filtered(entries) + (tellsAnswer ? [.answer] : []) + (notes.isEmpty ? [] : [.notes(notes)])
    guard !all.isEmpty else { return }
    do {
      try await known.changed { try await store.write(all, under: lease, at: clock.now()) }
      if tellsAnswer { attemptNotes.answerIsTold() }
    } catch {
      attemptNotes.putBack(notes)
      throw error
    }
  }
}

/// The output of a completed parent.
public struct ParentOutput: Sendable, Hashable {
  /// The parent.
  public var job: JobID
  /// Its kind.
  public var kind: String
  /// Its output as JSON text.
  public var output: String

  /// Creates a parent's output; used by stores.
  public init(job: JobID, kind: String, output: String) {
    self.job = job
    self.kind = kind
    self.output = output
  }
}
