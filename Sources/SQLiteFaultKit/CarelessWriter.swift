/// A planted bug: a process that appends to the log regardless of earlier failed syncs, as SQLite does by itself.
package final class CarelessWriter {
  private let connection: Connection

  /// Opens a queue file as nobody should.
  package init(_ path: String) throws {
    connection = try Connection(path, vfs: nil)
    try connection.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
  }

  /// Enqueues a job and acknowledges it.
  package func enqueue(_ kind: String) throws {
    try connection.execute(
      """
      INSERT INTO job (kind, queue, state, priority, payload, payload_version, run_at, created_at, updated_at, max_attempts)
      VALUES ('\(kind)', 'default', 'ready', 0, '{}', 1, 5, 5, 5, 12)
      """)
  }
}
