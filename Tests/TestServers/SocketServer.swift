import Dispatch
import Glibc

/// A server on 127.0.0.1 whose answers a closure gives, one request after the other, each on a connection of its own.
///
/// It ends when nobody holds it any more; by then its last exchange must be over.
public final class SocketServer: Sendable {
  /// A request as it came over the wire.
  public struct Request: Sendable {
    /// GET and so on.
    public var method: String
    /// Path and query.
    public var target: String
    /// Names as they were sent.
    public var headers: [(name: String, value: String)]
    /// All bytes of the body.
    public var body: [UInt8]

    /// The first field of this name, however it is spelled.
    public func header(_ name: String) -> String? {
      headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
  }

  /// What it writes before it closes the connection; nil where it cuts it without a word.
  public struct Answer: Sendable {
    /// The status.
    public var status: Int
    /// Fields beside the length of the body.
    public var headers: [(name: String, value: String)]
    /// The body; an answer to HEAD has none, and tells a length only where the fields do.
    public var body: [UInt8]

    /// Creates an answer.
    public init(_ status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
      self.status = status
      self.headers = headers
      self.body = body
    }

    /// An answer of text.
    public static func text(
      _ status: Int, _ text: String, headers: [(name: String, value: String)] = []
    ) -> Answer { Answer(status, headers: headers, body: Array(text.utf8)) }
  }

  /// Where it listens.
  public let port: UInt16
  private let listener: Int32
  private let thread: pthread_t

  /// `http://127.0.0.1:PORT`.
  public var url: String { "http://127.0.0.1:\(port)" }

  /// Starts it.
  /// - Throws: ``TestServerError`` when there is no socket or thread to be had.
  public init(_ respond: @escaping @Sendable (Request) async -> Answer?) throws {
    (listener, port) = try LoopbackPort.listen()
    let duty = Unmanaged.passRetained(Duty(listener: listener, respond: respond))
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
      throw TestServerError("no thread: \(String(cString: strerror(code)))")
    }
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    pthread_join(thread, nil)
    close(listener)
  }

  private final class Duty: Sendable {
    let listener: Int32
    let respond: @Sendable (Request) async -> Answer?
    private let executor = QueueExecutor()

    init(listener: Int32, respond: @escaping @Sendable (Request) async -> Answer?) {
      self.listener = listener
      self.respond = respond
    }

    func run() {
      while true {
        let peer = accept(listener, nil, nil)
        if peer < 0, errno == EINTR || errno == ECONNABORTED { continue }
        guard peer >= 0 else { return }
        var timeout = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(peer, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        if let request = read(from: peer), let answer = answer(to: request) {
          write(answer, isHead: request.method == "HEAD", to: peer)
        }
        close(peer)
      }
    }

    /// This thread waits, so that the answer may come from an actor.
    private func answer(to request: Request) -> Answer? {
      let box = Box()
      let done = DispatchSemaphore(value: 0)
      // Owned by the wait below. Not on the pool that the tests share: busy with them, it would make clients wait too long.
      Task(executorPreference: executor) {
        box.answer = await self.respond(request)
        done.signal()
      }
      done.wait()
      return box.answer
    }

    private final class QueueExecutor: TaskExecutor {
      private let queue = DispatchQueue(label: "socket-server")

      func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
      }
    }

    // Written before `signal`, read after `wait`: never by two at once.
    private final class Box: @unchecked Sendable { var answer: Answer? }

    private func read(from peer: Int32) -> Request? {
      var bytes: [UInt8] = []
      var chunk = [UInt8](repeating: 0, count: 1 << 16)
      var end: Int?
      while end == nil {
        let count = recv(peer, &chunk, chunk.count, 0)
        guard count > 0 else { return nil }
        let searched = max(0, bytes.count - 3)
        bytes += chunk[..<count]
        end = bytes[searched...].firstRange(of: Array("\r\n\r\n".utf8))?.upperBound
      }
      guard let end, var request = Self.head(bytes[..<end]) else { return nil }
      request.body = Array(bytes[end...])
      let length = request.header("Content-Length").flatMap { Int($0) } ?? 0
      if request.header("Expect") != nil, request.body.isEmpty { write("HTTP/1.1 100 Continue\r\n\r\n", to: peer) }
      request.body.reserveCapacity(length)
      while request.body.count < length {
        let count = recv(peer, &chunk, chunk.count, 0)
        guard count > 0 else { return nil }
        request.body += chunk[..<count]
      }
      return request
    }

    private static func head(_ bytes: ArraySlice<UInt8>) -> Request? {
      let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\r\n")
      guard let words = lines.first?.split(separator: " "), words.count == 3 else { return nil }
      let headers = lines.dropFirst().compactMap { line -> (name: String, value: String)? in
        guard let colon = line.firstIndex(of: ":") else { return nil }
        return (String(line[..<colon]), String(line[line.index(after: colon)...].drop { $0 == " " }))
      }
      return Request(method: String(words[0]), target: String(words[1]), headers: headers, body: [])
    }

    private func write(_ answer: Answer, isHead: Bool, to peer: Int32) {
      var head = "HTTP/1.1 \(answer.status) Answer\r\nConnection: close\r\n"
      // An answer to HEAD may tell no length at all.
      if !isHead, !answer.headers.contains(where: { $0.name.lowercased() == "content-length" }) {
        head += "Content-Length: \(answer.body.count)\r\n"
      }
      for (name, value) in answer.headers { head += "\(name): \(value)\r\n" }
      write(Array((head + "\r\n").utf8) + (isHead ? [] : answer.body), to: peer)
    }

    private func write(_ text: String, to peer: Int32) { write(Array(text.utf8), to: peer) }

    private func write(_ bytes: [UInt8], to peer: Int32) {
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { send(peer, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        guard count > 0 else { return }
        rest = rest.dropFirst(count)
      }
    }
  }
}
