import JobQueue
import Manifests
import StreamingJobs
import Testing

@Suite("The board of a manifest")
struct BoardTests {
  private let now = Given.now

  /// Two streams of one bucket with a CDN target; the second has a planned start.
  private static func expansion(_ more: String = "") throws -> Expansion {
    try ManifestGiven.expand(
      """
      streams:
        - {name: a, cdn: wowza-cdn}
        - {name: b, cdn: wowza-cdn, start: "2030-12-05T18:00:00Z"}
      \(more)
      """)
  }

  /// The job of a resource as a queue may hold it; jobs are numbered by their resources, from 1.
  private func job(
    _ expansion: Expansion, _ index: Int, _ state: JobState, id: Int64? = nil, finished: Timestamp? = nil
  ) -> Job {
    let new = expansion.jobs[index]
    return Job(
      id: JobID(id ?? Int64(index + 1)), kind: new.kind, queue: new.queue, state: state, payload: new.payload,
      uniqueKey: new.uniqueKey, labels: new.labels, runAt: now, createdAt: now, updatedAt: now, finishedAt: finished,
      maxAttempts: 5)
  }

  private func item(_ expansion: Expansion, _ index: Int) throws -> (String, InventoryItem) {
    let key = expansion.jobs[index].uniqueKey ?? ""
    let text = """
      {"manifest":"cup","kind":"\(expansion.jobs[index].kind)","resource":"\(key)","desired":"sha256:0","state":"present",
      "verifiedAt":\(now.milliseconds)}
      """
    return (key, try JSONText.decode(InventoryItem.self, from: text))
  }

  @Test("a stream stands as what of it is furthest behind; planned starts and stops do not count")
  func streams() throws {
    let expansion = try Self.expansion()
    #expect(expansion.resources.map(\.role) == [.bucket, .cdnTarget, .mapEntry, .mapEntry, .enableMapEntry])
    func standings(_ states: [JobState?], stuck: Set<JobID> = []) -> [Board.Standing] {
      let jobs = states.enumerated().compactMap { index, state in state.map { job(expansion, index, $0) } }
      return Board(expansion, jobs: jobs, stuck: stuck, inventory: [:]).streams
    }
    #expect(standings([nil, nil, nil, nil, nil]) == [.absent, .absent])
    #expect(standings([.completed, .completed, .completed, .completed, .scheduled]) == [.done, .done])
    #expect(standings([.completed, .completed, .completed, .running, .blocked]) == [.done, .running])
    #expect(standings([.completed, .ready, .completed, .completed, .dead]) == [.waiting, .waiting])
    #expect(standings([.completed, .completed, .dead, .held, nil]) == [.failed, .failed])
    #expect(standings([.completed, .completed, .cancelled, .scheduled, nil]) == [.absent, .waiting])
    #expect(standings([.dead, .blocked, .blocked, .blocked, nil], stuck: [JobID(2), JobID(3)]) == [.failed, .failed])
  }

  @Test("of several jobs the newest counts, and what is pruned is known by the inventory")
  func memory() throws {
    let expansion = try Self.expansion()
    var jobs = [job(expansion, 2, .dead, id: 30), job(expansion, 2, .completed, id: 3)]
    #expect(Board(expansion, jobs: jobs, stuck: [], inventory: [:]).cells[2].standing == .failed)
    jobs.swapAt(0, 1)
    #expect(Board(expansion, jobs: jobs, stuck: [], inventory: [:]).cells[2].standing == .done)
    let items = Dictionary(uniqueKeysWithValues: try (0...3).map { try item(expansion, $0) })
    let board = Board(expansion, jobs: [], stuck: [], inventory: items)
    #expect(board.streams == [.done, .done])
    #expect(board.cells[0].verifiedAt == now)
    #expect(!board.isOpen)
    // A job that was cancelled takes nothing away that is there.
    let cancelled = Board(expansion, jobs: [job(expansion, 2, .cancelled)], stuck: [], inventory: items)
    #expect(cancelled.streams == [.done, .done])
  }

  @Test("it counts by what there is to do, names the failed jobs once, and puts them first")
  func counts() throws {
    let expansion = try Self.expansion()
    let jobs = [
      job(expansion, 0, .dead), job(expansion, 1, .blocked), job(expansion, 2, .blocked), job(expansion, 3, .completed),
    ]
    let board = Board(expansion, jobs: jobs, stuck: [JobID(2), JobID(3)], inventory: [:])
    #expect(board.failedJobs.map(\.id.rawValue) == [1])
    #expect(board.count(.failed, .mapEntry) == 1 && board.count(.done, .mapEntry) == 1)
    #expect(board.count(.failed) == 2 && !board.isOpen)
    let other = Board(expansion, jobs: jobs.dropFirst(2) + [job(expansion, 1, .dead)], stuck: [], inventory: [:])
    #expect(other.order == [0, 1])
  }

  @Test("it waits for the check of a rollout that is not over, and counts a stopped one among what failed")
  func rollout() throws {
    let expansion = try Self.expansion("rollout: {canary: 1}")
    var check = job(expansion, 0, .scheduled, id: 9)
    check.kind = CheckWave.kind
    check.uniqueKey = "check-wave:cup:1"
    #expect(Board(expansion, jobs: [check], stuck: [], inventory: [:]).rollout?.id.rawValue == 9)
    check.state = .dead
    #expect(Board(expansion, jobs: [check], stuck: [], inventory: [:]).failedJobs.map(\.id.rawValue) == [9])
    check.state = .completed
    #expect(Board(expansion, jobs: [check], stuck: [], inventory: [:]).rollout == nil)
  }

  @Test("it shows how long it will take at the pace of the last minutes, and nothing if there is none")
  func left() throws {
    let expansion = try ManifestGiven.expand(
      "groups: [{name: all, generate: {name: \"cam-{n}\", from: 1, to: 29}}]")
    func board(_ done: Int, ago: Int64) -> Board {
      let jobs = expansion.jobs.indices.map { index in
        index < done
          ? job(
            expansion, index, .completed, finished: now - .seconds(ago + Int64(done - 1 - index)))
          : job(expansion, index, .ready)
      }
      return Board(expansion, jobs: jobs, stuck: [], inventory: [:])
    }
    // Ten in ten seconds, twenty to go.
    #expect(board(10, ago: 1).left(at: now) == .seconds(20))
    #expect(board(4, ago: 1).left(at: now) == nil)
    #expect(board(10, ago: 1000).left(at: now) == nil)
    #expect(board(30, ago: 1).left(at: now) == nil)
  }
}
