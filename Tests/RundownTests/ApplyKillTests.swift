import FoundationEssentials
import Glibc
import JobQueue
import JobQueueTestKit
import SQLiteJobStore
import StreamingJobs
import Testing

@Suite("An apply that is killed", .timeLimit(.minutes(20)))
struct ApplyKillTests {
  private static let rounds = 16
  private static let streams = 200

  /// A queue as it is, without numbers and moments: of each job what it is and what it waits for, by unique keys.
  private struct Contents: Equatable {
    var jobs: [String: String] = [:]
    var parents: [String: Set<String>] = [:]
    var batches = 0

    init(_ folder: Folder) async throws {
      guard folder.exists("rundown.db") else { return }
      let (all, batches, parents) = try await SQLiteJobStore.using(folder.database, SQLiteJobStore.Options()) { store in
        let all = try await store.allJobs(JobQuery())
        var parents: [JobID: [JobID]] = [:]
        for job in all { parents[job.id] = try await store.relatives(of: job.id).parents }
        return (all, try await store.allRecords(RecordQuery(Batch.collection)).count, parents)
      }
      self.batches = batches
      let keys = Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0.uniqueKey ?? "") })
      for job in all {
        var labels = job.labels
        labels[Batch.label] = nil
        let words = labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
        let key = job.uniqueKey ?? ""
        #expect(jobs[key] == nil, "\(key) is there twice")
        jobs[key] = "\(job.kind) \(job.state.rawValue) \(job.payload) \(words)"
        self.parents[key] = Set((parents[job.id] ?? []).compactMap { keys[$0] })
      }
    }
  }

  private static func folder() throws -> Folder {
    let folder = try Folder()
    try folder.write(
      "cup.yaml",
      """
      apiVersion: rundown/v1
      kind: Onboarding
      metadata: {name: cup}
      spec:
        defaults:
          engine: fra1
          region: eu-central-1
          bucket: {name: cup-live, connection: media}
          target: {credential: push}
          cdn: {kind: wowza-cdn, connection: main}
        groups: [{name: all, generate: {name: "cam-{n:03}", from: 1, to: \(streams)}}]
        rollout: {canary: 1, waves: [50, rest]}
      """)
    return folder
  }

  @Test("had brought in all of its jobs or none; two who apply the same at once then bring in what is missing, once")
  func killed() async throws {
    let seed = UInt64.random(in: 0..<1_000_000)
    let random = SeededRandom(seed: seed)
    let whole = try Self.folder()
    let start = ContinuousClock.now
    #expect(try await Command.run(["apply", "cup.yaml"], in: whole).status == 0)
    let time = Int((ContinuousClock.now - start) / .milliseconds(1))
    let expected = try await Contents(whole)
    // A bucket, a target, the entries, and a check behind each wave but the last.
    #expect(expected.jobs.count == Self.streams + 4 && expected.batches == 1)

    var killed = 0
    for round in 1...Self.rounds {
      let folder = try Self.folder()
      let first = try Command.start(["apply", "cup.yaml"], in: folder)
      if round.isMultiple(of: 2) {
        try await Task.sleep(for: .milliseconds(random.below(max(time, 1))))
      } else {
        // While it writes: its log is there from the first write on.
        while !folder.exists("rundown.db-wal"), kill(first.process, 0) == 0, first.errors.isEmpty {
          try await Task.sleep(for: .milliseconds(1))
        }
        try await Task.sleep(for: .milliseconds(random.below(20)))
      }
      first.signal(SIGKILL)
      if try await first.end().status == 128 + SIGKILL { killed += 1 }
      let left = try await Contents(folder)
      #expect(left == expected || left.jobs.isEmpty && left.batches == 0, "seed \(seed), round \(round)")

      let ends = try await withThrowingTaskGroup(of: Command.Ended.self) { group in
        for _ in 0..<2 { group.addTask { try await Command.run(["apply", "cup.yaml"], in: folder) } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      for ended in ends { #expect(ended.status == 0, "seed \(seed), round \(round): \(ended.errors)") }
      let end = try await Contents(folder)
      #expect(end == expected, "seed \(seed), round \(round)")
    }
    // Kills that hit nothing prove nothing.
    #expect(killed > Self.rounds / 4, "seed \(seed): \(killed) kills")
    print("\(killed) of \(Self.rounds) applies killed, seed \(seed)")
  }
}
