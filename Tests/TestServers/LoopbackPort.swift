import Glibc

/// Ports on 127.0.0.1.
public enum LoopbackPort {
  /// A port that was free a moment ago.
  static func free() throws -> UInt16 {
    let (descriptor, port) = try bound()
    close(descriptor)
    return port
  }

  /// A socket that listens on a free port.
  static func listen() throws -> (descriptor: Int32, port: UInt16) {
    let (descriptor, port) = try bound()
    guard Glibc.listen(descriptor, 16) == 0 else {
      close(descriptor)
      throw TestServerError("cannot listen: \(String(cString: strerror(errno)))")
    }
    return (descriptor, port)
  }

  /// A socket that holds a free port and does not listen.
  static func bound() throws -> (descriptor: Int32, port: UInt16) {
    let descriptor = stream()
    var bound = address(port: 0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let failed = withSocketAddress(&bound) {
      bind(descriptor, $0, length) != 0 || getsockname(descriptor, $0, &length) != 0
    }
    guard !failed else {
      close(descriptor)
      throw TestServerError("no free port: \(String(cString: strerror(errno)))")
    }
    return (descriptor, UInt16(bigEndian: bound.sin_port))
  }

  /// Sends a small request over a connection of its own and reads the answer; nil when nobody answers within four minutes, which only a hang takes.
  /// - Parameter limit: bytes of the answer that are read.
  public static func exchange(
    port: UInt16, method: String = "GET", path: String, headers: [String] = [], body: String = "",
    limit: Int = 1 << 20
  ) -> (status: Int, body: String)? {
    let fields = headers + ["Host: 127.0.0.1:\(port)", "Content-Length: \(body.utf8.count)", "Connection: close"]
    let head = "\(method) \(path) HTTP/1.1\r\n\(fields.joined(separator: "\r\n"))\r\n\r\n"
    guard let bytes = exchange(port: port, Array((head + body).utf8), limit: limit) else { return nil }
    let answer = String(decoding: bytes, as: UTF8.self)
    let words = answer.split(separator: " ", maxSplits: 2)
    guard words.count == 3, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else { return nil }
    return (status, answer.firstRange(of: "\r\n\r\n").map { String(answer[$0.upperBound...]) } ?? "")
  }

  /// Sends bytes over a connection of their own and reads all that comes back; nil as above.
  static func exchange(port: UInt16, _ request: [UInt8], limit: Int = 1 << 20) -> [UInt8]? {
    let descriptor = stream()
    defer { close(descriptor) }
    var timeout = timeval(tv_sec: 240, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    var peer = address(port: port)
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    guard withSocketAddress(&peer, { connect(descriptor, $0, size) }) == 0 else { return nil }
    guard send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else { return nil }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while bytes.count < limit {
      let count = recv(descriptor, &chunk, chunk.count, 0)
      guard count >= 0 else { return nil }
      if count == 0 { break }
      bytes += chunk[..<count]
    }
    return bytes
  }

  private static func stream() -> Int32 {
    socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
  }

  private static func address(port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
    return address
  }

  private static func withSocketAddress<Result>(
    _ address: inout sockaddr_in, _ body: (UnsafeMutablePointer<sockaddr>) -> Result
  ) -> Result {
    withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1, body)
    }
  }
}
