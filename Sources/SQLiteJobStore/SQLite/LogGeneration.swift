import CSQLite
import Glibc

/// One life of the write-ahead log: from the moment when the database contains everything until it does so again.
///
/// SQLite applies any complete log that lies beside a database, and the identity of the files does not show whether
/// they belong together: `cp` of a backup over the file keeps its inode. Their content shows it. The first transaction
/// of a log writes into `meta` its own number and that of the previous log, so the database itself, read without the
/// log, contains one of the two: the previous number until the log is copied, its own afterwards.
struct LogGeneration: Hashable {
  /// Drawn at random when it began.
  let number: UInt64
  /// The number of the previous log; 0 if none is known.
  let former: UInt64

  static let read = "SELECT value FROM meta WHERE key = 'log'"
  static let save = "INSERT INTO meta VALUES ('log', ?1) ON CONFLICT DO UPDATE SET value = excluded.value"

  init(number: UInt64, former: UInt64) {
    self.number = number
    self.former = former
  }

  /// Always of the same length, so that a new one is stored where the previous one was: a page that a power loss left
  /// half written then contains a complete one or one with a wrong sum, but no older one.
  var text: String { SummedWords.text(Self.prefix, number, former) }

  /// - Returns: nil if the text is not complete.
  init?(text: some Collection<UInt8>) {
    guard let (number, former) = SummedWords.read(text, Self.prefix) else { return nil }
    self.init(number: number, former: former)
  }

  /// All complete ones in the bytes of a page.
  static func all(in page: [UInt8]) -> [LogGeneration] {
    var found: [LogGeneration] = []
    var start = 0
    // Each commit scans two pages, and nearly all their bytes are empty.
    while start + SummedWords.length <= page.count, let next = firstMark(in: page, from: start) {
      if let generation = LogGeneration(text: page[next..<min(next + SummedWords.length, page.count)]) {
        found.append(generation)
      }
      start = next + 1
    }
    return found
  }

  private static func firstMark(in page: [UInt8], from start: Int) -> Int? {
    page.withUnsafeBytes { bytes in
      let rest = UnsafeRawBufferPointer(rebasing: bytes[start...])
      guard let base = rest.baseAddress, let hit = memchr(base, Int32(UInt8(ascii: "l")), rest.count) else {
        return nil
      }
      return start + base.distance(to: hit)
    }
  }

  private static let prefix = "log:"
}

/// Where a table begins, and when that was observed.
struct KnownRoot {
  let page: Int64
  /// The schema's cookie.
  let cookie: Int64
  /// The database's version, which changes when others write.
  let version: Int64
}

extension Connection {
  /// Whether the log that this connection reads belongs to the database, judging by the content of both. A file of
  /// another program, and one into which no log of ours was copied yet, are not judged.
  ///
  /// Only within a transaction: while it lasts, nobody copies newer frames into the database.
  /// - Parameter isProven: whether a case that is not judged counts as no.
  func logBelongsToDatabase(isProven: Bool = false) throws -> Bool {
    guard try value("PRAGMA application_id") == Schema.applicationID,
      let cookie: Int64 = try value("PRAGMA schema_version"), let root = try metaRoot(cookie: cookie)
    else { return !isProven }
    let header = try readDatabase(count: 100, at: 0)
    // A file whose schema was changed more often than the log knows, such as one that VACUUM INTO makes.
    guard header[40..<44].reduce(0, { $0 << 8 | Int64($1) }) <= cookie else { return false }
    guard let newest = try logGeneration() else { return !isProven }
    let pageSize = Int64(header[16]) << 8 | Int64(header[17])
    // 1 stands for 65,536; a file that was emptied has 0, and nothing that contradicts the log.
    let size = pageSize == 1 ? 65_536 : pageSize
    let found = LogGeneration.all(in: try readDatabase(count: Int32(size), at: (root - 1) * size))
    guard !found.isEmpty else { return !isProven }
    return found.contains { $0.number == newest.number || $0.number == newest.former }
  }

  /// The first page of `meta`; nil if there is no such table.
  ///
  /// To find it, SQLite walks through the whole schema, which would be most of the cost of a commit's checks. The page
  /// does not move while the schema is unchanged and nobody else has written: then SQLite reads the same pages as
  /// before.
  private func metaRoot(cookie: Int64) throws -> Int64? {
    guard let version: Int64 = try value("PRAGMA data_version") else { return nil }
    if let known = knownMetaRoot, known.cookie == cookie, known.version == version { return known.page }
    let page: Int64? = try value("SELECT rootpage FROM sqlite_schema WHERE type = 'table' AND name = 'meta'")
    knownMetaRoot = page.map { KnownRoot(page: $0, cookie: cookie, version: version) }
    return page
  }

  /// Begins a generation if one is due: when the database contains everything in the log, or knows of no generation.
  ///
  /// It is not enough that the database *shows* the newest one: copied, but not synced yet, it may be gone after a
  /// power loss. Only in a transaction that holds the write lock and writes something.
  /// - Returns: the number of the newest one, and whether it begins here.
  func beginLogGeneration(number: () -> UInt64) throws -> (number: UInt64, isNew: Bool) {
    let newest = try logGeneration()
    if let newest, try !isLogCopied() { return (newest.number, false) }
    let next = LogGeneration(number: number(), former: newest?.number ?? 0)
    try run(LogGeneration.save, next.text)
    // The first page is also written, unchanged: its facts about the schema are then read from the log, whatever the
    // file contains.
    let version: Int64 = try value("PRAGMA user_version") ?? 0
    try execute("PRAGMA user_version = \(version)")
    return (next.number, true)
  }

  func logGeneration() throws -> LogGeneration? {
    let text: String? = try value(LogGeneration.read)
    return text.flatMap { LogGeneration(text: $0.utf8) }
  }
}
