import Dispatch
import Glibc
import Synchronization

/// A server over plain sockets that answers each connection once and keeps what it was sent, byte by byte.
final class RawServer: Sendable {
  let port: Int
  private let listener: Listening
  private let received: Received

  /// - Parameter answer: the whole answer to a whole request, both as they are on the wire.
  init(_ answer: @escaping @Sendable (String) -> String) throws {
    let listener = Listening()
    self.listener = listener
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = listener.descriptor
    let isListening = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && listen(descriptor, 1024) == 0 && getsockname(descriptor, $0, &length) == 0
      }
    }
    guard isListening else { throw Unusable(number: errno) }
    port = Int(UInt16(bigEndian: address.sin_port))
    let received = Received()
    self.received = received
    DispatchQueue(label: "raw-server").async {
      while case let connection = accept(listener.descriptor, nil, nil), connection >= 0 {
        let request = Self.request(from: connection)
        // Before the answer: whoever has that may request for the requests.
        received.requests.withLock { $0.append(request) }
        let bytes = Array(answer(request).utf8)
        send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        close(connection)
      }
    }
  }

  /// What was sent so far.
  var requests: [String] { received.requests.withLock { $0 } }

  struct Unusable: Error {
    let number: Int32
  }

  /// Ends the wait for connections. May be called again.
  func stop() {
    shutdown(listener.descriptor, Int32(SHUT_RDWR))
  }

  /// The listening socket, closed when neither the server nor its thread needs it: a number that is used after it was
  /// closed may be a connection of somebody else.
  private final class Listening: Sendable {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)

    deinit { close(descriptor) }
  }

  private final class Received: Sendable {
    let requests = Mutex<[String]>([])
  }

  /// Reads up to the end that `Content-Length` tells.
  private static func request(from connection: Int32) -> String {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16_384)
    while true {
      let text = String(decoding: bytes, as: UTF8.self)
      if let end = text.firstRange(of: "\r\n\r\n") {
        let length = text[..<end.lowerBound].lowercased().firstRange(of: "content-length: ").flatMap { start in
          Int(text[start.upperBound...].prefix { $0.isNumber })
        }
        if text[end.upperBound...].utf8.count >= length ?? 0 { return text }
      }
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return text }
      bytes += buffer[..<count]
    }
  }
}
