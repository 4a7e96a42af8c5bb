/// A secret value that cannot be printed.
///
/// Every way in which Swift turns a value into text (`print`, string interpolation, `dump`, a debugger, a reflected
/// error) gives `<redacted>`. Only ``reveal()`` returns the value; it is called where bytes go to a provider and
/// nowhere else.
public struct Secret: Sendable, Hashable {
  private let value: String

  /// Wraps a value. The caller should not keep another copy.
  public init(_ value: String) {
    self.value = value
  }

  /// The value itself, for the one place that sends it.
  public func reveal() -> String {
    value
  }

  /// Whether the value is empty; safe to report.
  public var isEmpty: Bool {
    value.isEmpty
  }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Always `<redacted>`.
  public var description: String { "<redacted>" }
  /// Always `<redacted>`.
  public var debugDescription: String { "<redacted>" }
  /// A mirror without children, so that `dump` shows nothing.
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}
