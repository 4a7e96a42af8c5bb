/// The names in a configuration that only the surrounding program knows. A setting under a misspelt name would have no
/// effect.
public struct KnownNames: Sendable {
  /// The queues that workers serve; nil for any.
  public var queues: [String]?
  /// The kinds of jobs; nil for any.
  public var kinds: [String]?

  /// Creates the known names.
  public init(queues: [String]? = nil, kinds: [String]? = nil) {
    self.queues = queues
    self.kinds = kinds
  }
}
