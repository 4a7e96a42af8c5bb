import JobQueue
import Manifests
import Settings
import StreamingJobs

@testable import Presentation

/// A manifest in the middle of a bad evening, as `plan`, `apply` and the board show it.
struct ManifestScreens {
  private let now = Screens.now
  private let expansion: Expansion

  init() throws {
    let text = """
      apiVersion: rundown/v1
      kind: Onboarding
      metadata: {name: autumn-league-2026, labels: {event: autumn-league}}
      spec:
        defaults:
          engine: fra1
          region: eu-central-1
          bucket: {name: league-live-eu, connection: media-prod}
          target: {credential: wse-push-eu}
          cdn: {kind: wowza-cdn, connection: main, name: autumn-league-eu}
        groups: [{name: all, generate: {name: "pitch-{n:03}", from: 1, to: 8}}]
        streams:
          - name: the-studio-with-the-very-long-name-on-the-second-floor
            engine: frankfurt-engine-of-the-second-studio-07
          - {name: final, start: "2026-12-05T18:00:00Z", stop: "2026-12-05T23:30:00Z"}
        rollout: {canary: 1, waves: [2, 3, rest], stopOn: {failedPercent: 5}}
      """
    let manifest = try Manifest.read(text, file: "league.yaml", ManifestSources(zones: .system()) { _ in nil })
    expansion = try manifest.expanded(known: [:], now: Screens.ago(0))
  }

  /// Every screen by its name.
  func all(_ terminal: Terminal) throws -> [(name: String, text: String)] {
    let plan = try plan()
    let limits = ["engine:fra1": PlanForecast.Limits(requestsPerSecond: 5, concurrentWrites: 1)]
    var calls = CallCount()
    calls.requests = 4
    calls.time = .milliseconds(310)
    let forecast = PlanForecast(
      plan, calls: ["engine:fra1": calls, "aws:media-prod": calls, "wowza-video:main": calls], limits: limits, at: now)
    let table = PlanTable(plan: plan, streams: expansion.streams.count, forecast: forecast, times: Screens.times)
    let board = board()
    let gates = Screens.gates.filter { $0.gate.key == "engine:fra1" }
    let notices = gates.map { GateTable.waiting(3, behind: $0.gate, Screens.times) }
    return [
      ("plan", table.rendered(for: terminal)), ("apply", try applied(terminal)),
      ("board", BoardTable.rendered(board, notices: notices, times: Screens.times, for: terminal)),
    ]
  }

  /// The place of a resource of the expansion.
  private func index(_ role: ResourceRole, _ stream: String) -> Int {
    expansion.resources.firstIndex { $0.role == role && ($0.stream == stream || $0.engine == nil) } ?? 0
  }

  // MARK: Plan

  private func plan() throws -> Plan {
    var states = expansion.resources.map { _ in ResourceState(look: .stands(.missing)) }
    func set(_ role: ResourceRole, _ stream: String, _ state: ResourceState) { states[index(role, stream)] = state }
    let same = LookResult.stands(.asAsked(id: nil, unread: []))
    let other = [
      FieldDifference(field: "sourceStreamName", found: "pitch-002-backup", wanted: "pitch-002"),
      FieldDifference(field: "profile", found: nil, wanted: "cupertino-cloudstorage"),
      FieldDifference(field: "awsSecretAccessKey", found: nil, wanted: nil),
    ]
    let cors = FieldDifference(
      field: "cors", found: "origins https://player.example.com https://www.example.com; methods GET HEAD",
      wanted: "origins https://player.example.com; methods GET")
    set(.bucket, "", ResourceState(look: .stands(.changes([cors])), item: try item(index(.bucket, ""))))
    set(.cdnTarget, "", ResourceState(look: .stands(.asAsked(id: "8gxh2kq1", unread: ["forceSSL"]))))
    set(.mapEntry, "pitch-002", ResourceState(look: .stands(.changes(other))))
    set(.mapEntry, "pitch-003", ResourceState(look: same, item: try item(index(.mapEntry, "pitch-003"))))
    set(.mapEntry, "pitch-004", ResourceState(look: .stands(.refuses([other[0]]))))
    let job = PendingJob(id: JobID(4711), state: .held, differs: ["profile", "sourceStream"])
    set(.mapEntry, "pitch-005", ResourceState(job: job))
    let failure = LookFailure(
      gate: "engine:fra1", cause: .temporary, reason: "connection refused", isOfConnection: true)
    set(.mapEntry, "pitch-006", ResourceState(look: .failed(failure)))
    set(.mapEntry, "pitch-007", ResourceState(look: .stands(.missing), item: try item(index(.mapEntry, "pitch-007"))))
    for role in [ResourceRole.enableMapEntry, .disableMapEntry] { set(role, "final", ResourceState()) }
    return Plan(manifest: expansion.name, expansion.resources, states: states)
  }

