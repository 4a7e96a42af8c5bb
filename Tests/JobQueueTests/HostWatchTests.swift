import JobQueue
import JobQueueTestKit
import Testing

@Suite("A look for lost workers")
struct HostWatchTests {
  static let now = Timestamp(milliseconds: 1_000_000_000)

  private func worker(_ name: String, on host: String, silentFor silence: Duration = .zero) -> WorkerRecord {
    WorkerRecord(
      id: WorkerID(name), host: host, pid: 1, processStart: "1", startedAt: Self.now - silence,
      seenAt: Self.now - silence, queues: [])
  }

  private func watch(gone: Set<String>) -> HostWatch {
    HostWatch(host: "here", worker: WorkerID("me"), isAlive: { !gone.contains($0.id.rawValue) })
  }

  @Test("sees the processes of its own host only, and knows of itself that it lives")
  func sightings() {
    let workers = [
      worker("me", on: "here"), worker("a", on: "here"), worker("b", on: "here"), worker("c", on: "there"),
    ]
    let sightings = watch(gone: ["me", "b", "c"]).sightings(of: workers)
    #expect(sightings == WorkerSightings(gone: [WorkerID("b")], alive: [WorkerID("me"), WorkerID("a")]))
  }

  @Test("forgets a worker of another host that was silent for longer than a day, none of its own")
  func forgotten() {
    let day = Duration.seconds(86_400)
    let workers = [
      worker("silent", on: "there", silentFor: day + .milliseconds(1)), worker("seen", on: "there", silentFor: day),
      worker("here", on: "here", silentFor: day * 2),
    ]
    #expect(watch(gone: []).forgotten(of: workers, at: Self.now) == [WorkerID("silent")])
  }

  @Test("tells what it took before the store failed, and the failure when it took nothing", arguments: [true, false])
  func failure(tookSomething: Bool) async throws {
    let base = InMemoryJobStore()
    if tookSomething { _ = try await base.enqueue([NewJob(kind: "a")], at: Self.now) }
    let lease = LeaseRequest(owner: WorkerID("b"), limits: [.init(queue: "default", count: 1)])
    let leased = try await base.lease(lease, at: Self.now)
    try await base.announce(worker("b", on: "here"))
    let store = LossyStore(base, losing: { $0 == "retire" ? .beforeCommit : nil })
    let look = watch(gone: ["b"])
    if tookSomething {
      let reaped = try await store.reap(watching: look, terms: .standard, at: Self.now)
      #expect(reaped == Reaped(jobs: [leased[0].job.id: .ready]))
    } else {
      await #expect(throws: JobStoreError.self) {
        _ = try await store.reap(watching: look, terms: .standard, at: Self.now)
      }
    }
    #expect(try await base.workers().map(\.id) == [WorkerID("b")])
  }
}
