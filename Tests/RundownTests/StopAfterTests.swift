import FoundationEssentials
import JobQueue
import SQLiteJobStore
import StreamingJobs
import Testing

@Suite("rundown enqueue restream-asset --stop-after", .timeLimit(.minutes(20)))
struct StopAfterTests {
  private static let start = [
    "enqueue", "restream-asset", "--connection", "main", "--asset-id", "talk-1", "--run-at", "2036-12-05T20:15:00Z",
  ]

  private func jobs(in folder: Folder) async throws -> [Job] {
    let store = try await SQLiteJobStore.open(at: folder.database)
    let jobs = try await store.jobs(JobQuery()).sorted { $0.id < $1.id }
    await store.close()
    return jobs
  }

  @Test("enqueues both jobs, which name one occurrence, the stop at its own moment and as no child of its start")
  func both() async throws {
    let folder = try Folder()
    let ended = try await Command.run(
      Self.start + ["--stop-after", "2h", "-l", "show=final", "--max-attempts", "3"], in: folder)
    #expect(ended.status == 0 && ended.output == "1\n2\n", "\(ended.errors)")
    let jobs = try await jobs(in: folder)
    try #require(jobs.count == 2)
    let start = try JSONText.decode(RestreamAsset.self, from: jobs[0].payload)
    let stop = try JSONText.decode(StopLiveStream.self, from: jobs[1].payload)
    #expect(start.occurrence != nil && start.occurrence == stop.occurrence)
    #expect(stop.connection == "main" && stop.liveStreamID == nil)
    #expect(jobs[1].runAt - jobs[0].runAt == .seconds(7200))
    // 2036-12-05T22:15:00Z, as `date -u -d` tells it.
    #expect(jobs[1].runAt == Timestamp(milliseconds: 2_112_128_100_000))
    #expect(jobs.allSatisfy { $0.state == .scheduled && $0.labels["show"] == "final" })
    #expect(jobs[0].maxAttempts == 3 && jobs[1].maxAttempts == StopLiveStream.policy.retry.maxAttempts)
  }

  @Test("repeated, it enqueues nothing; for another moment, or with an occurrence of one's own, it is another restream")
  func again() async throws {
    let folder = try Folder()
    let stop = ["--stop-after", "2h"]
    for _ in 1...2 { #expect(try await Command.run(Self.start + stop, in: folder).output == "1\n2\n") }
    let later = Self.start.dropLast() + ["2036-12-06T20:15:00Z"]
    #expect(try await Command.run(later + stop, in: folder).output == "3\n4\n")
    let named = Self.start + stop + ["--occurrence", "final"]
    #expect(try await Command.run(named, in: folder).output == "5\n6\n")
    let occurrences = try await jobs(in: folder).map {
      try JSONText.decode(StopLiveStream.self, from: $0.payload).occurrence
    }
    #expect(Set(occurrences).count == 3 && occurrences.last == "final")
  }

  @Test("without it, the command says that nothing stops the stream, and how it would have been")
  func hint() async throws {
    let folder = try Folder()
    let bare = try await Command.run(Self.start, in: folder)
    #expect(bare.output == "1\n" && bare.errors.contains("--stop-after 2h"), "\(bare.errors)")
    let unstarted = Self.start + ["--run", "b", "--start", "false"]
    #expect(!(try await Command.run(unstarted, in: folder)).errors.contains("--stop-after"))
    let planned = Self.start + ["--occurrence", "final"]
    #expect(!(try await Command.run(planned, in: folder)).errors.contains("--stop-after"))
  }

  @Test("a time that is none, or no time at all, is refused; kinds that start nothing have no such flag")
  func refused() async throws {
    let folder = try Folder()
    for wrong in ["soon", "0s"] {
      let ended = try await Command.run(Self.start + ["--stop-after", wrong], in: folder)
      #expect(ended.status == 2 && ended.errors.contains("--stop-after"), "\(ended.errors)")
    }
    let other = try await Command.run(EnqueueTests.target + ["--stop-after", "2h"], in: folder)
    #expect(other.status == 2 && other.errors.contains("unknown option '--stop-after'"), "\(other.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.database))
  }

  @Test("--check counts both jobs")
  func check() async throws {
    let folder = try Folder()
    let ended = try await Command.run(Self.start + ["--stop-after", "2h", "--check"], in: folder)
    #expect(ended.output.contains("2 jobs, no errors"), "\(ended.output)\(ended.errors)")
  }
}
