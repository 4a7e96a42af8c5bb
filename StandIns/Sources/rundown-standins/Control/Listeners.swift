/// The providers' listeners by name; one can be taken down for a while.
actor Listeners {
  private let time: StandInTime
  private let listeners: [String: Listener]
  private var reopening: [String: Task<Void, Never>] = [:]

  init(_ listeners: [String: Listener], time: StandInTime) {
    self.listeners = listeners
    self.time = time
  }

  /// Closes the listener and opens it again on the same port after `seconds`.
  func takeDown(_ name: String, seconds: Double) async {
    guard let listener = listeners[name] else { return }
    reopening[name]?.cancel()
    await listener.close(keepingPort: true)
    reopening[name] = Task { [time] in
      do {
        try await time.sleep(seconds)
        try await listener.open()
      } catch {
        // Cancelled: another call decides when it opens. Not opened: `/healthz` shows it.
      }
    }
  }

  /// Opens the named listener, or all of them, if down.
  func bringUp(_ name: String? = nil) async throws {
    for (each, listener) in listeners where name == nil || name == each {
      reopening.removeValue(forKey: each)?.cancel()
      try await listener.open()
    }
  }

  /// Closes all listeners for good.
  func close() async {
    reopening.values.forEach { $0.cancel() }
    reopening = [:]
    for listener in listeners.values { await listener.close() }
  }

  var names: [String] {
    Array(listeners.keys)
  }

  func open() async -> [String: Bool] {
    var open: [String: Bool] = [:]
    for (name, listener) in listeners { open[name] = await listener.isOpen }
    return open
  }
}
