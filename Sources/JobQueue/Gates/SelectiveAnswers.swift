/// Who met an answer that closes the gate at once, such as a gateway's page, and who of them met it alone.
///
/// Mostly such an answer comes for everybody. But a gateway may give it for some paths only, for ever. So a probe is chosen
/// among jobs that did not meet it, of other ``JobTraits`` first; and when one gets through, all who met it since the gate
/// was open are *doubted*. What a doubted job meets is its own affair, whatever the gate's state: it closes nothing and
/// keeps nobody waiting. It counts as a failure when somebody got through since the job met it last, and when it met it
/// at the same request ``enough`` times in a row: a gateway that answers so now and then meets another request each time.
/// Else nothing counts, and the job waits alone, longer each time.
///
/// Jobs of the same sort may be many, and each meets it for the first time. While some are doubted, others join them
/// without closing the gate, unless so many do in a row that it is an outage again.
public struct SelectiveAnswers: Sendable, Hashable, Codable {
  /// A job past whose answer others got.
  public struct Doubt: Sendable, Hashable, Codable {
    /// The job.
    public var job: JobID
    /// When it met it last, or when others got past it.
    public var at: Timestamp
    /// How often it met it since it is doubted.
    public var meetings: Int
    /// Whether another job got through since this one last failed.
    public var isOutlived: Bool
    /// What it asked for when it met it last; nil where nobody said.
    public var request: String?
    /// How often in a row it met it at this request.
    public var inARow: Int?

    /// Whether it is this request that meets it; so it is where nobody said which one it was.
    var isOfOneRequest: Bool { request == nil || (inARow ?? 0) >= SelectiveAnswers.enough }
  }

  /// How long it is remembered past whom others got.
  public static let memory: Duration = .seconds(3600)
  /// So often in a row the same request of a doubted job has to meet it until it counts.
  public static let enough = 3
  /// So many jobs may join those that are doubted in a row, nobody getting through in between, ...
  public static let joining = 16
  /// ... and so many times as many each time that the gate closed because they were more, and opened again, ...
  public static let joiningFactor = 4
  /// ... up to this level.
  private static let mostLevels = 4
  /// As many probes as this try at one time at most, one after the other.
  public static let mostTries = 256
  /// How many jobs are remembered.
  private static let mostKept = 500
  /// How many kinds and keys are remembered.
  private static let mostTraits = 64

  /// Who met it since the gate was open and is not doubted.
  public private(set) var turnedAway: [JobID] = []
  /// Past whom others got.
  public private(set) var doubted: [Doubt] = []
  /// The kinds of those who met it, or another failure that keeps the gate closed, since the gate was open.
  public private(set) var kinds: [String] = []
  /// Their concurrency keys; the empty text stands for none.
  public private(set) var keys: [String] = []
  /// How many probes met it since the gate's time was over last.
  public internal(set) var tries = 0
  /// How many may join those that are doubted: none at zero, and more with each level.
  public private(set) var level = 0
  /// How many jobs joined the doubted ones since a job last got through.
  public private(set) var joined = 0

  /// Whether others got past what this job met, not long ago.
  public func doubts(_ job: JobID, at now: Timestamp) -> Bool {
    doubted.contains { $0.job == job && now - $0.at <= Self.memory }
  }

  /// Whether a job that meets it for the first time, behind an open gate, is taken for one of those that are doubted.
  public var mayJoin: Bool {
    guard level > 0, !doubted.isEmpty else { return false }
    var most = Self.joining
    for _ in 1..<level { most *= Self.joiningFactor }
    return joined < most
  }

  /// How many probes may try one after the other when the time of the gate's `closures`th closure is over: twice as many
  /// each time.
  public static func tries(afterClosures closures: Int) -> Int {
    var tries = 1
    var left = closures - 1
    while left > 0, tries < mostTries {
      tries *= 2
      left -= 1
    }
    return tries
  }

  /// Takes in a job that met it, while it is believed.
  mutating func turnAway(_ job: JobID, _ traits: JobTraits) {
    turnedAway = (turnedAway.filter { $0 != job } + [job]).suffix(Self.mostKept)
    note(traits)
  }

  /// Takes in what jobs are like that meet what keeps the gate closed: others are the better probes.
  mutating func note(_ traits: JobTraits) {
    kinds = (kinds.filter { $0 != traits.kind } + [traits.kind]).suffix(Self.mostTraits)
    let key = traits.concurrencyKey ?? ""
    keys = (keys.filter { $0 != key } + [key]).suffix(Self.mostTraits)
  }

  /// A job joins those that are doubted.
  mutating func join(_ job: JobID, at now: Timestamp) {
    joined += 1
    keep(Doubt(job: job, at: now, meetings: 0, isOutlived: false))
  }

  /// A doubted job met it once more.
  /// - Parameter request: what it asked for.
  /// - Returns: what was known of the job, with this meeting.
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

  /// A job that has ended is nobody's doubt any more.
  mutating func forget(_ job: JobID) {
    doubted.removeAll { $0.job == job }
    if doubted.isEmpty { self = SelectiveAnswers() }
  }

  /// A job got through behind an open gate. It is believed again when it has a result: others of its requests may be
  /// answered while the one is not that it is doubted for.
  mutating func getThrough(_ job: JobID, _ passage: Passage, at now: Timestamp) {
    doubted = outlived(doubted, by: job, passage, at: now)
    joined = 0
    if doubted.isEmpty { self = SelectiveAnswers() }
  }

  /// What is remembered once the gate is open: past whom this job got.
  func outlived(by job: JobID, _ passage: Passage, at now: Timestamp) -> SelectiveAnswers {
    let known = outlived(doubted, by: job, passage, at: now)
    let passed = turnedAway.filter { one in one != job && !known.contains { $0.job == one } }
      .map { Doubt(job: $0, at: now, meetings: 0, isOutlived: true) }
    var next = SelectiveAnswers()
    next.doubted = (known + passed).suffix(Self.mostKept)
    guard !next.doubted.isEmpty else { return next }
    // Others joined until it closed, and it was not an outage after all.
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
