/// What a handler may use of the engine while its job runs.
public struct JobContext: Sendable {
  /// The job as it was leased.
  public let job: Job
  /// The right to run it.
  public let lease: Lease
  /// The only source of time.
  public let clock: any QueueClock
  /// The store's identity: together with the job's number it identifies the job among all jobs of all stores.
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

  /// A name for this job that no other job of any store has; put it where a provider lets us mark what we create.
  public var mark: String { "\(queueIdentity)-\(job.id)" }

  /// Adds a line to the attempt's notes. It is stored with the next durable write of the job.
  public func note(_ text: String) {
    attemptNotes.add(Note(at: clock.now(), text: text))
  }

  /// Reports whether the other side of the job's gate answered just now; the latest report counts. An answer opens a
  /// gate whose probe this job is: with the job's next durable write, or at its end.
  public func reportReachable(_ anAnswer: Bool) {
    attemptNotes.hear(anAnswer: anAnswer)
  }

  /// Reports that a request to the other side of the job's gate was on its way, without an answer, when the attempt was
  /// asked to stop. If that was because its time was over, and it recorded no progress, it may be an outage, like a
  /// request that times out by itself: see ``Verdict/suspectOutage(_:_:)``.
  public func stoppedWhileAsking() {
    attemptNotes.noteAsking()
  }

  /// Filters every text that the attempt leaves in the store, from now to its end.
  public func filterTexts(by filter: TextFilter) {
    attemptNotes.use(filter)
  }

  /// The outputs of this job's parents, by kind, as JSON text.
  public func parentOutputs() async throws -> [ParentOutput] {
    if let outputs { return outputs }
    return try await store.parentOutputs(of: job.id)
  }

  /// The job whose recorded effect holds `claim`, if there is one.
  public func claimant(of claim: String) async throws -> JobID? {
    try await store.claimant(of: claim)
  }

  /// What another job recorded, for a job that has to know what became of that job's effects. Empty if that job was
  /// pruned.
  public func journal(of job: JobID) async throws -> Journal {
    try await store.journal(of: job)
  }

  /// Passes a fault point. What it throws is noted, whatever the handler does with it.
  func reached(_ point: FaultPoint) async throws {
    do {
      try await faults.reached(point)
    } catch {
      attemptNotes.noteCut(error)
      throw error
    }
  }

  /// What the job recorded so far, in this attempt and earlier ones.
  func journal() async throws -> Journal {
    try await known.value { try await store.journal(of: job.id) }
  }

  /// Requests a unit of a budget; if `effect` is given, a granted unit is taken and the intent is recorded.
  func acquire(_ budget: BudgetDemand, for effect: String?) async throws -> BudgetAnswer {
    guard effect != nil else { return try await store.acquire(budget, for: nil, under: lease, at: clock.now()) }
    return try await known.changed { try await store.acquire(budget, for: effect, under: lease, at: clock.now()) }
  }

  /// Writes entries, together with the notes so far and the first answer, in one durable and fenced step.
  func write(_ entries: [JournalEntry]) async throws {
    try await writeDown(entries)
  }

  /// Makes durable the notes so far, and that the other side answered. Does not use the store if there is nothing new.
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
