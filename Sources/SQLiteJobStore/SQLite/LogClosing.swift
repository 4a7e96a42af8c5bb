/// The last log whose content was copied into the database completely, when the file was closed.
///
/// If all processes of a database were killed, it lacks the content of its log, and does not show it: moved without the
/// log, it would open elsewhere as if those jobs had never existed. Therefore the database notes, in the row beside
/// that of its ``LogGeneration``, whether it was closed; while the two numbers differ, there is a log that belongs to
/// it.
struct LogClosing: Hashable {
  /// The number of the log's generation; 0 in a new file.
  let number: UInt64
  /// The file's schema cookie. SQLite's own copies, which also contain the log's content, get a different one.
  let cookie: UInt64

  static let read = "SELECT value FROM meta WHERE key = 'closed'"
  static let save = "INSERT INTO meta VALUES ('closed', ?1) ON CONFLICT DO UPDATE SET value = excluded.value"

  var text: String { SummedWords.text(Self.prefix, number, cookie) }

  init(number: UInt64, cookie: UInt64) {
    self.number = number
    self.cookie = cookie
  }

  /// - Returns: nil if the text is not complete.
  init?(text: some Collection<UInt8>) {
    guard let (number, cookie) = SummedWords.read(text, Self.prefix) else { return nil }
    self.init(number: number, cookie: cookie)
  }

  private static let prefix = "end:"
}

extension Connection {
  /// Whether the database that this connection reads lacks a log: it is that of a queue file, was not closed, and is
  /// neither a copy that SQLite made nor a file that SQLite's own shell closed after a crash. Such a file shows the
  /// newest generation that the last process recorded. Unreadable data is reported as another error.
  ///
  /// Only for a connection that reads the file alone; within a transaction.
  func lacksLog(_ mark: QueueMark?) throws -> Bool {
    guard try value("PRAGMA application_id") == Schema.applicationID, let closing = try logClosing(),
      let newest = try logGeneration()
    else { return false }
    if let mark, mark.generation == newest.number, !mark.isPartlyCopied { return false }
    return try closing.number != newest.number && closing.cookie == schemaCookie()
  }

  /// Whether the file, read alone, may not show that a log belongs to it, although one does or is about to: it was
  /// closed, is new, or is a copy that SQLite made. In a transaction.
  func mustShowLog() throws -> Bool {
    // A file of an earlier version shows it from its next closing on.
    guard let closing = try logClosing() else { return false }
    guard let newest = try logGeneration() else { return true }
    // The first log after a closing is visible in the file only once it was copied.
    return try closing.number == newest.number || closing.number == newest.former || closing.cookie != schemaCookie()
  }

  /// Makes the file show that it has a log, as soon as everything is copied into it. In a transaction that holds the
  /// write lock, in the newest generation.
  func noteLog() throws {
    guard let closing = try logClosing(), let newest = try logGeneration() else { return }
    let cookie = try schemaCookie()
    guard closing.cookie != cookie else { return }
    // A copy that SQLite made, in use from now on: it was complete. A backup has the same cookie as every backup, so a
    // backup of this file would look like the file itself. The cookie has 31 bits that may be set.
    try execute("PRAGMA schema_version = \((max(closing.cookie, cookie) & 0x3FFF_FFFF) + 1)")
    try saveClosing(number: newest.former)
  }

  /// Notes that the file will contain everything. In a transaction that holds the write lock, in the newest generation.
  func noteClosing() throws {
    try saveClosing(number: try logGeneration()?.number ?? 0)
  }

  /// Whether the newest generation was noted as the last one. In a transaction.
  func isClosingNoted() throws -> Bool {
    guard let newest = try logGeneration() else { return true }
    return try logClosing()?.number == newest.number
  }

  /// Starts the notes in a new file, and continues them after a change of the schema. In a transaction.
  func keepClosing(isNew: Bool) throws {
    guard let number = try isNew ? 0 : logClosing()?.number else { return }
    try saveClosing(number: number)
  }

  private func saveClosing(number: UInt64) throws {
    try run(LogClosing.save, LogClosing(number: number, cookie: schemaCookie()).text)
  }

  private func logClosing() throws -> LogClosing? {
    let text: String? = try value(LogClosing.read)
    return text.flatMap { LogClosing(text: $0.utf8) }
  }

  func schemaCookie() throws -> UInt64 {
    UInt64(bitPattern: try value("PRAGMA schema_version", as: Int64.self) ?? 0)
  }
}
