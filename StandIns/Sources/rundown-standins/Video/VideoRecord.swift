/// What all records of Wowza Video have in common.
enum VideoRecord {
  /// The short form in lists: a client that needs more must get the record itself.
  static func listItem(_ record: [String: JSONValue]) -> JSONValue {
    .object(record.filter { ["id", "name", "created_at", "updated_at"].contains($0.key) })
  }

  /// The name of a record to be written, if it follows the documented rules.
  static func checkedName(_ body: [String: JSONValue]) throws(VideoError) -> String {
    guard let name = body["name"]?.string, name.contains(where: { !$0.isWhitespace }) else {
      throw .invalid("Name can't be blank")
    }
    guard name.count <= 255 else { throw .invalid("Name is too long (maximum is 255 characters)") }
    return name
  }
}
