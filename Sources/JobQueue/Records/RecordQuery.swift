/// Which records of a collection to show, in the order of their keys. Every condition that is given must hold.
public struct RecordQuery: Sendable, Hashable {
  /// The collection.
  public var collection: String
  /// Of exactly this key.
  public var key: String?
  /// Whose key begins with this.
  public var prefix: String
  /// With all of these labels.
  public var labels: [String: String]
  /// Only records with a greater key: the last one of the page before.
  public var after: String?
  /// The maximum number of records.
  public var limit: Int

  /// Creates a query; by default the first 100 of the collection.
  public init(
    _ collection: String, key: String? = nil, prefix: String = "", labels: [String: String] = [:],
    after: String? = nil, limit: Int = 100
  ) {
    self.collection = collection
    self.key = key
    self.prefix = prefix
    self.labels = labels
    self.after = after
    self.limit = limit
  }
}

extension RecordQuery {
  /// The smallest key that a page may begin with. No text stands between another one and the same with a zero byte.
  package var firstKey: String {
    guard let after, !after.utf8.lexicographicallyPrecedes(prefix.utf8) else { return prefix }
    return after + "\0"
  }

  /// Whether a record of this key may be shown.
  package func admits(_ key: String) -> Bool {
    !key.utf8.lexicographicallyPrecedes(firstKey.utf8) && key.utf8.starts(with: prefix.utf8)
      && (self.key.map { $0.utf8.elementsEqual(key.utf8) } ?? true)
  }
}
