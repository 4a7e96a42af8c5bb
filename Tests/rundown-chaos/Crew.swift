import Glibc
import JobQueueTestKit
import TestServers

/// The worker processes: one of them is killed again and again, and another begins in its place.
actor Crew {
  private struct Worker {
    let process: ServerProcess
    /// Its log.
    let log: String
  }

  private let desk: Desk
  private let random: SeededRandom
  private var workers: [Worker] = []
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
  /// - Parameter spared: the names of those that are left alone.
  func killOne(sparing spared: Set<String>) async throws {
    let places = workers.indices.filter { place in
      let log = desk.text(workers[place].log)
      return !spared.contains { log.contains("worker=\($0)") }
    }
    guard !places.isEmpty else { return }
    let place = places[random.below(places.count)]
    let victim = workers[place].process
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
  func drain() async throws {
    for worker in workers {
      try await hasBegun(worker)
      worker.process.signal(SIGTERM)
    }
    for worker in workers {
      let status = await worker.process.end()
      if status != 0 { troubles.append("a worker that was asked to finish ended with status \(status)") }
    }
    workers = []
  }

  /// The newest may not listen to signals yet.
  private func hasBegun(_ worker: Worker) async throws {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(240)
    while !desk.text(worker.log).contains("worker started"), !worker.process.hasEnded(), clock.now < deadline {
      try await clock.sleep(for: .milliseconds(20))
    }
  }

  private func another() throws -> Worker {
    begun += 1
    let output = "worker-\(begun)"
    return Worker(process: try desk.start(["worker"], output: output), log: "\(output).err")
  }
}
