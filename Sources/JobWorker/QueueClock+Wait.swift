import JobQueue
import Threading

extension QueueClock {
  /// Waits for `work`, but no longer than `limit`, even in a cancelled task: a shutdown must end even if a store or a
  /// handler hangs. Work that takes longer is abandoned.
  /// - Returns: whether the work ended in time.
  func wait(atMost limit: Duration, for work: @escaping @Sendable () async -> Void) async -> Bool {
    let latch = Latch<Bool>()
    let deadline = now() + limit
    let timer = Task {
      if (try? await sleep(until: deadline)) != nil { latch.open(false) }
    }
    Task {
      await work()
      latch.open(true)
    }
    let ended = await latch.wait()
    timer.cancel()
    return ended
  }
}
