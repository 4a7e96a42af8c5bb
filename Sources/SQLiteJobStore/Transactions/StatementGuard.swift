import CSQLite

/// Restricts an application's statements to its own tables: while it is on, it checks everything that SQLite is about
/// to compile. SQLite calls it ("sqlite3_set_authorizer" in its documentation), so nothing is parsed twice.
///
/// It is set once and stays: setting it makes SQLite compile all statements again.
final class StatementGuard {
  /// Whether the current statement is an application's.
  private(set) var isOn = false
  /// Why the current statement was refused.
  private(set) var refusal: String?
  private let mayWrite: Bool
  /// The tables that an application may not even read, in lower case: their structure is not an interface.
  private let ours: Set<String>
  /// Whether the current statement drops or alters a table of the application: then SQLite itself changes tables of its
  /// own.
  private var changesTable = false

  /// - Parameters:
  ///   - names: the names of everything in the file that is not an application's.
  ///   - mayWrite: whether statements may change anything.
  init(names: [String], mayWrite: Bool) {
    ours = Set(names.map { $0.lowercased() } + ["rows"])
    self.mayWrite = mayWrite
  }

  /// Whether a name existed when the connection was first used for an application, or is SQLite's own.
  func knows(_ name: String) -> Bool { ours.contains(name.lowercased()) || name.hasPrefix("sqlite_") }

  /// Runs `body`, which compiles and runs one statement of an application.
  func watching<Result>(_ body: () throws -> Result) rethrows -> Result {
    (isOn, refusal, changesTable) = (true, nil, false)
    defer { isOn = false }
    return try body()
  }

  /// - Parameters:
  ///   - action: the action, one of SQLite's codes.
  ///   - first: its object; for most codes a name.
  ///   - second: what else it concerns, such as the table of an index.
  func verdict(_ action: Int32, _ first: String, _ second: String) -> Int32 {
    guard isOn else { return SQLITE_OK }
    if let why = objection(to: action, first, second) {
      refusal = refusal ?? why
      return SQLITE_DENY
    }
    return SQLITE_OK
  }

  private func objection(to action: Int32, _ first: String, _ second: String) -> String? {
    switch action {
    case SQLITE_SELECT, SQLITE_RECURSIVE: return nil
    case SQLITE_FUNCTION: return second.lowercased() == "load_extension" ? "loading a library is not allowed" : nil
    case SQLITE_READ: return isOurs(first) ? Self.belongs(first) : nil
    case SQLITE_PRAGMA: return isHarmless(pragma: first) ? nil : "PRAGMA \(first) is not allowed for applications"
    case SQLITE_INSERT, SQLITE_UPDATE, SQLITE_DELETE: return objection(toWriting: first)
    case SQLITE_CREATE_TABLE, SQLITE_CREATE_VIEW, SQLITE_DROP_TABLE, SQLITE_DROP_VIEW:
      return objection(toSchema: [first], drops: action == SQLITE_DROP_TABLE)
    case SQLITE_CREATE_INDEX, SQLITE_DROP_INDEX:
      // SQLite creates one by itself for each UNIQUE of a table.
      return objection(toSchema: (first.hasPrefix("sqlite_autoindex_") ? [] : [first]) + [second])
    // A new index is filled by the same code as REINDEX.
    case SQLITE_REINDEX: return objection(toSchema: [first])
    case SQLITE_CREATE_TRIGGER, SQLITE_DROP_TRIGGER: return objection(toSchema: [first, second])
    case SQLITE_ALTER_TABLE: return objection(toSchema: [second], drops: true)
    case SQLITE_TRANSACTION, SQLITE_SAVEPOINT: return "the store begins and ends the transaction"
    default: return Self.unfit
    }
  }

  private func isOurs(_ table: String) -> Bool { !table.hasPrefix("sqlite_") && ours.contains(table.lowercased()) }

  private func objection(toWriting table: String) -> String? {
    guard mayWrite else { return "a read cannot change anything" }
    if ApplicationNames.contains(table) { return nil }
    switch table {
    // Only SQLite itself can write there, for a change of the schema that was checked by its own code.
    case "sqlite_master", "sqlite_temp_master": return nil
    case _ where table.hasPrefix("sqlite_") && changesTable: return nil
    default: return Self.belongs(table)
    }
  }

  private func objection(toSchema names: [String], drops: Bool = false) -> String? {
    guard mayWrite else { return "a read cannot change anything" }
    if names.contains(where: { $0.hasPrefix("sqlite_") }) { return Self.unfit }
    if let name = names.first(where: { !ApplicationNames.contains($0) }) {
      return "'\(name)' does not start with \(ApplicationNames.prefix), as an application's tables, indexes, views and "
        + "triggers must"
    }
    changesTable = changesTable || drops
    return nil
  }

  private func isHarmless(pragma: String) -> Bool {
    switch pragma.lowercased() {
    case "table_info", "table_xinfo", "table_list", "index_list", "index_info", "index_xinfo", "foreign_key_list": true
    // SQLite checks the existing rows against an added column.
    case "quick_check": changesTable
    default: false
    }
  }

  private static let unfit = "this kind of statement is not allowed for applications"

  private static func belongs(_ table: String) -> String {
    "the table '\(table)' belongs to the store; use the store's own methods"
  }
}
