/// A durable row of a named collection: something worth knowing later, whatever becomes of the job that wrote it.
///
/// The engine attaches no meaning to collections, keys and values. A record is written in the commit of what it
/// describes (a completion, a journal write, an enqueue, or a duty's own), so it exists exactly if that happened. It
/// outlives its job.
public struct Record: Sendable, Hashable, Codable {
  /// The collection that it belongs to, such as `uploads`.
  public var collection: String
  /// Its name, unique in the collection. Compared and ordered byte by byte.
  public var key: String
  /// Labels to find it by.
  public var labels: [String: String]
  /// Its content, as JSON text.
  public var value: String
  /// The job that wrote it last: the one that ran, or the first of those that were enqueued with it; nil if a duty
  /// wrote it. That job may have been pruned since.
  public var job: JobID?
  /// When it was first written.
  public var createdAt: Timestamp
  /// When it was last written.
  public var updatedAt: Timestamp

  /// Creates a record; used by stores.
  public init(
    collection: String, key: String, labels: [String: String] = [:], value: String, job: JobID? = nil,
    createdAt: Timestamp, updatedAt: Timestamp
  ) {
    self.collection = collection
    self.key = key
    self.labels = labels
    self.value = value
    self.job = job
    self.createdAt = createdAt
    self.updatedAt = updatedAt
  }
}
