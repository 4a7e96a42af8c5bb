import JobQueue
import Settings
import StreamingJobs

@testable import Presentation

/// A queue in the middle of a bad night, as screens show it.
enum Screens {
  static let now = Timestamp(milliseconds: 1_795_831_200_000)  // 2026-11-28 02:00:00Z
  static let times = TimeFormat(now: now, zone: .utc)

  static func terminal(_ columns: Int) -> Terminal {
    Terminal(isTerminal: columns > 0, columns: columns) { $0 == "TERM" ? "dumb" : nil }
  }

  static func ago(_ seconds: Int) -> Timestamp { now - .seconds(seconds) }

  static func job(
    _ id: Int64, _ state: JobState, _ kind: String, _ key: String?, age: Int = 600, runAt: Timestamp? = nil,
    wait: String? = nil, failure: Failure? = nil, queue: String = "engines", gate: String? = nil
  ) -> Job {
    Job(
      id: JobID(id), kind: kind, queue: queue, state: state, payload: "{}", uniqueKey: key, gate: gate,
      labels: ["event": "cup"], runAt: runAt ?? ago(age), createdAt: ago(age), updatedAt: ago(60),
      finishedAt: state.isFinished ? ago(60) : nil, failures: failure == nil ? 0 : 1, maxAttempts: 12, token: 1,
      waitReason: wait, lastFailure: failure)
  }

  static let denied = Failure(
    code: "AccessDenied",
    message: "PutObject example-vod/2026/cup/match-0412.mp4: 403 User: arn:aws:iam::123456789012:user/ingest is not"
      + " authorized to perform: s3:PutObject on resource because no identity-based policy allows it",
    hint: "let the user ingest put objects into example-vod", requestID: "TX0123456789")

  static let jobs: [Job] = [
    job(
      4127, .scheduled, "restream-asset", "restream:main:id:asset-9f21", runAt: now + .seconds(7500), wait: nil,
      queue: "wowza-video"),
    job(4126, .ready, "create-map-entry", "map-entry:fra1:live:pitch-017-s3", gate: "engine:fra1"),
    job(4125, .running, "upload-recording", "object:media:example-vod:2026/cup/match-0413.mp4", queue: "uploads"),
    job(4124, .dead, "upload-recording", "object:media:example-vod:2026/cup/match-0412.mp4", failure: denied),
    job(
      4123, .held, "create-fastly-target", "fastly:main:eu-live",
      wait: "two stream targets of the account serve this origin: 8gxh2kq1, v7n3fz0b; look at both and delete one"),
    job(4122, .completed, "create-bucket-config", "bucket:eu-live"),
    job(99, .blocked, "create-map-entry", nil, wait: "waits for job 4122"),
    job(
      7, .cancelled, "create-map-entry", "map-entry:fra1:live:カメラ一番のストリーム名はとても長い-s3",
      wait: "cancelled by an operator: wrong venue"),
  ]

  static var gates: [GateStatus] {
    var engine = Gate(key: "engine:fra1")
    engine.state = .closed
    engine.closedAt = ago(90)
    engine.until = now + .seconds(40)
    engine.reason = "GET /v2/servers/_defaultServer_/vhosts: connection refused (connect: 10.0.7.12:8087)"
    engine.closures = 3
    var video = Gate(key: "wowza-video:production-account")
    video.state = .closed
    video.closedAt = ago(7200)
    video.reason = "billing is being settled; ask Ana before you open it"
    video.closedManually = true
    video.closures = 1
    var media = Gate(key: "aws:media")
    media.state = .halfOpen
    media.reason = "503 SlowDown"
    media.closures = 1
    return [
      GateStatus(gate: media, waiting: 3), GateStatus(gate: engine, waiting: 212), GateStatus(gate: video, waiting: 1),
    ]
  }

  static let budgets = [
    BudgetStatus(
      key: BudgetKey(account: "wowza-video:production-account", resource: "live-streams"), size: 10,
      window: .seconds(86_400), used: 10, learned: 3, nextSlot: now + .seconds(3731), waiting: 30,
      finish: now + .seconds(79_331)),
    BudgetStatus(
      key: BudgetKey(account: "wowza-video:main", resource: "live-streams"), size: 10, window: .seconds(86_400),
      used: 2, learned: 0, nextSlot: nil, waiting: 0, finish: nil),
  ]

  static let batches = [
    BatchStanding(
      Batch(name: "20261128-010000", verb: "apply", source: "gig", who: "ana@venue-3", at: ago(3600), asked: 10),
      states: [.blocked: 9, .ready: 1]),
    BatchStanding(
      Batch(
        name: "20261127-140000", verb: "enqueue", source: "jobs/onboarding.yaml", who: "operations@playout-control-3",
        at: ago(43_200), asked: 212), states: [.completed: 174, .dead: 37, .held: 1]),
  ]

  static let status = QueueStatus(
    counts: [
      "engines": ["ready": 1240, "completed": 1_203_412, "dead": 12, "cancelled": 100],
      "uploads": ["running": 4, "ready": 2, "completed": 98_120, "held": 1],
      "wowza-video": ["scheduled": 30, "blocked": 12, "completed": 5120],
    ], oldestReady: ago(840), nextDue: now + .seconds(7500),
    workers: [
      worker("playout-control-room-venue-3-18123-1a2b3c4d5e6f7", ["engines", "storage", "wowza-video"], 3),
      worker("venue-4-977-zz81hd0a", ["uploads"], 412),
    ])

  static func worker(_ id: String, _ queues: [String], _ silent: Int) -> WorkerRecord {
    WorkerRecord(
      id: WorkerID(id), host: "h", pid: 7, processStart: "1", startedAt: ago(9000), seenAt: ago(silent), queues: queues)
  }

  static var report: WorkerReport { WorkerReport(status) { $0.seenAt >= ago(90) } }

  /// Every screen by its name.
  static func all(_ terminal: Terminal) -> [(name: String, text: String)] {
    [
      (
        "status",
        StatusTable.rendered(
          "/var/lib/rundown/rundown.db", status, report, gates, budgets,
          running: ["job 4125 upload-recording media: 34 of 120 parts, 544 MiB of 1.9 GiB, 12.3 MiB/s, 1m52s left"],
          times: times, for: terminal)
      ), ("jobs list", JobTable.rendered(jobs, gates, wide: false, times: times, for: terminal)),
      ("jobs list -o wide", JobTable.rendered(jobs, gates, wide: true, times: times, for: terminal)),
      ("gates list", GateTable.rendered(gates, times: times, for: terminal)),
      ("budgets list", BudgetTable.rendered(budgets, times: times, for: terminal)),
      ("batches list", BatchTable.rendered(batches, times: times, for: terminal)),
      ("jobs list --by code", JobCauses.rendered(JobCause.grouped(jobs + more), times: times, for: terminal)),
    ]
  }

  private static let more = (1...36).map { number in
    var failure = denied
    failure.message = "PutObject example-vod/2026/cup/match-\(number).mp4: 403 Access Denied"
    return job(Int64(number), .dead, "upload-recording", nil, failure: failure)
  }
}