  private func item(_ index: Int) throws -> InventoryItem {
    let job = expansion.resources[index].job
    let text = """
      {"manifest":"\(expansion.name)","kind":"\(job.kind)","resource":"\(job.uniqueKey ?? "")","desired":"sha256:0",
      "state":"present","verifiedAt":\(now.milliseconds)}
      """
    return try JSONText.decode(InventoryItem.self, from: text)
  }

  // MARK: Apply

  private func applied(_ terminal: Terminal) throws -> String {
    let waves = try RolloutWaves(expansion, expansion.rollout)
    let receipts = waves.indices.map { index in
      EnqueueReceipt(id: JobID(Int64(4700 + index)), state: index == 0 ? .ready : .blocked, alreadyPresent: index < 3)
    }
    let others = [JobID(4702): ["profile", "sourceStream"]]
    let table = ApplyTable(
      expansion, receipts, others: others, waves: waves, file: "/var/lib/rundown/production/rundown.db")
    let messages = table.differences + table.summary
    return ([table.rendered(for: terminal)] + messages.map { terminal.paragraph($0) }).joined(separator: "\n")
  }

  // MARK: Board

  private func board() -> Board {
    var jobs: [Job] = []
    func add(
      _ role: ResourceRole, _ stream: String, _ state: JobState, wait: String? = nil, failure: Failure? = nil,
      runAt: Timestamp? = nil, finished: Int = 60, gate: String? = nil
    ) {
      let new = expansion.resources[index(role, stream)].job
      jobs.append(
        Job(
          id: JobID(Int64(4100 + jobs.count)), kind: new.kind, queue: new.queue, state: state, payload: new.payload,
          uniqueKey: new.uniqueKey, gate: gate, labels: new.labels, runAt: runAt ?? now, createdAt: Screens.ago(600),
          updatedAt: Screens.ago(finished), finishedAt: state.isFinished ? Screens.ago(finished) : nil,
          failures: failure == nil ? 0 : 1, maxAttempts: 12, waitReason: wait, lastFailure: failure))
    }
    add(.bucket, "", .completed, finished: 200)
    add(.cdnTarget, "", .completed, finished: 190)
    for number in 1...3 { add(.mapEntry, "pitch-00\(number)", .completed, finished: 180 - number * 20) }
    for number in 4...5 {
      let failure = Failure(
        code: "InvalidRegion",
        message:
          "POST mapentries pitch-00\(number)-s3: 400 The region 'eu-central-9' of the destination is not one that"
          + " this version of the engine knows", hint: "write the region as AWS names it")
      add(.mapEntry, "pitch-00\(number)", .dead, failure: failure, finished: 60 - number)
    }
    add(.mapEntry, "pitch-006", .running)
    add(.mapEntry, "pitch-007", .ready, gate: "engine:fra1")
    add(.mapEntry, "pitch-008", .scheduled, wait: "wrong password; tried again soon", runAt: now + .seconds(340))
    let studio = "the-studio-with-the-very-long-name-on-the-second-floor"
    add(
      .mapEntry, studio, .held,
      wait: "an entry of this name was made by somebody else a moment ago; look at both and decide which one stays")
    add(.mapEntry, "final", .blocked, wait: "waits for job 4099")
    add(.enableMapEntry, "final", .scheduled, runAt: Timestamp(milliseconds: 1_796_493_600_000))
    add(.disableMapEntry, "final", .blocked, runAt: Timestamp(milliseconds: 1_796_513_400_000))
    let check = Job(
      id: JobID(4099), kind: CheckWave.kind, queue: CheckWave.queue, state: .scheduled, payload: "{}",
      uniqueKey: "check-wave:autumn-league-2026:2", labels: expansion.resources[0].job.labels, runAt: now,
      createdAt: Screens.ago(600), updatedAt: now, maxAttempts: 5,
      waitReason: "wave 2 of 4: 1 of 2 streams done, 1 shared job unfinished")
    return Board(expansion, jobs: jobs + [check], stuck: [], inventory: [:])
  }
}
