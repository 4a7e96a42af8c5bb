import Glibc
import Threading

@testable import HTTPTransport

/// A server that does on each connection exactly what a test says, however wrong that is. Plain blocking sockets and
/// one thread per connection: what goes over the wire, and when a connection breaks, is in the script's hands.
final class ScriptedServer: Sendable {
  /// What the server does on its `index`th connection; the connection is closed when it returns.
  typealias Script = @Sendable (_ peer: PeerConnection, _ index: Int) -> Void

  struct StartFailure: Error {}

  private struct State: Sendable {
    var requests: [ReceivedRequest] = []
    var open: Set<Int32> = []
    var isStopped = false
  }

  let port: UInt16
  private let listener: Int32
  private let state = MutexBox(State())

  init(_ script: @escaping Script) throws {
    (listener, port) = try Self.listen(backlog: 128)
    let thread = Thread { [self] in
      var index = 0
      while true {
        let descriptor = accept(listener, nil, nil)
        guard descriptor >= 0 else { break }
        guard admit(descriptor) else { break }
        let peer = PeerConnection(descriptor) { [self] request in state.withLock { $0.requests.append(request) } }
        let number = index
        Thread { [self] in
          script(peer, number)
          release(descriptor)
        }.start()
        index += 1
      }
      // Here and not in `stop`: a number that is free again may be another test's server, and its connections were ours.
      close(listener)
    }
    thread.start()
  }

  /// `http://127.0.0.1:port` and the path.
  func url(_ path: String = "/") -> String { "http://127.0.0.1:\(port)\(path)" }

  /// Every request read so far, in the order in which they were complete.
  var requests: [ReceivedRequest] { state.withLock { $0.requests } }

  /// Ends the listening and all connections; their threads follow. Once it is shut down, `accept` takes nobody more.
  func stop() {
    state.withLock { state in
      guard !state.isStopped else { return }
      state.isStopped = true
      Glibc.shutdown(listener, Int32(SHUT_RDWR))
      for descriptor in state.open { Glibc.shutdown(descriptor, Int32(SHUT_RDWR)) }
    }
  }

  private func admit(_ descriptor: Int32) -> Bool {
    state.withLock { state in
      if state.isStopped {
        close(descriptor)
        return false
      }
      state.open.insert(descriptor)
      return true
    }
  }

  /// Under the lock, so that `stop` never shuts down a number that the system has given to another file.
  private func release(_ descriptor: Int32) {
    state.withLock { state in
      state.open.remove(descriptor)
      close(descriptor)
    }
  }

  /// A listening socket on a free port of the loopback.
  static func listen(backlog: Int32) throws -> (descriptor: Int32, port: UInt16) {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = loopback(port: 0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        bind(descriptor, generic, length) == 0 && Glibc.listen(descriptor, backlog) == 0
          && getsockname(descriptor, generic, &length) == 0
      }
    }
    guard isListening else { throw StartFailure() }
    return (descriptor, UInt16(bigEndian: address.sin_port))
  }

  static func loopback(port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    address.sin_port = port.bigEndian
    return address
  }
}

/// A detached thread that runs one closure.
struct Thread {
  let body: @Sendable () -> Void

  private final class Box: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  func start() {
    var thread = pthread_t()
    pthread_create(
      &thread, nil,
      { context in
        if let context { Unmanaged<Box>.fromOpaque(context).takeRetainedValue().body() }
        return nil
      }, Unmanaged.passRetained(Box(body)).toOpaque())
    pthread_detach(thread)
  }
}
