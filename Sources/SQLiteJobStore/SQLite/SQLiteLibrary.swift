import CSQLite
import JobQueue

/// What the linked SQLite library must be able to do.
enum SQLiteLibrary {
  /// 3.38: STRICT tables, RETURNING and the JSON functions are built in.
  static let oldest: Int32 = 3_038_000

  /// Done once, before this process first uses the library; if another part of the program was first, its settings
  /// apply.
  private static let isConfigured: Bool = csqlite_count_no_memory() == SQLITE_OK

  /// Configures the library, and checks it for each opened store: the version at run time may differ from that of the
  /// build.
  static func check(path: String) throws {
    _ = isConfigured
    let version = String(cString: sqlite3_libversion())
    guard sqlite3_libversion_number() >= oldest else {
      throw JobStoreError(
        code: .unavailable, operation: "open", target: path, cause: "the SQLite library \(version) is too old",
        hint: "install SQLite 3.38 or later")
    }
    guard sqlite3_threadsafe() != 0 else {
      throw JobStoreError(
        code: .unavailable, operation: "open", target: path,
        cause: "the SQLite library \(version) was built without threads", hint: "install the one of your distribution")
    }
  }
}
