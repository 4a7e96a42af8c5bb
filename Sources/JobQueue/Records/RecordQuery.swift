/// Which records of a collection to show, in the order of their keys. All given conditions must hold.
public struct RecordQuery: Sendable, Hashable {
  /// The collection.
  public var collection: String
  /// With exactly this key.
  public var key: String?
  /// Whose key begins with this.
  public var prefix: String
  /// With all of these labels.
  public var labels: [String: String]
  /// Only records with a greater key; for paging, the last key of the previous page.
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
  /// The smallest key that a page may start with. No text sorts between a text and the same text with a zero byte
  /// appended.
  package var firstKey: String {
    guard let after, !after.utf8.lexicographicallyPrecedes(prefix.utf8) else { return prefix }
    return after + "\0"
  }

  /// Whether a record with this key may be shown.
  package func admits(_ key: String) -> Bool {
    !key.utf8.lexicographicallyPrecedes(firstKey.utf8) && key.utf8.starts(with: prefix.utf8)
      && (self.key.map { $0.utf8.elementsEqual(key.utf8) } ?? true)
  }
}
