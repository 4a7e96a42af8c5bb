import JobQueue

/// How a gate must stand, by what happened to it.
struct GateStanding {
  var state = Gate.State.open
  var until: Timestamp?
  /// How often in a row it was closed.
  var closures = 0
  /// The newest lease that was given while it was half-open.
  var probe: Lease?
  /// Who met what may be an outage since somebody got through, and when.
  var met: [JobID: Timestamp] = [:]
  /// Whether that closed it.
  var isClosedBySeries = false
  /// The newest probe that met it.
  var suspect: Lease?
  /// Who met it last, of those that are not to be the next probe.
  var lastProbe: JobID?
  /// Who is not to be the next probe while any other waits.
  var probes: Set<JobID> = []
  /// Who met what closes it at once, since it was open.
  var turnedAway: [JobID] = []
  /// The kinds and keys of those who met what keeps it closed.
  var kinds: Set<String> = []
  var keys: Set<String?> = []
  /// How many probes met it at this time of asking.
  var tries = 0
  /// Past whom others got.
  var doubts: [JobID: Doubt] = [:]
  /// How many may join those, and how many did since somebody got through.
  var mayJoin = 0
  var joined = 0

  /// A job past whom others got.
  struct Doubt: Hashable {
    var at: Timestamp
    var meetings = 0
    /// Whether its next failure counts.
    var counts = true
    /// What it asked for when it met it last, and how often in a row it was that.
    var request: String?
    var inARow = 0
  }

  /// Whether this is the attempt on which its opening hangs.
  func isProbed(by lease: Lease) -> Bool { state == .halfOpen && probe == lease }

  mutating func close(until end: Timestamp?, closures: Int) {
    (state, self.until, self.closures, probe) = (.closed, end, closures, nil)
  }

  mutating func open() { self = GateStanding() }

  /// Whether others got past this job within the last hour.
  func doubts(_ job: JobID, at now: Timestamp) -> Bool { doubts[job].map { now - $0.at <= .seconds(3600) } ?? false }

  /// A probe got through: those who closed the gate at once did so alone.
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

  /// How bad a probe a job is: the best one was none yet, and asks for something else than those that were.
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
  /// Takes in what a job is like that met what keeps the gate closed.
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
  /// In the same order every time, which a dictionary has not: a seed gives the same trace to the letter.
  var description: String {
    let met = met.sorted { $0.key < $1.key }.map { "\($0.key) at \($0.value)" }.joined(separator: ", ")
    let doubts = doubts.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
    return "\(state) until \(until as Any) after \(closures) closures, probe \(probe as Any), met by [\(met)]"
      + (isClosedBySeries ? ", closed by a series" : "")
      + ", suspect \(suspect as Any), last probe \(lastProbe as Any), \(turnedAway) turned away, doubts [\(doubts)]"
  }
}
