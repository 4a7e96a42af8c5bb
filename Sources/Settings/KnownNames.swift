/// The names that a configuration may use of things which only the program around it knows. A name with a typing error
/// would be a setting that nobody obeys.
public struct KnownNames: Sendable {
  /// The queues that workers serve; nil for any.
  public var queues: [String]?
  /// The kinds of jobs; nil for any.
  public var kinds: [String]?

  /// Names them.
  public init(queues: [String]? = nil, kinds: [String]? = nil) {
    self.queues = queues
    self.kinds = kinds
  }
}
