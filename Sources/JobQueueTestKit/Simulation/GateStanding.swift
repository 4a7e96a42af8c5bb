import JobQueue

/// The state that a gate must be in, according to what happened to it.
struct GateStanding {
  var state = Gate.State.open
  var until: Timestamp?
  /// How often in a row it was closed.
  var closures = 0
  /// The newest lease that was granted while it was half-open.
  var probe: Lease?
  /// The jobs that met what may be an outage since a job last got through, and when.
  var met: [JobID: Timestamp] = [:]
  /// Whether these closed it.
  var isClosedBySeries = false
  /// The newest probe that met it.
  var suspect: Lease?
  /// The last job to meet it, among those that are not to be the next probe.
  var lastProbe: JobID?
  /// The jobs that are not to be the next probe while any other job waits.
  var probes: Set<JobID> = []
  /// The jobs that met what closes it at once, since it was open.
  var turnedAway: [JobID] = []
  /// The kinds and keys of the jobs that met what keeps it closed.
  var kinds: Set<String> = []
  var keys: Set<String?> = []
  /// How many probes met it since its time was last over.
  var tries = 0
  /// The jobs that met it while others got through.
  var doubts: [JobID: Doubt] = [:]
  /// How many jobs may join these, and how many did since a job last got through.
  var mayJoin = 0
  var joined = 0

  /// A job that met the answer while others got through.
  struct Doubt: Hashable {
    var at: Timestamp
    var meetings = 0
    /// Whether its next failure counts.
    var counts = true
    /// The request at which it met it last, and how often in a row it was that one.
    var request: String?
    var inARow = 0
  }

  /// Whether this is the attempt that decides whether it opens.
  func isProbed(by lease: Lease) -> Bool { state == .halfOpen && probe == lease }

  mutating func close(until end: Timestamp?, closures: Int) {
    (state, self.until, self.closures, probe) = (.closed, end, closures, nil)
  }

  mutating func open() { self = GateStanding() }

  /// Whether others got through within the last hour where this job did not.
  func doubts(_ job: JobID, at now: Timestamp) -> Bool { doubts[job].map { now - $0.at <= .seconds(3600) } ?? false }

  /// A probe got through: only the jobs that closed the gate at once are affected.
  mutating func open(by job: JobID, hasResult: Bool, at now: Timestamp) {
    var next = GateStanding()
    for (known, doubt) in doubts where doubts(known, at: now) && !(known == job && hasResult) {
      next.doubts[known] = doubt
      if known != job { next.doubts[known]?.counts = true }
    }
    for other in turnedAway where other != job && next.doubts[other] == nil { next.doubts[other] = Doubt(at: now) }
    if !next.doubts.isEmpty {
      let wasFull = joined >= mayJoin || doubts.isEmpty
      next.mayJoin = mayJoin == 0 ? 16 : wasFull ? min(mayJoin * 4, 1024) : mayJoin
    }
    self = next
  }

  /// A job got through while it was open.
  mutating func pass(_ job: JobID, hasResult: Bool, at now: Timestamp) {
    met = [:]
    joined = 0
    for known in Array(doubts.keys) {
      if known == job && hasResult || !doubts(known, at: now) {
        doubts[known] = nil
      } else if known != job {
        doubts[known]?.counts = true
      }
    }
    if doubts.isEmpty { mayJoin = 0 }
  }

  /// How bad a probe a job is: the best one was never a probe, and requests something else than those that were.
  func rank(_ job: Job) -> Int {
    if job.id == lastProbe { return 5 }
    if probes.contains(job.id) { return 4 }
    if turnedAway.contains(job.id) || doubts[job.id] != nil { return 3 }
    if !kinds.contains(job.kind) { return 0 }
    return keys.contains(job.concurrencyKey) ? 2 : 1
  }

  mutating func rest(_ job: JobID) {
    if probes.contains(job) { probes = [] }
    probes.insert(job)
    lastProbe = job
  }
}

extension GateStanding {
  /// Adds the traits of a job that met what keeps the gate closed.
  mutating func note(_ job: Job?) {
    guard let job else { return }
    kinds.insert(job.kind)
    keys.insert(job.concurrencyKey)
  }
}

extension GateStanding.Doubt {
  init(_ shown: SelectiveAnswers.Doubt) {
    self.init(
      at: shown.at, meetings: shown.meetings, counts: shown.isOutlived, request: shown.request,
      inARow: shown.inARow ?? 0)
  }
}

extension GateStanding: CustomStringConvertible {
  /// Always in the same order, unlike a dictionary: a seed gives exactly the same trace.
  var description: String {
    let met = met.sorted { $0.key < $1.key }.map { "\($0.key) at \($0.value)" }.joined(separator: ", ")
    let doubts = doubts.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
    return "\(state) until \(until as Any) after \(closures) closures, probe \(probe as Any), met by [\(met)]"
      + (isClosedBySeries ? ", closed by a series" : "")
      + ", suspect \(suspect as Any), last probe \(lastProbe as Any), \(turnedAway) turned away, doubts [\(doubts)]"
  }
}
