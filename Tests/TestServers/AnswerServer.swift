import Glibc

/// A server on 127.0.0.1 that answers every request on a connection of its own, one after the other.
public final class AnswerServer: Sendable {
  /// Where it listens.
  public let port: UInt16
  private let listener: Int32
  private let thread: pthread_t

  /// Starts it.
  /// - Parameter answer: what it writes before it closes the connection; an empty text cuts the connection.
  /// - Throws: ``TestServerError`` when there is no socket or thread to be had.
  public convenience init(_ answer: String) throws {
    let bytes = Array(answer.utf8)
    try self.init { _ in bytes }
  }

  /// Starts one that looks at what it is asked.
  /// - Parameter answer: given a whole request, what it writes before it closes the connection.
  public init(_ answer: @escaping @Sendable ([UInt8]) -> [UInt8]) throws {
    (listener, port) = try LoopbackPort.listen()
    let duty = Unmanaged.passRetained(Duty(listener: listener, answer: answer))
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { context in
        if let context { Unmanaged<Duty>.fromOpaque(context).takeRetainedValue().run() }
        return nil
      }, duty.toOpaque())
    self.thread = thread
    guard code == 0 else {
      duty.release()
      close(listener)
      throw TestServerError("no thread: \(String(cString: strerror(code)))")
    }
  }

  /// Ends it; nobody is reached at its port from now on. Called once, after the last exchange.
  public func stop() {
    shutdown(listener, Int32(SHUT_RDWR))
    pthread_join(thread, nil)
  }

  /// As ``stop()``, without waiting for an exchange under way: for an answer that may need the caller's own thread.
  func letGo() {
    shutdown(listener, Int32(SHUT_RDWR))
    pthread_detach(thread)
  }

  /// An answer in the form of HTTP/1.1; it says that the connection will be closed.
  /// - Parameter headers: whole lines, such as `Retry-After: 5`.
  public static func answer(_ status: Int, headers: [String] = [], body: String = "") -> String {
    let fields = headers + ["Content-Length: \(body.utf8.count)", "Connection: close"]
    return "HTTP/1.1 \(status) Answer\r\n\(fields.joined(separator: "\r\n"))\r\n\r\n\(body)"
  }

  private final class Duty: Sendable {
    let listener: Int32
    let answer: @Sendable ([UInt8]) -> [UInt8]

    init(listener: Int32, answer: @escaping @Sendable ([UInt8]) -> [UInt8]) {
      self.listener = listener
      self.answer = answer
    }

    func run() {
      defer { close(listener) }
      while true {
        let peer = accept(listener, nil, nil)
        if peer < 0, errno == EINTR || errno == ECONNABORTED { continue }
        guard peer >= 0 else { return }
        if let request = request(from: peer) {
          let bytes = answer(request)
          send(peer, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        }
        close(peer)
      }
    }

    /// Reads one whole request: closing before all of it is read would reset the connection and lose the answer.
    private func request(from peer: Int32) -> [UInt8]? {
      var timeout = timeval(tv_sec: 240, tv_usec: 0)
      setsockopt(peer, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
      var request: [UInt8] = []
      var chunk = [UInt8](repeating: 0, count: 4096)
      while !Self.isWhole(request) {
        let count = recv(peer, &chunk, chunk.count, 0)
        guard count > 0 else { return nil }
        request += chunk[..<count]
      }
      return request
    }

    private static func isWhole(_ request: [UInt8]) -> Bool {
      // A TLS greeting is no request; it gets the answer in plain text at once.
      if request.first == 0x16 { return true }
      let text = String(decoding: request, as: UTF8.self)
      guard let end = text.firstRange(of: "\r\n\r\n") else { return false }
      let length = text[..<end.lowerBound].split(separator: "\r\n").lazy
        .first { $0.lowercased().hasPrefix("content-length:") }.flatMap { Int($0.dropFirst(15).filter(\.isNumber)) }
      return text[end.upperBound...].utf8.count >= length ?? 0
    }
  }
}
