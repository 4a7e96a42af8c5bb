import Glibc

/// A request as it stood on the wire.
struct ReceivedRequest: Sendable {
  var head: String
  var body: [UInt8]

  var requestLine: String { lines.first ?? "" }
  var lines: [String] { head.split(separator: "\r\n").map(String.init) }

  /// All values of a field, compared without case.
  func values(_ name: String) -> [String] {
    lines.dropFirst().compactMap { line in
      let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, parts[0].lowercased() == name.lowercased() else { return nil }
      return String(parts[1].drop { $0 == " " })
    }
  }
}

/// The server's end of one connection.
struct PeerConnection: Sendable {
  private let descriptor: Int32
  private let record: @Sendable (ReceivedRequest) -> Void

  init(_ descriptor: Int32, record: @escaping @Sendable (ReceivedRequest) -> Void) {
    self.descriptor = descriptor
    self.record = record
  }

  /// Reads a request's head and as much body as it announces; nil when the peer closes before. The request is recorded.
  @discardableResult
  func readRequest() -> ReceivedRequest? {
    guard let head = readHead() else { return nil }
    var request = ReceivedRequest(head: head, body: [])
    let length = request.values("content-length").first.flatMap { Int($0) } ?? 0
    guard let body = readBody(length) else { return nil }
    request.body = body
    record(request)
    return request
  }

  /// Reads up to the empty line, not a byte more.
  func readHead() -> String? {
    var head: [UInt8] = []
    var byte: UInt8 = 0
    while !head.suffix(4).elementsEqual("\r\n\r\n".utf8) {
      guard recv(descriptor, &byte, 1, 0) == 1 else { return nil }
      head.append(byte)
    }
    return String(decoding: head, as: UTF8.self)
  }

  func readBody(_ length: Int) -> [UInt8]? {
    var body = [UInt8](repeating: 0, count: length)
    var count = 0
    while count < length {
      let got = body.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress?.advanced(by: count), length - count, 0) }
      guard got > 0 else { return nil }
      count += got
    }
    return body
  }

  func write(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let sent = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard sent > 0 else { return }
      rest = rest.dropFirst(sent)
    }
  }

  /// A complete answer that keeps the connection open.
  func answer(_ status: String = "200 OK", headers: [String] = [], body: String = "") {
    let fields = (headers + ["Content-Length: \(body.utf8.count)"]).map { $0 + "\r\n" }.joined()
    write("HTTP/1.1 \(status)\r\n\(fields)\r\n\(body)")
  }

  /// Answers every request of the connection in the same way.
  func answerAll(_ status: String = "200 OK", headers: [String] = [], body: String = "") {
    while readRequest() != nil { answer(status, headers: headers, body: body) }
  }

  /// Blocks until the peer has gone.
  func waitForClose() {
    var byte: UInt8 = 0
    while recv(descriptor, &byte, 1, 0) > 0 {}
  }

  /// Ends the connection now; on the loopback the peer's socket knows it when this returns.
  func end() {
    shutdown(descriptor, Int32(SHUT_RDWR))
  }

  /// Makes the close at the script's end a reset.
  func resetOnClose() {
    var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
  }
}
