import Glibc
public import JobQueue
import Threading

/// Jobs in one SQLite file, shared by any number of processes on one machine.
///
/// Made durable by write-ahead logging with `synchronous = FULL`: an operation returns when its commit is on disk.
/// Writes that wait at the same time share one commit. Reads use a connection of their own and wait for nobody.
public final class SQLiteJobStore: JobStore {
  /// How a store is opened.
  public struct Options: Sendable {
    /// Whether a missing file is an error; otherwise it is created.
    public var mustExist = false
    /// Whether writes are refused; implies that the file must exist.
    public var readOnly = false
    /// Whether a file of an earlier version may be read without upgrading it. Only what every version has can be read
    /// then: the file can be copied and checked, but its jobs are not listed. Only with ``readOnly``.
    public var mayBeOlder = false
    /// A group of the system whose members share the file with its owner: file, log, index and `-turn` get mode 0660
    /// and this group, when they are created and when their owner opens them. Nil for the owner alone, mode 0600.
    public var group: String?
    /// How long a write waits for other processes.
    public var busyTimeout: Duration = .seconds(10)
    /// Called once for something that an operator should fix while the store keeps working, such as a second name of
    /// the file.
    public var report: @Sendable (JobStoreError) -> Void = { _ in }
    /// Syncs a directory's entries to the disk; returns 0, or -1 and errno. Replaced in tests of disks that fail.
    package var syncFolder: @Sendable (String) -> Int32 = FolderSync.sync
    /// Writes a mark to the file `-turn`, as pwrite(2) does; replaced in tests of disks that fail.
    package var writeMark: @Sendable (_ path: String, _ descriptor: Int32, _ bytes: [UInt8]) -> Int = TurnFile.write
    /// Identifies the start of the machine during which it is opened; replaced in tests of power losses.
    package var machineStart: UInt64? = MachineStart.current
    /// The number of frames from which on the log is copied into the file, by default the same as SQLite's; fewer in
    /// tests of every step of it.
    package var longLog = 1000
    /// Who may use the file; derived from ``group`` when the store is opened.
    var access = FileAccess.owner
    /// The maximum number of pages of 4 KiB; nil for no limit but the disk's. For tests of a full disk.
    var maximumPages: Int?

    /// Creates the default options.
    public init() {}
  }

  /// A name that no other store has.
  public let identity: String
  /// The file.
  public let path: String
  let writer: DatabaseThread
  let reader: DatabaseThread
  let bell: WakeBroadcaster

  private init(path: String, identity: String, writer: DatabaseThread, reader: DatabaseThread, bell: WakeBroadcaster) {
    self.path = path
    self.identity = identity
    self.writer = writer
    self.reader = reader
    self.bell = bell
  }

  deinit {
    // For callers that forget to close: the threads end, and their connections with them.
    bell.letGo()
    writer.letGo()
    reader.letGo()
  }

  /// Opens the store in a file; creates the file unless it must exist.
  /// - Throws: `JobStoreError`: `unavailable`, `readOnly`, `exposed`, `corrupt`, `tooNew`, `full`, `busy`,
  ///   `foreignLog`, `missingLog`, `hardLinked`, `replaced` or `storeGroup`.
  public static func open(at path: String, options: Options = Options()) async throws -> SQLiteJobStore {
    try await DedicatedThread.run(for: path) { try openNow(at: path, options: options) }
  }

  /// Opens the store, does something with it, and closes it.
  package static func using<Result>(
    _ path: String, _ options: Options, _ body: (SQLiteJobStore) async throws -> Result
  ) async throws -> Result {
    let store = try await open(at: path, options: options)
    do {
      let result = try await body(store)
      await store.close()
      return result
    } catch {
      await store.close()
      throw error
    }
  }

  /// Lets running operations end and closes the file; every later operation throws `unavailable`.
  public func close() async {
    await bell.stop()
    await reader.close()
    // Last, because the last connection removes the log.
    await writer.close()
  }

  private static func openNow(at path: String, options: Options) throws -> SQLiteJobStore {
    try SQLiteLibrary.check(path: path)
    var options = options
    options.access = try FileAccess(groupNamed: options.group, of: path)
    do {
      return try options.readOnly ? openReadOnly(at: path, options) : openForWriting(at: path, options)
    } catch let failure as SQLiteFailure {
      throw failure.storeError(operation: "open", path: path)
    } catch let failure as FileStatus.Failure {
      throw JobStoreError(
        code: .unavailable, operation: "open", target: path,
        cause: "cannot examine it: \(String(cString: strerror(failure.number)))")
    }
  }

