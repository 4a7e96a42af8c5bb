/// What processes leave for each other in `-turn`: which files belong together, and how much of the log is certainly on
/// disk.
///
/// It is written without being synced, so a power loss may leave an older one, which names a log that was since removed
/// by the process that closed the file last. Therefore it records the start of the machine during which it was written:
/// a log that is not the one of the mark is suspect only if the mark is from the same start. Everything else holds
/// whenever it was written, because a mark is written after the sync that it reports, and an old one claims less than
/// it could; a torn or missing mark claims nothing.
package struct QueueMark: Hashable, Sendable {
  let database: FileIdentity
  /// Nil if the last process closed the file and removed its log.
  var log: FileIdentity?
  var index: FileIdentity?
  /// Whether the folder was synced since these files were created.
  var isFolderSynced = false
  /// The frames that the writer of this mark synced itself, and no others.
  var position: LogPosition?
  /// The number of the newest ``LogGeneration``, which a database that contains the whole log also shows by itself.
  var generation: UInt64?
  /// Whether a part of that generation may be in the database, which then shows its number but lacks the rest.
  var isPartlyCopied = false
  /// The start of the machine during which it was written; nil if the kernel does not provide it.
  let start: UInt64?

  /// The mark of files that were just opened.
  init(of companions: SidecarFiles, start: UInt64?) {
    self.start = start
    database = companions.database
    log = companions.log
    index = companions.index
  }

  /// Whether it describes these files.
  func isOf(_ companions: SidecarFiles) -> Bool {
    database == companions.database && log == companions.log && index == companions.index
  }
}

extension QueueMark {
  /// Its size in bytes.
  static let size = 14 * MemoryLayout<UInt64>.size
  private static let magic: UInt64 = 0x5255_4e44_4f57_4e33

  /// Its form in the file, in the byte order of this machine.
  var bytes: [UInt8] {
    let flags: UInt64 =
      (isFolderSynced ? 1 : 0) | (position == nil ? 0 : 2) | (generation == nil ? 0 : 4)
      | (isPartlyCopied ? 8 : 0)
    var words = [Self.magic, flags]
    for file in [database, log, index] { words += [file?.node ?? 0, UInt64(bitPattern: file?.born ?? 0)] }
    words += [
      position?.salts ?? 0, UInt64(position?.frames ?? 0), position?.checksum ?? 0, start ?? 0, generation ?? 0,
    ]
    words.append(Self.checksum(words))
    return words.withUnsafeBytes { Array($0) }
  }

  /// - Returns: nil if the bytes are not a complete mark.
  init?(bytes: [UInt8]) {
    guard bytes.count == Self.size else { return nil }
    let words = bytes.withUnsafeBytes { bytes in
      stride(from: 0, to: Self.size, by: 8).map { bytes.loadUnaligned(fromByteOffset: $0, as: UInt64.self) }
    }
    let file = { (index: Int) -> FileIdentity? in
      words[index] == 0 ? nil : FileIdentity(node: words[index], born: Int64(bitPattern: words[index + 1]))
    }
    guard words[0] == Self.magic, words[13] == Self.checksum(words[..<13]), let database = file(2) else {
      return nil
    }
    self.database = database
    start = words[11] == 0 ? nil : words[11]
    log = file(4)
    index = file(6)
    isFolderSynced = words[1] & 1 != 0
    if words[1] & 2 != 0 {
      position = LogPosition(salts: words[8], frames: UInt32(truncatingIfNeeded: words[9]), checksum: words[10])
    }
    if words[1] & 4 != 0 { generation = words[12] }
    isPartlyCopied = words[1] & 8 != 0
  }

  /// For trials that put files back elsewhere: turns a mark that names files by their former numbers into one that
  /// names the files at these paths.
  /// - Parameter path: where the file with a number is now; nil if it is gone.
  /// - Returns: the same bytes if they are not a complete mark.
  package static func moved(_ bytes: [UInt8], _ path: (UInt64) -> String?) -> [UInt8] {
    guard let mark = QueueMark(bytes: bytes) else { return bytes }
    func moved(_ file: FileIdentity) -> FileIdentity { path(file.node).flatMap(FileStatus.identity(at:)) ?? file }
    return mark.naming(moved(mark.database), log: mark.log.map(moved), index: mark.index.map(moved)).bytes
  }

  private func naming(_ database: FileIdentity, log: FileIdentity?, index: FileIdentity?) -> QueueMark {
    var mark = QueueMark(of: database, start: start)
    mark.log = log
    mark.index = index
    mark.isFolderSynced = isFolderSynced
    mark.position = position
    mark.generation = generation
    mark.isPartlyCopied = isPartlyCopied
    return mark
  }

  private init(of database: FileIdentity, start: UInt64?) {
    self.database = database
    self.start = start
  }

  /// FNV-1a over the words: against torn writes, not against people.
  private static func checksum(_ words: some Sequence<UInt64>) -> UInt64 {
    words.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ $1) &* 0x100_0000_01b3 }
  }
}
