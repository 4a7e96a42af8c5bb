import FoundationEssentials
import Glibc
import JobQueue
import JobQueueTestKit
import SQLiteJobStore
import StreamingJobs
import Testing

@Suite("The board of a manifest on the command line", .timeLimit(.minutes(20)))
struct BoardCommandTests {
  private struct Shown: Decodable {
    struct Board: Decodable {
      struct Stream: Decodable {
        var stream: String
        var standing: String
      }
      var counts: [String: Int]
      var isOpen: Bool
      var streams: [Stream]
      var rollout: String?
    }
    var board: Board
  }

  private static func gig() throws -> Folder {
    let folder = try Folder()
    try folder.write(
      "cup.yaml",
      """
      apiVersion: rundown/v1
      kind: Onboarding
      metadata: {name: cup}
      spec:
        defaults:
          {engine: fra1, region: eu-central-1, bucket: {name: cup-live, connection: media}, target: {credential: push}}
        groups: [{name: all, generate: {name: "cam-{n}", from: 1, to: 4}}]
        rollout: {canary: 1}
      """)
    return folder
  }

  /// Ends every job that becomes ready but the checks, as a worker would.
  private static func end(_ folder: Folder, failing: String? = nil) async throws {
    try await SQLiteJobStore.using(folder.database, SQLiteJobStore.Options()) { store in
      while true {
        let limits = JobKinds.streaming.queues.filter { $0 != CheckWave.queue }.map {
          LeaseRequest.QueueLimit(queue: $0, count: 10)
        }
        let now = SystemClock().now()
        let leased = try await store.lease(LeaseRequest(owner: WorkerID("w"), limits: limits), at: now)
        guard !leased.isEmpty else { return }
        let failure = Failure(code: "AccessDenied", message: "PUT mapentries cam-1-s3: 403 no")
        let completions = leased.map { job in
          Completion(
            lease: job.lease,
            outcome: job.job.labels["stream"] == failing && failing != nil ? .dead(failure) : .done(output: "{}"))
        }
        _ = try await store.complete(completions, at: now)
      }
    }
  }

  private func board(_ folder: Folder) async throws -> Shown.Board {
    let told = try await Command.run(["status", "-f", "cup.yaml", "--json"], in: folder)
    #expect(told.status == 0, "\(told.errors)")
    return try told.json(Shown.self).board
  }

  @Test("a long reason that several streams share is shown once")
  func sharedReason() async throws {
    let folder = try Self.gig()
    #expect(try await Command.run(["apply", "cup.yaml", "--no-rollout"], in: folder).status == 0)
    let cause = "PutBucket cup-live: 403 this account may not create buckets in this region"
    try await SQLiteJobStore.using(folder.database, SQLiteJobStore.Options()) { store in
      let storage = LeaseRequest(owner: WorkerID("w"), limits: [.init(queue: "storage", count: 1)])
      let now = SystemClock().now()
      let failed = try await store.lease(storage, at: now).map {
        Completion(lease: $0.lease, outcome: .dead(Failure(code: "AccessDenied", message: cause)))
      }
      #expect(failed.count == 1)
      _ = try await store.complete(failed, at: now)
    }
    let screen = try await Command.run(["status", "-f", "cup.yaml"], in: folder).output
    // Once among the causes, and once beside the first of the four streams.
    #expect(screen.ranges(of: "may not create buckets").count == 2, "\(screen)")
    #expect(screen.ranges(of: "as above").count == 3, "\(screen)")
  }

  @Test("shows each wave, what failed and why, and what an operator let continue")
  func rollout() async throws {
    let folder = try Self.gig()
    let applied = try await Command.run(["apply", "cup.yaml"], in: folder)
    #expect(applied.status == 0, "\(applied.errors)")
    #expect(applied.errors.contains("rollout in 2 waves: 1, then 3 streams; it stops if one fails"))
    #expect(try await board(folder).counts == ["waiting": 4, "failed": 0, "running": 0, "done": 0, "absent": 0])
    try await Self.end(folder, failing: "cam-1")
    // The check runs in a real worker; nothing else is left for it, and no provider is configured.
    let stopped = try await Command.run(["worker", "--once", "--queues", "rollouts"], in: folder)
    #expect(stopped.status == 3, "\(stopped.errors)")
    var shown = try await board(folder)
    #expect(shown.counts["failed"] == 4 && !shown.isOpen)
    let screen = try await Command.run(["status", "-f", "cup.yaml"], in: folder)
    #expect(screen.output.hasPrefix("cup: 0 of 4 streams done, 4 failed\n"))
    #expect(screen.output.contains("1 x AccessDenied"))
    #expect(screen.output.contains("1 x rollout-stopped"))
    // A second check would let nobody through, because the later waves wait for the first one.
    let again = try await Command.run(["apply", "cup.yaml"], in: folder)
    #expect(again.status == 8, "\(again.errors)")
    #expect(again.errors.contains("error[RD0438]: the rollout of cup was stopped by job "), "\(again.errors)")
    // Put right by an operator, the rollout goes on.
    try await SQLiteJobStore.using(folder.database, SQLiteJobStore.Options()) { store in
      let dead = try await store.jobs(JobQuery(states: [.dead]))
      for isCheck in [false, true] {
        let own = dead.filter { ($0.kind == CheckWave.kind) == isCheck }.map(\.id)
        _ = try await store.retry(own, at: SystemClock().now())
      }
    }
    try await Self.end(folder)
    #expect(try await Command.run(["worker", "--once", "--queues", "rollouts"], in: folder).status == 0)
    try await Self.end(folder)
    shown = try await board(folder)
    #expect(shown.counts["done"] == 4 && !shown.isOpen)
  }

