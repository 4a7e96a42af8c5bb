/// Which jobs met an answer that closes the gate at once, such as a gateway's page, and which of them alone meet it.
///
/// Mostly such an answer goes to everybody. But a gateway may give it for some paths only, and for ever. So a probe is
/// chosen among jobs that did not meet it, first those with other ``JobTraits``; and if one gets through, all jobs that
/// met it since the gate was open are *doubted*. What a doubted job meets concerns only that job, whatever the gate's
/// state: it closes nothing and keeps nobody waiting. It counts as a failure if another job got through since the job
/// met it last, and if the job met it at the same request ``enough`` times in a row: a gateway that answers like this
/// now and then meets another request each time. Otherwise nothing counts, and the job waits alone, longer each time.
///
/// There may be many similar jobs, each of which meets it for the first time. While some are doubted, others join them
/// without closing the gate, unless so many do in a row that it is an outage again.
public struct SelectiveAnswers: Sendable, Hashable, Codable {
  /// A job that met the answer while others got through.
  public struct Doubt: Sendable, Hashable, Codable {
    /// The job.
    public var job: JobID
    /// When it met it last, or when others got through.
    public var at: Timestamp
    /// How often it met it since it has been doubted.
    public var meetings: Int
    /// Whether another job got through since this one last failed.
    public var isOutlived: Bool
    /// The request at which it met it last; nil if unknown.
    public var request: String?
    /// How often in a row it met it at this request.
    public var inARow: Int?

    /// Whether this particular request meets it; also true if the request is unknown.
    var isOfOneRequest: Bool { request == nil || (inARow ?? 0) >= SelectiveAnswers.enough }
  }

  /// How long a job is remembered as doubted.
  public static let memory: Duration = .seconds(3600)
  /// How often in a row the same request of a doubted job has to meet it before it counts.
  public static let enough = 3
  /// This many jobs may join the doubted ones in a row while no job gets through, ...
  public static let joining = 16
  /// ... a number that is multiplied by this each time the gate closed because there were more, and opened again, ...
  public static let joiningFactor = 4
  /// ... up to this level.
  private static let mostLevels = 4
  /// The maximum number of probes that try one after the other when the gate's time is over.
  public static let mostTries = 256
  /// How many jobs are remembered.
  private static let mostKept = 500
  /// How many kinds and keys are remembered.
  private static let mostTraits = 64

  /// The jobs that met it since the gate was open and are not doubted.
  public private(set) var turnedAway: [JobID] = []
  /// The jobs that met it while others got through.
  public private(set) var doubted: [Doubt] = []
  /// The kinds of the jobs that met it, or another failure that keeps the gate closed, since the gate was open.
  public private(set) var kinds: [String] = []
  /// Their concurrency keys; the empty text stands for none.
  public private(set) var keys: [String] = []
  /// How many probes met it since the gate's time was last over.
  public internal(set) var tries = 0
  /// Sets how many jobs may join the doubted ones: none at zero, and more with each level.
  public private(set) var level = 0
  /// How many jobs joined the doubted ones since a job last got through.
  public private(set) var joined = 0

  /// Whether this job met it recently while others got through.
  public func doubts(_ job: JobID, at now: Timestamp) -> Bool {
    doubted.contains { $0.job == job && now - $0.at <= Self.memory }
  }

  /// Whether a job that meets it for the first time, behind an open gate, joins the doubted ones.
  public var mayJoin: Bool {
    guard level > 0, !doubted.isEmpty else { return false }
    var most = Self.joining
    for _ in 1..<level { most *= Self.joiningFactor }
    return joined < most
  }

  /// How many probes may try one after the other when the time of the gate's `closures`th closure is over: twice as
  /// many each time.
  public static func tries(afterClosures closures: Int) -> Int {
    var tries = 1
    var left = closures - 1
    while left > 0, tries < mostTries {
      tries *= 2
      left -= 1
    }
    return tries
  }

  /// Adds a job that met it and is not doubted.
  mutating func turnAway(_ job: JobID, _ traits: JobTraits) {
    turnedAway = (turnedAway.filter { $0 != job } + [job]).suffix(Self.mostKept)
    note(traits)
  }

  /// Adds the traits of a job that met what keeps the gate closed: jobs with other traits are better probes.
  mutating func note(_ traits: JobTraits) {
    kinds = (kinds.filter { $0 != traits.kind } + [traits.kind]).suffix(Self.mostTraits)
    let key = traits.concurrencyKey ?? ""
    keys = (keys.filter { $0 != key } + [key]).suffix(Self.mostTraits)
  }

  /// Adds a job to the doubted ones.
  mutating func join(_ job: JobID, at now: Timestamp) {
    joined += 1
    keep(Doubt(job: job, at: now, meetings: 0, isOutlived: false))
  }

  /// A doubted job met it once more.
  /// - Parameter request: the request that met it.
  /// - Returns: what is known of the job, including this meeting.
  mutating func meetAgain(_ job: JobID, request: String?, at now: Timestamp) -> Doubt {
    var doubt = doubted.last { $0.job == job } ?? Doubt(job: job, at: now, meetings: 0, isOutlived: false)
    doubt.meetings += 1
    doubt.inARow = doubt.request == request ? (doubt.inARow ?? 0) + 1 : 1
    doubt.request = request
    doubt.at = now
    var next = doubt
    next.isOutlived = false
    keep(next)
    return doubt
  }

  /// Removes the doubt about a job that has ended.
  mutating func forget(_ job: JobID) {
    doubted.removeAll { $0.job == job }
    if doubted.isEmpty { self = SelectiveAnswers() }
  }

  /// A job got through behind an open gate. Its doubt is removed only when it has a result: its other requests may be
  /// answered while the one that caused the doubt is not.
  mutating func getThrough(_ job: JobID, _ passage: Passage, at now: Timestamp) {
    doubted = outlived(doubted, by: job, passage, at: now)
    joined = 0
    if doubted.isEmpty { self = SelectiveAnswers() }
  }

  /// What is remembered once the gate is open: the jobs that met it while this job got through.
  func outlived(by job: JobID, _ passage: Passage, at now: Timestamp) -> SelectiveAnswers {
    let known = outlived(doubted, by: job, passage, at: now)
    let passed = turnedAway.filter { one in one != job && !known.contains { $0.job == one } }
      .map { Doubt(job: $0, at: now, meetings: 0, isOutlived: true) }
    var next = SelectiveAnswers()
    next.doubted = (known + passed).suffix(Self.mostKept)
    guard !next.doubted.isEmpty else { return next }
    // Others joined until the gate closed, and it was not an outage after all.
    next.level = mayJoin ? level : min(level + 1, Self.mostLevels)
    return next
  }

  private func outlived(
    _ doubts: [Doubt], by job: JobID, _ passage: Passage, at now: Timestamp
  ) -> [Doubt] {
    doubts.compactMap { doubt in
      guard now - doubt.at <= Self.memory, doubt.job != job || passage != .result else { return nil }
      var next = doubt
      if doubt.job != job { next.isOutlived = true }
      return next
    }
  }

  private mutating func keep(_ doubt: Doubt) {
    doubted = (doubted.filter { $0.job != doubt.job } + [doubt]).suffix(Self.mostKept)
  }
}
