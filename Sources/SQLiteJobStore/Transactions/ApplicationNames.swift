/// Which names in the queue file belong to an application.
///
/// Its tables, indexes, views and triggers begin with ``prefix``; no migration of ours ever creates such a name, so a
/// newer version of the store never conflicts with them.
enum ApplicationNames {
  static let prefix = "app_"

  /// Whether a name is an application's; SQLite ignores the case of letters.
  static func contains(_ name: String) -> Bool { name.lowercased().hasPrefix(prefix) }

  /// Everything in the file that is not an application's: our tables, and what SQLite created for itself.
  static let others = "SELECT name FROM sqlite_schema WHERE NOT \(isApplications("name")) ORDER BY name"

  /// Tables of an application whose rows refer to rows of ours: those rows could then no longer be removed.
  static let references = """
    SELECT DISTINCT owner.name FROM sqlite_schema AS owner JOIN pragma_foreign_key_list(owner.name) AS key
    WHERE owner.type = 'table' AND \(isApplications("owner.name")) AND NOT \(isApplications("key.\"table\""))
    """

  /// SQLite's own count of changes of the schema.
  static let schema = "PRAGMA schema_version"

  /// Changes nothing but counts as a change of data: SQLite does not count a change of the schema as one.
  static let touch = "UPDATE meta SET value = value WHERE key = 'identity'"

  private static func isApplications(_ name: String) -> String { "lower(\(name)) GLOB 'app[_]*'" }
}
