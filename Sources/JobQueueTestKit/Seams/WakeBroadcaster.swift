import Threading

/// Notifies all listeners that something may have changed.
struct WakeBroadcaster: Sendable {
  private struct Listeners {
    var last = 0
    var streams: [Int: AsyncStream<Void>.Continuation] = [:]
  }

  private let listeners = MutexBox(Listeners())

  func listen() -> AsyncStream<Void> {
    // One pending element is enough: more would only repeat it.
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let key = listeners.withLock { listeners in
      listeners.last += 1
      listeners.streams[listeners.last] = continuation
      return listeners.last
    }
    continuation.onTermination = { [listeners] _ in
      _ = listeners.withLock { $0.streams.removeValue(forKey: key) }
    }
    return stream
  }

  func ring() {
    for stream in listeners.withLock({ Array($0.streams.values) }) { stream.yield() }
  }
}
