public import JobQueue

/// Jobs in one SQLite file, shared by any number of processes on one machine.
///
/// Durable by write-ahead logging with `synchronous = FULL`: a verb returns when its commit is on disk. Writes that wait
/// at the same time share one commit. Reads go to a connection of their own and wait for nobody.
public final class SQLiteJobStore: JobStore {
  /// How a store is opened.
  public struct Options: Sendable {
    /// Whether a missing file is an error; else it is created.
    public var mustExist = false
    /// Whether writes are refused; implies that the file must exist.
    public var readOnly = false
    /// How long a write waits for other processes.
    public var patience: Duration = .seconds(10)
    /// At most so many pages of 4 KiB; nil for no limit but the disk's. For tests of a full disk.
    var maximumPages: Int?

    /// Creates the default options.
    public init() {}
  }

  /// The name that no other store has.
  public let identity: String
  /// The file.
  public let path: String
  let writer: DatabaseThread
  let reader: DatabaseThread
  let bell: WakeBell

  private init(path: String, identity: String, writer: DatabaseThread, reader: DatabaseThread, bell: WakeBell) {
    self.path = path
    self.identity = identity
    self.writer = writer
    self.reader = reader
    self.bell = bell
  }

  deinit {
    // For those who forget to close: the threads end, and their connections with them.
    bell.letGo()
    writer.letGo()
    reader.letGo()
  }

  /// Opens the store in a file; creates the file unless it must exist.
  /// - Throws: ``JobStoreError``: `unavailable`, `readOnly`, `exposed`, `corrupt`, `tooNew`, `full` or `busy`.
  public static func open(at path: String, options: Options = Options()) async throws -> SQLiteJobStore {
    try await withCheckedThrowingContinuation { continuation in
      do {
        try OwnThread.start(for: path) {
          continuation.resume(with: Result { try openNow(at: path, options: options) })
        }
      } catch {
        continuation.resume(throwing: error)
      }
    }
  }

  /// Lets what is under way end and closes the file; every later verb throws `unavailable`.
  public func close() async {
    await bell.stop()
    await writer.close()
    await reader.close()
  }

  private static func openNow(at path: String, options: Options) throws -> SQLiteJobStore {
    try SQLiteLibrary.check(path: path)
    let file = try StoreFile.prepare(path, mustExist: options.mustExist || options.readOnly)
    do {
      let writing = try connection(to: file, options, readOnly: options.readOnly)
      if !options.readOnly { try writing.migrate { randomName() } }
      let identity = try writing.identity()
      if let pages = options.maximumPages { try writing.execute("PRAGMA max_page_count = \(pages)") }
      let reading = try connection(to: file, options, readOnly: true)
      let bell = WakeBell(path: file) { try connection(to: file, options, readOnly: true) }
      let turn = options.readOnly ? nil : try WriteTurn(beside: file, patience: options.patience)
      let store = SQLiteJobStore(
        path: path, identity: identity,
        writer: DatabaseThread(writing, mode: turn.map { .writing($0) } ?? .reading, jobsMayBeReady: { bell.ring() }),
        reader: DatabaseThread(reading, mode: .reading), bell: bell)
      try store.writer.start()
      try store.reader.start()
      return store
    } catch let failure as SQLiteFailure {
      throw failure.storeError(operation: "open", path: path)
    }
  }

  private static func connection(to file: String, _ options: Options, readOnly: Bool) throws -> Connection {
    let patience = BusyPatience(limit: options.patience, random: SystemRandom(), pause: Nap.sleep)
    let connection = try Connection(path: file, patience: patience)
    try connection.configure(readOnly: readOnly)
    return connection
  }

  /// 128 random bits as 32 hexadecimal digits.
  private static func randomName() -> String {
    let random = SystemRandom()
    return [random.next(), random.next()].map { bits in
      let digits = String(bits, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }
}
