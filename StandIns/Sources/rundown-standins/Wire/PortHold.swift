import Glibc

/// Keeps a port reserved while its listener is down: bound but not listening, so connects are refused and no other
/// process gets the port. The listener can bind it again in addition because both sides set SO_REUSEADDR.
final class PortHold: Sendable {
  private let descriptor: Int32

  /// Holds the port as soon as nothing listens there.
  ///
  /// A child process that is just being started has a copy of the listening socket until it runs its own program: for
  /// that long the port is in use and accepts connects. Nil if that lasts for a minute.
  static func soon(port: Int) async -> PortHold? {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(60)
    while true {
      if let hold = PortHold(port: port) { return hold }
      guard clock.now < deadline else { return nil }
      try? await clock.sleep(for: .milliseconds(1))
    }
  }

  private init?(port: Int) {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0, let number = UInt16(exactly: port) else { return nil }
    var yes: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = number.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let bound = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard bound == 0 else { return nil }
  }

  deinit {
    if descriptor >= 0 { Glibc.close(descriptor) }
  }
}
