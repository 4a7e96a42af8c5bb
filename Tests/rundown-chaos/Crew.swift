import Glibc
import JobQueueTestKit
import TestServers

/// The worker processes: one of them is killed again and again, and another begins in its place.
actor Crew {
  private let desk: Desk
  private let random: SeededRandom
  private var workers: [ServerProcess] = []
  private var begun = 0
  private(set) var kills = 0
  /// What a worker did that no worker should do.
  private(set) var troubles: [String] = []

  init(_ desk: Desk, random: SeededRandom) {
    self.desk = desk
    self.random = random
  }

  func begin(_ count: Int) throws {
    while workers.count < count { workers.append(try another()) }
  }

  /// Kills one of them with SIGKILL and starts another.
  func killOne() async throws {
    let place = random.below(workers.count)
    let victim = workers[place]
    if victim.hasEnded() {
      troubles.append("a worker ended by itself with status \(await victim.end())")
    } else {
      victim.signal(SIGKILL)
      _ = await victim.end()
      kills += 1
    }
    workers[place] = try another()
  }

  /// Asks all of them to finish, and waits until they have.
  func drain() async {
    for worker in workers { worker.signal(SIGTERM) }
    for worker in workers {
      let status = await worker.end()
      if status != 0 { troubles.append("a worker that was asked to finish ended with status \(status)") }
    }
    workers = []
  }

  private func another() throws -> ServerProcess {
    begun += 1
    return try desk.start(["worker"], output: "worker-\(begun)")
  }
}
