import JobQueue

/// A virtual clock's face that tells who sleeps until when, so that a test moves time only when the part that it is
/// about has gone to sleep.
struct ProbedClock: QueueClock {
  let base: any QueueClock
  let log = SleepLog()

  func now() -> Timestamp { base.now() }

  func sleep(until deadline: Timestamp) async throws {
    await log.add(deadline)
    do {
      try await base.sleep(until: deadline)
      await log.remove(deadline)
    } catch {
      await log.remove(deadline)
      throw error
    }
  }
}

/// The deadlines that are slept for.
actor SleepLog {
  private var deadlines: [Timestamp] = []

  /// Returns when at least `count` sleep until `deadline`.
  func wait(for deadline: Timestamp, count: Int = 1) async {
    await eventually { sleepers(deadline) >= count }
  }

  func isSlept(until deadline: Timestamp) -> Bool { deadlines.contains(deadline) }

  fileprivate func add(_ deadline: Timestamp) {
    deadlines.append(deadline)
  }

  fileprivate func remove(_ deadline: Timestamp) {
    if let index = deadlines.firstIndex(of: deadline) { deadlines.remove(at: index) }
  }

  private func sleepers(_ deadline: Timestamp) -> Int {
    deadlines.filter { $0 == deadline }.count
  }
}
