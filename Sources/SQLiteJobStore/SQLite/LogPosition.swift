import CSQLite

/// The content of a write-ahead log: two logs, or two moments of one, with the same position have the same content,
/// because the checksum continues from frame to frame.
struct LogPosition: Hashable, Sendable {
  /// Two random numbers that change each time the log starts over.
  let salts: UInt64
  /// The number of frames up to the end of the newest transaction.
  let frames: UInt32
  /// The checksum of the last of these frames.
  let checksum: UInt64

  /// A log that holds nothing.
  var isEmpty: Bool { frames == 0 }
}

extension Connection {
  /// The log's position as this connection sees it. With the write lock; otherwise it may be of an earlier moment.
  func logPosition() throws -> LogPosition {
    try readIndex().position
  }

  /// Whether the database contains, on disk, everything in the log: the next write starts the log over. With the write
  /// lock only.
  func isLogCopied() throws -> Bool {
    let index = try readIndex()
    return index.copied == index.position.frames
  }

  /// Writes every frame to the disk once more.
  ///
  /// A failed sync leaves pages in the kernel's cache that look written and never were, and a later successful sync
  /// says nothing about them. A process that finds frames of others can read them but does not know that they are on
  /// the disk; what it writes again is. Copying them into the database would not be enough: a power loss halfway
  /// through would leave pages of it that belong to missing frames.
  ///
  /// Only within a transaction that holds the write lock.
  func rewriteLog() throws {
    let (position, pageSize, _) = try readIndex()
    let (header, frameHeader) = (Int64(32), Int64(24))
    let size = header + Int64(position.frames) * (frameHeader + pageSize)
    guard let handle else { throw SQLiteFailure(code: SQLITE_MISUSE) }
    let result = csqlite_rewrite_log(handle, size)
    guard result == SQLITE_OK else { throw SQLiteFailure(code: result) }
  }

  /// Bytes of the database file itself, ignoring the log.
  func readDatabase(count: Int32, at offset: Int64) throws -> [UInt8] {
    guard let handle else { throw SQLiteFailure(code: SQLITE_MISUSE) }
    return try [UInt8](unsafeUninitializedCapacity: Int(count)) { bytes, initialized in
      // Bytes beyond the end of the file are read as zeros.
      let result = csqlite_read_database(handle, bytes.baseAddress, count, offset)
      guard result == SQLITE_OK else { throw SQLiteFailure(code: result) }
      initialized = Int(count)
    }
  }

  private func readIndex() throws -> (position: LogPosition, pageSize: Int64, copied: UInt32) {
    guard let handle else { throw SQLiteFailure(code: SQLITE_MISUSE) }
    // Both copies of the header, in the byte order of this machine, and the number of copied frames.
    var words = [UInt32](repeating: 0, count: 25)
    let result = csqlite_read_index(handle, &words, Int32(words.count * MemoryLayout<UInt32>.size))
    guard result == SQLITE_OK else { throw SQLiteFailure(code: result) }
    let position = LogPosition(
      salts: UInt64(words[8]) << 32 | UInt64(words[9]), frames: words[4],
      checksum: UInt64(words[6]) << 32 | UInt64(words[7]))
    // Sixteen bits; 1 stands for 65,536.
    let size = withUnsafeBytes(of: words[3]) { Int64($0.loadUnaligned(fromByteOffset: 2, as: UInt16.self)) }
    return (position, size == 1 ? 65_536 : size, copied: words[24])
  }
}
