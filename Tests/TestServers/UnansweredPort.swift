import Glibc

/// A port on 127.0.0.1 at which nobody ever says a word.
public enum UnansweredPort: Sendable {
  /// Connections are refused.
  case refuses
  /// Connections are taken and left alone.
  case silent

  /// Runs `body` with such a port, which is held meanwhile, so that no other server is given it.
  /// - Throws: ``TestServerError`` when there is none to be had; whatever `body` throws.
  public func hold(_ body: (_ port: UInt16) async throws -> Void) async throws {
    let (descriptor, port) = try self == .silent ? LoopbackPort.listen() : LoopbackPort.bound()
    defer { close(descriptor) }
    try await body(port)
  }
}
