import JobQueueTestKit
import SQLiteFaultKit
import SQLiteJobStore

/// The run over many points.
struct FaultRun {
  let settings: FaultSettings
  private let vfs: FaultVFS
  private let reader: Reader
  private let bases: FaultBases
  private let replays: Replays
  private var report = FaultReport()

  init(_ settings: FaultSettings) async throws {
    self.settings = settings
    vfs = try FaultVFS(bug: settings.bug)
    reader = try Reader()
    bases = try await FaultBases(in: settings.place)
    replays = Replays(in: settings.place)
  }

  /// Tries the points; with a planted bug only until it is found.
  mutating func run() async throws -> FaultReport {
    report.verbs = FaultStory.verbs.map(\.name)
    for (number, point) in try await points().enumerated() where number % settings.shares == settings.share {
      try await run(point, number)
      if settings.bug != nil, !report.problems.isEmpty { break }
      // What fails everywhere is told often enough.
      if report.problems.count > 200 { break }
    }
    return report
  }

  private mutating func points() async throws -> [FaultPoint] {
    if let only = settings.only { return [only] }
    var points: [FaultPoint] = []
    for verb in FaultStory.verbs where settings.verb == nil || verb.name == settings.verb {
      for isWarm in [false, true] {
        points += FaultPoints.all(verb: verb.name, isWarm: isWarm, counts: try await counts(of: verb, isWarm))
      }
    }
    report.allPoints = points.count
    guard let count = settings.points else { return points }
    return FaultPoints.sample(points, count, SeededRandom(seed: settings.seed))
  }

  /// How often a verb asks for each operation when nothing fails.
  private func counts(of verb: FaultVerb, _ isWarm: Bool) async throws -> [FaultOperation: Int] {
    let fault = Fault(.read, at: 0, isForever: false)
    let point = FaultPoint(verb: verb.name, isWarm: isWarm, fault: fault, aftermath: .goesOn)
    let folder = try Folder(settings.place + "/count")
    defer { folder.remove() }
    var trial = PointTrial(vfs, bug: nil, in: folder, verb, point)
    try await trial.prepare(bases.files(before: verb))
    _ = try await trial.act(nil)
    let counts = vfs.counts
    await trial.end()
    return counts
  }

  private mutating func run(_ point: FaultPoint, _ number: Int) async throws {
    guard let verb = FaultStory.verbs.first(where: { $0.name == point.verb }) else {
      throw FaultKitError(words: "there is no verb '\(point.verb)'")
    }
    // A seed of its own, so that a point alone is what it was among the others.
    let seed = point.words.utf8.reduce(settings.seed) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    let random = SeededRandom(seed: seed)
    let folder = try Folder("\(settings.place)/point-\(number)")
    defer { folder.remove() }
    var trial = PointTrial(vfs, bug: settings.bug, in: folder, verb, point)
    try await trial.prepare(bases.files(before: verb))
    let fired = try await trial.act(point.fault)
    report.points += 1
    if fired > 0 { report.fired[verb.name, default: [:]][point.fault.operation, default: 0] += 1 }
    try await trial.goOn(random)
    let moments = [vfs.now] + [vfs.keptMoment].compactMap { $0 }
    await trial.end()
    for problem in trial.problems { note(problem, point) }
    report.said.merge(trial.said, uniquingKeysWith: +)
    report.separate += trial.separate
    for (place, moment) in moments.enumerated() {
      for loss in losses(after: point.fault.operation, isEnd: place == 0, random) {
        try await check(moment, loss, trial.history[moment.mark], point, random, isMidway: place > 0)
      }
    }
  }

  /// The two that tell most, and one of the others; in the long form all.
  private func losses(after operation: FaultOperation, isEnd: Bool, _ random: SeededRandom) -> [PowerLoss] {
    if settings.points == nil, operation != .allocate { return PowerLoss.allCases }
    guard isEnd else { return [PowerLoss.allCases[random.below(PowerLoss.allCases.count)]] }
    return [.nothingWritten, .dirtyWritten, [.allWritten, .firstWritten, .torn][random.below(3)]]
  }

  private mutating func check(
    _ moment: FaultVFS.Moment, _ loss: PowerLoss, _ expectation: Expectation, _ point: FaultPoint,
    _ random: SeededRandom, isMidway: Bool
  ) async throws {
    report.filesRead += 1
    let folder = try Folder(settings.place + "/found")
    defer { folder.remove() }
    try folder.write(moment.left(by: loss) { random.below($0) })
    // Reading is cheap, opening a store less so. A point that is asked for alone shows all that it can.
    let isUsed = settings.only != nil || report.filesRead.isMultiple(of: 3)
    let use: Reader.Use? = settings.bug == .formerMarkTrusted ? .sameStart : isUsed ? .nextStart : nil
    let finding = try reader.read(folder.database, use)
    let when = "power lost \(isMidway ? "midway" : "at the end"), \(loss.rawValue)"
    if let problem = finding.problem { return note("\(when): \(problem)", point) }
    guard try await !replays.allows(finding.view, expectation) else { return }
    note("\(when): what was acknowledged is not there, or something else is", point)
  }

  private mutating func note(_ problem: String, _ point: FaultPoint) {
    report.problems.append(
      "\(point.words): \(problem); again: rundown-faults run seed=\(settings.seed) only='\(point.words)'")
  }
}