  private static func openReadOnly(at path: String, _ options: Options) throws -> SQLiteJobStore {
    let file = try StoreFile.locate(path, mustExist: true)
    try StoreFile.check(file, forWriting: false, options.access)
    let found = try Admission(at: file)
    let mark = TurnFile.mark(beside: file)
    // With read access only, the mark is all there is to check: comparing the content would require an index to be
    // created.
    switch found.verdict(mark, at: options.machineStart, othersHaveItOpen: false) {
    case .foreignLog, .doubtfulLog: throw found.refusal(of: file, isLogTaken: false)
    case .open, .openWithout, .logTaken: break
    }
    guard found.database != nil else { throw StoreFile.missing(file, ENOENT, mustExist: true) }
    if found.mayLackLog { try Connection.requireLog(of: file, mark) }
    let (first, identity) = try sharing(file, options) {
      let first = try connection(to: file, options, readOnly: true)
      return (first, try first.identity(mayBeOlder: options.mayBeOlder))
    }
    let second = try connection(to: file, options, readOnly: true)
    let place = try Self.place(of: file)
    let bell = bell(file, options)
    let store = SQLiteJobStore(
      path: path, identity: identity, writer: DatabaseThread(first, mode: .reading(place)),
      reader: DatabaseThread(second, mode: .reading(place)), bell: bell)
    return try store.started()
  }

  private static func openForWriting(at path: String, _ options: Options) throws -> SQLiteJobStore {
    // Another program that closes the file at this moment removes log and index, and will soon have finished.
    for _ in 0..<10 {
      do {
        return try openOnce(at: path, options)
      } catch let error as JobStoreError where error.code == .replaced && error.operation == "open" {
        BlockingSleep.sleep(.milliseconds(5))
      }
    }
    return try openOnce(at: path, options)
  }

  private static func openOnce(at path: String, _ options: Options) throws -> SQLiteJobStore {
    let file = try StoreFile.locate(path, mustExist: options.mustExist)
    try StoreFile.check(file, forWriting: true, options.access)
    let opening = try Opening(file, options)
    return try opening.hold {
      let first = try sharing(file, options) {
        let first = try connection(to: file, options, readOnly: false)
        // The first read opens log and index. They are recorded before anything is written to them, so that the files a
        // crash leaves are known to belong together.
        _ = try first.readTransaction { try first.value("PRAGMA user_version", as: Int64.self) }
        return first
      }
      try opening.requireWholeLog(first)
      let place = try Self.place(of: file)
      try opening.record(place)
      let keeper = LogKeeper(first, opening.turn, place, options)
      do {
        if try first.migrate(identity: randomName, beforeWriting: keeper.beforeWriting) { try keeper.afterCommit() }
        let identity = try first.identity()
        // Only now is it known to be a queue file.
        for suffix in ["", "-wal", "-shm"] { try options.access.share(file + suffix) }
        if let pages = options.maximumPages { try first.execute("PRAGMA max_page_count = \(pages)") }
        let second = try connection(to: file, options, readOnly: true)
        let bell = bell(file, options)
        let store = SQLiteJobStore(
          path: path, identity: identity,
          writer: DatabaseThread(first, mode: .writing(keeper), jobsMayBeReady: { bell.ring() }),
          reader: DatabaseThread(second, mode: .reading(place)), bell: bell)
        return try store.started()
      } catch {
        // A file that is refused is left as it was, with no new files beside it.
        if opening.isAlone { keeper.closeWithTurn() }
        throw error
      }
    }
  }

  /// Opens a file for the first time, with log and index in the group that shares it.
  private static func sharing<Result>(_ file: String, _ options: Options, _ body: () throws -> Result) throws -> Result
  {
    let companions = try SharedCompanions(of: file, options.access)
    do {
      return try body()
    } catch {
      companions.remove()
      throw error
    }
  }

  private func started() throws -> SQLiteJobStore {
    try writer.start()
    try reader.start()
    return self
  }

  private static func bell(_ file: String, _ options: Options) -> WakeBroadcaster {
    WakeBroadcaster(path: file) { try connection(to: file, options, readOnly: true) }
  }

  private static func place(of file: String) throws -> SidecarFiles {
    guard let place = SidecarFiles(of: file) else { throw Opening.disturbed(file) }
    return place
  }

  private static func connection(to file: String, _ options: Options, readOnly: Bool) throws -> Connection {
    let busyHandler = BusyHandler(limit: options.busyTimeout, random: SystemRandom(), pause: BlockingSleep.sleep)
    let connection = try Connection(path: file, busyHandler: busyHandler)
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
