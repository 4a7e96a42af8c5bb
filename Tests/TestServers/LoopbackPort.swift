import Glibc

/// Ports on 127.0.0.1.
enum LoopbackPort {
  /// A port that was free a moment ago.
  static func free() throws -> UInt16 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    defer { close(descriptor) }
    var bound = address(port: 0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let failed = withSocketAddress(&bound) {
      bind(descriptor, $0, length) != 0 || getsockname(descriptor, $0, &length) != 0
    }
    guard descriptor >= 0, !failed else { throw TestServerError("no free port: \(String(cString: strerror(errno)))") }
    return UInt16(bigEndian: bound.sin_port)
  }

  /// The status that a plain GET is answered with; nil when nobody answers within a second.
  static func status(port: UInt16, path: String) -> Int? {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var patience = timeval(tv_sec: 1, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    var peer = address(port: port)
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    guard withSocketAddress(&peer, { connect(descriptor, $0, size) }) == 0 else { return nil }
    let request = Array("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n\r\n".utf8)
    guard send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else { return nil }
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = recv(descriptor, &bytes, bytes.count, Int32(MSG_WAITALL))
    guard count > 0 else { return nil }
    let words = String(decoding: bytes[..<count], as: UTF8.self).split(separator: " ", maxSplits: 2)
    return words.count == 3 && words[0].hasPrefix("HTTP/1.") ? Int(words[1]) : nil
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
