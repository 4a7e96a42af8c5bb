/// What distinguishes the requests of two jobs behind one gate, as far as a queue can see it: jobs with the same traits
/// are likely to get the same answer.
public struct JobTraits: Sendable, Hashable, Codable {
  /// The kind of the job.
  public var kind: String
  /// What it changes, together with other jobs; nil without a concurrency key.
  public var concurrencyKey: String?

  /// Creates traits.
  public init(kind: String, concurrencyKey: String?) {
    self.kind = kind
    self.concurrencyKey = concurrencyKey
  }

  /// The traits of a job.
  public init(_ job: Job) {
    self.init(kind: job.kind, concurrencyKey: job.concurrencyKey)
  }
}
