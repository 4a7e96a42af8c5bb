import Glibc
import JobQueue
import Testing
import Threading

@testable import SQLiteJobStore

@Suite("Turns to write")
struct WriteTurnTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func turn(_ timeout: Duration = .seconds(60)) throws -> ProcessWriteLock {
    try ProcessWriteLock(beside: directory.database, timeout: timeout)
  }

  @Test("One at a time: whoever comes while another writes waits, and writes after it")
  func exclusive() async throws {
    let turns = try (0..<4).map { _ in try turn() }
    defer { for turn in turns { turn.close() } }
    do {
      let inside = Lock()
      let counts = Tally()
      await withTaskGroup { group in
        for turn in turns {
          let done = Latch<Void>()
          group.addTask { await done.wait() }
          try? DedicatedThread.start(for: "test") {
            for _ in 0..<200 {
              guard (try? turn.take()) != nil else { continue }
              // Nobody else is in here, or the lock would be taken.
              if pthread_mutex_trylock(inside.mutex) == 0 {
                sched_yield()
                pthread_mutex_unlock(inside.mutex)
                counts.add()
              }
              turn.giveBack()
            }
            done.open()
          }
        }
      }
      #expect(counts.value == 800)
    }
  }

  @Test("Who waited too long is told, and the turn that comes late is lost to nobody")
  func timeout() throws {
    let (holder, hasty) = (try turn(), try turn(.milliseconds(20)))
    defer { for turn in [holder, hasty] { turn.close() } }
    let waited = try holder.take()
    #expect(!waited)
    #expect(throws: SQLiteFailure.self) { try hasty.take() }
    // Still in the kernel's queue from the first time, it goes on waiting there.
    #expect(throws: SQLiteFailure.self) { try hasty.take() }
    holder.giveBack()
    try holder.take()
    holder.giveBack()
  }

  @Test("A turn that was given up is taken up again when it is wanted again")
  func takenUpAgain() async throws {
    let (holder, hasty) = (try turn(), try turn())
    defer { for turn in [holder, hasty] { turn.close() } }
    try holder.take()
    #expect(throws: SQLiteFailure.self) { try hasty.take(within: .milliseconds(20)) }
    let done = Latch<Void>()
    try DedicatedThread.start(for: "test") {
      while !hasty.isWanted { sched_yield() }
      holder.giveBack()
      done.open()
    }
    let waited = try hasty.take()
    #expect(waited)
    hasty.giveBack()
    await done.wait()
  }

  @Test("The side file is private, and a link in its place is refused")
  func file() throws {
    let first = try turn(.zero)
    first.close()
    let path = directory.database + "-turn"
    var status = stat()
    try #require(stat(path, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
    try #require(unlink(path) == 0 && symlink("/etc/hostname", path) == 0)
    let error = #expect(throws: JobStoreError.self) { try turn(.zero) }
    #expect(error?.target == path)
  }
}

// @unchecked is sound: `number` is touched only while `lock` is held.
private final class Tally: @unchecked Sendable {
  private let lock = Lock()
  private var number = 0
  func add() { lock.locked { number += 1 } }
  var value: Int { lock.locked { number } }
}
