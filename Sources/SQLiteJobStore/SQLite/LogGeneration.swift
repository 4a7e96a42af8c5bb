import CSQLite
import Glibc

/// One life of the write-ahead log: from the moment at which the database held everything until it does so again.
///
/// SQLite reads into a database whatever whole log lies beside it, and which files these are does not tell whether they
/// belong together: `cp` of a backup over the file leaves its inode as it was. Their content tells. The first transaction
/// of a log writes into `meta` its own number and that of the log before, so the database itself, read past the log, holds
/// one of the two: the former until the log is copied, its own afterwards.
struct LogGeneration: Hashable {
  /// Drawn when it began.
  let number: UInt64
  /// That of the log before; 0 when none is known.
  let former: UInt64

  static let read = "SELECT value FROM meta WHERE key = 'log'"
  static let save = "INSERT INTO meta VALUES ('log', ?1) ON CONFLICT DO UPDATE SET value = excluded.value"

  init(number: UInt64, former: UInt64) {
    self.number = number
    self.former = former
  }

  /// Always of one length, so that a new one lies on the disk where the one before lay: a page that a power loss left
  /// half written then holds one that is whole, or one whose sum is wrong, and no older one.
  var text: String { SummedWords.text(Self.prefix, number, former) }

  /// - Returns: nil when it is not a whole one.
  init?(text: some Collection<UInt8>) {
    guard let (number, former) = SummedWords.read(text, Self.prefix) else { return nil }
    self.init(number: number, former: former)
  }

  /// All whole ones that stand in the bytes of a page.
  static func all(in page: [UInt8]) -> [LogGeneration] {
    var found: [LogGeneration] = []
    var start = 0
    // Each commit looks through two pages, and nearly all bytes of them are empty.
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

/// Where a table begins, and when that was seen.
struct KnownRoot {
  let page: Int64
  /// The schema's cookie.
  let cookie: Int64
  /// Of the database, as others wrote it.
  let version: Int64
}

extension Connection {
  /// Whether the log that this connection reads belongs to the database, by what both hold. A file of another program,
  /// and one that no log of ours was copied into yet, are not asked.
  ///
  /// Only within a transaction: while it lasts nobody copies newer frames into the database.
  /// - Parameter isProven: whether what is not asked counts as no.
  func logBelongsToDatabase(isProven: Bool = false) throws -> Bool {
    guard try value("PRAGMA application_id") == Schema.applicationID,
      let cookie: Int64 = try value("PRAGMA schema_version"), let root = try metaRoot(cookie: cookie)
    else { return !isProven }
    let header = try readDatabase(count: 100, at: 0)
    // A file in whose schema more was changed than the log knows of, as in what VACUUM INTO makes.
    guard header[40..<44].reduce(0, { $0 << 8 | Int64($1) }) <= cookie else { return false }
    guard let newest = try logGeneration() else { return !isProven }
    let pageSize = Int64(header[16]) << 8 | Int64(header[17])
    // 1 stands for 65,536; a file that was emptied has 0, and nothing to contradict.
    let size = pageSize == 1 ? 65_536 : pageSize
    let found = LogGeneration.all(in: try readDatabase(count: Int32(size), at: (root - 1) * size))
    guard !found.isEmpty else { return !isProven }
    return found.contains { $0.number == newest.number || $0.number == newest.former }
  }

  /// The first page of `meta`; nil when there is no such table.
  ///
  /// To find it SQLite walks through the whole schema, which would be most of what a commit's checks cost. It stays where
  /// it is while the schema does and nobody else has written: then SQLite reads the same pages as before.
  private func metaRoot(cookie: Int64) throws -> Int64? {
    guard let version: Int64 = try value("PRAGMA data_version") else { return nil }
    if let known = knownMetaRoot, known.cookie == cookie, known.version == version { return known.page }
    let page: Int64? = try value("SELECT rootpage FROM sqlite_schema WHERE type = 'table' AND name = 'meta'")
    knownMetaRoot = page.map { KnownRoot(page: $0, cookie: cookie, version: version) }
    return page
  }

  /// Begins a generation where one is to begin: when the database holds all that the log does, or knows of none.
  ///
  /// That the database *shows* the newest one would not do: copied, and not yet synced, it may be gone after a power loss.
  /// Only in a transaction that holds the write lock and writes something.
  /// - Returns: the number of the newest one, and whether it begins here.
  func beginLogGeneration(number: () -> UInt64) throws -> (number: UInt64, isNew: Bool) {
    let newest = try logGeneration()
    if let newest, try !isLogCopied() { return (newest.number, false) }
    let next = LogGeneration(number: number(), former: newest?.number ?? 0)
    try run(LogGeneration.save, next.text)
    // The first page too, written as it is: what it says of the schema is then read from the log, whatever the file holds.
    let version: Int64 = try value("PRAGMA user_version") ?? 0
    try execute("PRAGMA user_version = \(version)")
    return (next.number, true)
  }

  func logGeneration() throws -> LogGeneration? {
    let text: String? = try value(LogGeneration.read)
    return text.flatMap { LogGeneration(text: $0.utf8) }
  }
}
