/// Lets no one through until it is opened; a cancelled task gets a `CancellationError`.
actor Gate {
  private var isOpen = false
  private var waiters: [Int: CheckedContinuation<Void, any Error>] = [:]
  private var arrivals = 0

  func open() {
    isOpen = true
    for waiter in waiters.values { waiter.resume() }
    waiters = [:]
  }

  func pass() async throws {
    if isOpen { return }
    arrivals += 1
    let number = arrivals
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
        if Task.isCancelled {
          continuation.resume(throwing: CancellationError())
        } else {
          waiters[number] = continuation
        }
      }
    } onCancel: {
      Task { await self.turnAway(number) }
    }
  }

  private func turnAway(_ number: Int) {
    waiters.removeValue(forKey: number)?.resume(throwing: CancellationError())
  }
}
