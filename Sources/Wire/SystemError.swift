import Glibc

/// What the operating system answered.
public struct SystemError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The `errno` number.
  public var number: Int32
  /// Wraps a number.
  public init(number: Int32) { self.number = number }
  /// The system's words.
  public var description: String { String(cString: strerror(number)) }
}
