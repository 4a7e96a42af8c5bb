/// Who gives the store a command, and how its jobs or gates were chosen, for the audit.
///
/// Both texts are cut to ``mostBytes``: a command never fails because its description is long.
public struct Operator: Sendable, Hashable {
  /// The maximum number of bytes of each text.
  public static let mostBytes = 1024

  /// Who, such as `ana@venue-3`.
  public let who: String
  /// How jobs or gates were chosen, such as `--state dead`; nil if they were named one by one.
  public let filter: String?

  /// Creates an operator.
  public init(_ who: String, filter: String? = nil) {
    self.who = Self.cut(who)
    self.filter = filter.map(Self.cut)
  }

  /// The audit's description of the jobs that a command is given for.
  public func chosen(_ jobs: [JobID]) -> String {
    filter ?? Self.cut(jobs.prefix(Self.mostBytes).map(\.description).joined(separator: " "))
  }

  /// The audit's description of the gate that a command is given for.
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
