import NIOCore
import Synchronization

/// The open connections of one listening socket.
final class Connections: Sendable {
  struct Closed: Error {}

  private struct State {
    var open: [ObjectIdentifier: any Channel] = [:]
    var isClosed = false
  }

  private let state = Mutex(State())

  /// Adds a connection that was just accepted.
  /// - Throws: ``Closed`` if it came too late.
  func admit(_ channel: any Channel) throws {
    try state.withLock { state in
      if state.isClosed { throw Closed() }
      state.open[ObjectIdentifier(channel)] = channel
    }
    channel.closeFuture.whenComplete { [self] _ in
      state.withLock { $0.open[ObjectIdentifier(channel)] = nil }
    }
  }

  /// Closes every connection, including those that are still being accepted; returns when they are closed.
  func close() async {
    let open = state.withLock { state in
      state.isClosed = true
      return Array(state.open.values)
    }
    for channel in open {
      channel.close(promise: nil)
      try? await channel.closeFuture.get()
    }
  }
}
