import Dispatch
import Glibc

/// What a client sees of one exchange on a fresh connection.
enum RawOutcome: Sendable {
  case answer(RawAnswer)
  /// Connected, but the connection ended without a single byte.
  case closedSilently
  case refused
  case failed(String)
}

struct RawAnswer: Sendable {
  let status: Int
  /// Names in lower case.
  let headers: [String: String]
  let body: String
}

/// HTTP/1.1 over a plain socket, one connection per request: nothing here retries or hides an ended connection.
enum RawHTTP {
  static func send(
    port: Int, _ method: String, _ target: String, headers: [String: String] = [:], body: String = ""
  ) async -> RawOutcome {
    var text = "\(method) \(target) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
    for (name, value) in headers { text += "\(name): \(value)\r\n" }
    text += "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    let bytes = Array(text.utf8)
    // A serial queue of its own has a thread of its own: the global queues share their few threads with the tasks of
    // the server, and blocking calls there would keep it from answering.
    let queue = DispatchQueue(label: "raw-http")
    return await withCheckedContinuation { continuation in
      queue.async { continuation.resume(returning: exchange(port: port, bytes)) }
    }
  }

  /// Waits until nobody listens at `port`, and tells the last outcome.
  ///
  /// A child that another test is starting at this moment holds a copy of every listening socket until it runs its
  /// own program: for that long a connect is taken though the server has closed its socket.
  static func outcomeOnceClosed(port: Int) async throws -> RawOutcome {
    var outcome = await send(port: port, "GET", "/")
    for _ in 0..<1000 {
      guard case .closedSilently = outcome else { break }
      try await Task.sleep(for: .milliseconds(10))
      outcome = await send(port: port, "GET", "/")
    }
    return outcome
  }

  /// Whether another process that asks for `port` would be given it.
  static func isFree(port: Int) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    defer { close(descriptor) }
    return withAddress(port: port) { bind(descriptor, $0, $1) } == 0
  }

  private static func withAddress(port: Int, _ call: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        call($0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  /// Sends bytes and reads until the server closes.
  /// - Parameter isAll: also tell the server that no more will come.
  static func conversation(port: Int, _ text: String, isAll: Bool = false) async throws -> String {
    let queue = DispatchQueue(label: "raw-http")
    return try await withCheckedThrowingContinuation { continuation in
      queue.async {
        continuation.resume(
          with: Result { String(decoding: try received(port: port, Array(text.utf8), isAll: isAll), as: UTF8.self) })
      }
    }
  }

  private struct Broken: Error {
    let call: String
    let number: Int32
    var hadBegun = false
  }

  private static func exchange(port: Int, _ bytes: [UInt8]) -> RawOutcome {
    do {
      let received = try received(port: port, bytes, isAll: false)
      return received.isEmpty ? .closedSilently : parse(String(decoding: received, as: UTF8.self))
    } catch let broken as Broken {
      if broken.call == "connect", broken.number == ECONNREFUSED { return .refused }
      // The server's socket may be gone before all is sent.
      if ["send", "recv"].contains(broken.call), [ECONNRESET, EPIPE].contains(broken.number), !broken.hadBegun {
        return .closedSilently
      }
      return .failed("\(broken.call): \(broken.number)")
    } catch {
      return .failed("\(error)")
    }
  }

  private static func received(port: Int, _ bytes: [UInt8], isAll: Bool) throws -> [UInt8] {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw Broken(call: "socket", number: errno) }
    defer { close(descriptor) }
    var limit = timeval(tv_sec: 240, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    guard withAddress(port: port, { connect(descriptor, $0, $1) }) == 0 else {
      throw Broken(call: "connect", number: errno)
    }
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw Broken(call: "send", number: errno) }
      sent += count
    }
    if isAll { shutdown(descriptor, Int32(SHUT_WR)) }
    var received: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16_384)
    while true {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count >= 0 else { throw Broken(call: "recv", number: errno, hadBegun: !received.isEmpty) }
      if count == 0 { return received }
      received += buffer[..<count]
    }
  }

  private static func parse(_ text: String) -> RawOutcome {
    // Characters would join \r\n into one: cut by scalars.
    let scalars = Array(text.unicodeScalars)
    guard let end = scalars.indices.first(where: { scalars[$0...].starts(with: "\r\n\r\n".unicodeScalars) }) else {
      return .failed("no end of head")
    }
    var head = String.UnicodeScalarView()
    head.append(contentsOf: scalars[..<end])
    var body = String.UnicodeScalarView()
    body.append(contentsOf: scalars[(end + 4)...])
    let lines = String(head).split(separator: "\r\n")
    let words = lines.first?.split(separator: " ") ?? []
    guard words.count > 1, let status = Int(words[1]) else { return .failed("no status line") }
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { continue }
      headers[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
    }
    return .answer(RawAnswer(status: status, headers: headers, body: String(body)))
  }
}