  @Test("--wait ends when all streams are done; Ctrl-C leaves it, and says how to come back")
  func waits() async throws {
    let folder = try Self.gig()
    let left = try Command.start(["apply", "cup.yaml", "--no-rollout", "--wait"], in: folder)
    try await eventually { left.errors.contains("no worker is running") }
    left.signal(SIGINT)
    let interrupted = try await left.end()
    #expect(interrupted.status == 130)
    #expect(interrupted.errors.contains("rundown status -f cup.yaml"), "\(interrupted.errors)")
    #expect(interrupted.errors.contains("no worker is running"), "\(interrupted.errors)")

    let waiting = try Command.start(["apply", "cup.yaml", "--no-rollout", "--wait"], in: folder)
    try await eventually { waiting.errors.contains("cup: 0 of 4 streams done, 4 waiting") }
    try await Self.end(folder)
    let ended = try await waiting.end()
    #expect(ended.status == 0, "\(ended.errors)")
    #expect(ended.output.contains("cup: 4 of 4 streams done\n"))
  }

  @Test("--wait ends with status 3 when some streams failed, and names the command that says why")
  func fails() async throws {
    let folder = try Self.gig()
    let waiting = try Command.start(["apply", "cup.yaml", "--no-rollout", "--wait"], in: folder)
    try await eventually { waiting.errors.contains("cup: 0 of 4 streams done, 4 waiting") }
    try await Self.end(folder, failing: "cam-2")
    let ended = try await waiting.end()
    #expect(ended.status == 3)
    #expect(ended.errors.contains("1 of 4 streams failed"), "\(ended.errors)")
    #expect(ended.errors.contains("rundown jobs list -l manifest=cup --by code"))
    #expect(ended.output.contains("cam-2"))
  }

  @Test("--wait does not take streams for done whose jobs somebody cancelled meanwhile", arguments: [false, true])
  func cancelled(afterOne: Bool) async throws {
    let folder = try Self.gig()
    let waiting = try Command.start(["apply", "cup.yaml", "--no-rollout", "--wait"], in: folder)
    try await eventually { waiting.errors.contains("cup: 0 of 4 streams done, 4 waiting") }
    try await SQLiteJobStore.using(folder.database, SQLiteJobStore.Options()) { store in
      let entries = try await store.jobs(JobQuery(kinds: [CreateMapEntry.kind]))
      let kept = afterOne ? entries.filter { $0.labels["stream"] == "cam-1" }.map(\.id) : []
      let ids = entries.map(\.id).filter { !kept.contains($0) }
      _ = try await store.cancel(ids, why: "not tonight", at: SystemClock().now())
    }
    try await Self.end(folder)
    let ended = try await waiting.end()
    #expect(ended.status == (afterOne ? 3 : 1), "\(ended.errors)")
    let counts = afterOne ? "1 of 4 streams are done: 3 have no job any more" : "0 of 4 streams are done: 4 have no job"
    #expect(ended.errors.contains(counts), "\(ended.errors)")
  }

  @Test("shows the jobs that another manifest enqueued for the same streams, and --wait waits for them")
  func otherManifest() async throws {
    let folder = try Self.gig()
    try folder.write("final.yaml", try folder.text("cup.yaml").replacing("{name: cup}", with: "{name: final}"))
    #expect(try await Command.run(["apply", "cup.yaml", "--no-rollout"], in: folder).status == 0)
    let shown = try await Command.run(["status", "-f", "final.yaml", "--json"], in: folder)
    #expect(try shown.json(Shown.self).board.counts["waiting"] == 4)
    let waiting = try Command.start(["apply", "final.yaml", "--no-rollout", "--wait"], in: folder)
    try await eventually { waiting.errors.contains("final: 0 of 4 streams done, 4 waiting") }
    try await Self.end(folder)
    let ended = try await waiting.end()
    #expect(ended.status == 0, "\(ended.errors)")
    #expect(ended.output.contains("final: 4 of 4 streams done\n"))
  }

  @Test("without a manifest the flags that say how it was applied are refused")
  func usage() async throws {
    let folder = try Folder()
    let told = try await Command.run(["status", "--profile", "x"], in: folder)
    #expect(told.status == 2 && told.errors.contains("add -f FILE"), "\(told.errors)")
  }
}
