/// What all records of Wowza Video have in common.
enum VideoRecord {
  /// The short form in lists: whoever needs more must get the record itself.
  static func listItem(_ record: [String: JSONValue]) -> JSONValue {
    .object(record.filter { ["id", "name", "created_at", "updated_at"].contains($0.key) })
  }
}
