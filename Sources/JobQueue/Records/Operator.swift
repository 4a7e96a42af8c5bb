/// Who gives a verb to the store, and how what it is done to was chosen: what the audit keeps of it.
///
/// Both texts are cut to ``mostBytes``: a verb never fails because it was described at length.
public struct Operator: Sendable, Hashable {
  /// The most bytes of each text.
  public static let mostBytes = 1024

  /// Who, such as `ana@venue-3`.
  public let who: String
  /// How jobs or gates were chosen, such as `--state dead`; nil when they were named one by one.
  public let filter: String?

  /// Creates an operator.
  public init(_ who: String, filter: String? = nil) {
    self.who = Self.cut(who)
    self.filter = filter.map(Self.cut)
  }

  /// What the audit says of a verb over jobs.
  public func chosen(_ jobs: [JobID]) -> String {
    filter ?? Self.cut(jobs.prefix(Self.mostBytes).map(\.description).joined(separator: " "))
  }

  /// What the audit says of a verb over a gate.
  public func chosen(gate key: String) -> String { filter ?? Self.cut(key) }

  private static func cut(_ text: String) -> String {
    guard text.utf8.count > mostBytes else { return text }
    var left = mostBytes - "…".utf8.count
    return text.prefix { character in
      left -= character.utf8.count
      return left >= 0
    } + "…"
  }
}
