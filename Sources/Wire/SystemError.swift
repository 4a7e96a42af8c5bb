import Glibc

/// An error from the operating system.
public struct SystemError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The `errno` number.
  public var number: Int32
  /// Wraps a number.
  public init(number: Int32) { self.number = number }
  /// The system's message.
  public var description: String { String(cString: strerror(number)) }
}
