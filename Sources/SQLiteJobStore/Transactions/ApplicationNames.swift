/// Which names in the queue file are an application's own.
///
/// Its tables, indexes, views and triggers begin with ``prefix``; no migration of ours ever makes one that does, so a newer
/// version of the store meets none of them in its way.
enum ApplicationNames {
  static let prefix = "app_"

  /// Whether a name is an application's; SQLite takes small and capital letters for the same.
  static func contains(_ name: String) -> Bool { name.lowercased().hasPrefix(prefix) }

  /// What the file has that is not an application's: our tables, and what SQLite made for itself.
  static let others = "SELECT name FROM sqlite_schema WHERE NOT \(isApplications("name")) ORDER BY name"

  /// Tables of an application whose rows refer to rows of ours: those could then not be removed any more.
  static let references = """
    SELECT DISTINCT owner.name FROM sqlite_schema AS owner JOIN pragma_foreign_key_list(owner.name) AS key
    WHERE owner.type = 'table' AND \(isApplications("owner.name")) AND NOT \(isApplications("key.\"table\""))
    """

  /// SQLite's own count of changes of the schema.
  static let schema = "PRAGMA schema_version"

  /// Changes a row and nothing in it: SQLite counts no change of the schema as one of the data.
  static let touch = "UPDATE meta SET value = value WHERE key = 'identity'"

  private static func isApplications(_ name: String) -> String { "lower(\(name)) GLOB 'app[_]*'" }
}
