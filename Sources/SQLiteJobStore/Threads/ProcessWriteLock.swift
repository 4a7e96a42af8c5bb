import CSQLite
import Glibc
import JobQueue
import Threading

// @unchecked is sound: `state`, `isClosed` and `file` are touched only while `lock` is held, except by the one thread
// that takes and gives back, which alone changes `file`, and only while nobody waits in the queue.
/// This process's turn to write, in a queue that the kernel keeps.
///
/// With SQLite's own lock, waiting processes sleep and try again: the disk idles meanwhile, and chance decides who
/// starves. So all writers lock a side file first and find SQLite's own lock free, unless a program writes that takes
/// no turns. The file stays: removing it would let two processes lock two different files of that name. A process that
/// finds, with the lock, that somebody did remove it takes its turn again.
///
/// Everything but `close` and `isWanted` is called by one thread.
final class ProcessWriteLock: @unchecked Sendable {
  private enum State {
    case idle
    /// The waiting thread is to acquire the lock.
    case wanted
    /// The waiting thread has acquired it.
    case granted
    /// The timeout passed before the lock came; the waiting thread is still in the queue.
    case abandoned
  }

  private let database: String
  private let access: FileAccess
  private let writeMark: TurnFile.Write
  private(set) var file: TurnFile
  /// Changes when another file has taken the place of the open one.
  private(set) var exchanges = 0
  private var isShared = false
  private let timeout: Duration
  private let lock = Lock()
  private let changed = Condition()
  private var state = State.idle
  private var hasThread = false
  private var isClosed = false

  /// Opens the side file of a database; creates it with mode 0600.
  init(
    beside database: String, _ access: FileAccess = .owner, timeout: Duration,
    writeMark: @escaping TurnFile.Write = TurnFile.write
  ) throws {
    self.database = database
    self.access = access
    self.writeMark = writeMark
    self.timeout = timeout
    file = try TurnFile.open(beside: database, access, write: writeMark)
  }

  deinit { file.close() }

  /// Whether a thread waits in `take`; for tests of waiting.
  var isWanted: Bool { lock.locked { state == .wanted } }

  /// Waits until no other process writes.
  /// - Parameter limit: the longest wait; nil for the timeout of the initializer.
  /// - Throws: `SQLiteFailure` with `SQLITE_BUSY` if the timeout passes first, ``JobStoreError`` if no thread can be
  ///   created.
  /// - Returns: whether it had to wait.
  @discardableResult
  func take(within limit: Duration? = nil) throws -> Bool {
    var hasWaited = false
    while true {
      if try !takeAtOnceOrWait(within: limit ?? timeout) { hasWaited = true }
      if file.isInPlace { return hasWaited }
      try exchange()
    }
  }

  /// Shows whether this process has the database open.
  func share(_ yes: Bool) {
    isShared = yes
    file.share(yes)
  }

  /// Opens the file that is at the path now, and closes the other one with all locks on it.
  private func exchange() throws {
    let new: TurnFile
    do {
      new = try TurnFile.open(beside: database, access, write: writeMark)
    } catch {
      giveBack()
      throw error
    }
    if isShared { new.share(true) }
    let old = lock.locked {
      defer { file = new }
      return file
    }
    old.close()
    exchanges += 1
  }

  /// - Returns: whether it got the lock without waiting.
  private func takeAtOnceOrWait(within limit: Duration) throws -> Bool {
    if try lock.locked({ state == .idle ? try takeAtOnce() : false }) { return true }
    // The kernel's queue has no time limit, so a separate thread waits in it.
    if !hasThread {
      try DedicatedThread.start(for: file.path) { [self] in stand() }
      hasThread = true
    }
    let deadline = Condition.moment(after: limit)
    try lock.locked {
      state = .wanted
      changed.wakeAll()
      while state != .granted {
        // It may be granted at the very moment when the timeout ends.
        guard changed.wait(lock, until: deadline) || state == .granted else {
          state = .abandoned
          throw SQLiteFailure(code: SQLITE_BUSY)
        }
      }
      state = .idle
    }
    return false
  }

  /// Lets the next one write.
  func giveBack() {
    flock(file.descriptor, LOCK_UN)
  }

  /// Lets the waiting thread end.
  func close() {
    lock.locked {
      isClosed = true
      changed.wakeAll()
    }
  }

  private func takeAtOnce() throws -> Bool {
    if flock(file.descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
    guard errno == EWOULDBLOCK || errno == EINTR else { throw failure(errno) }
    return false
  }

  private func stand() {
    while let descriptor = lock.locked({ waitUntilWanted() ? file.descriptor : nil }) {
      while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
      lock.locked {
        if state == .wanted {
          state = .granted
          changed.wakeAll()
        } else {
          flock(descriptor, LOCK_UN)
          state = .idle
        }
      }
    }
  }

  private func waitUntilWanted() -> Bool {
    while state != .wanted, !isClosed { changed.wait(lock) }
    return state == .wanted
  }

  private func failure(_ number: Int32) -> JobStoreError {
    JobStoreError(
      code: .unavailable, operation: "write", target: file.path,
      cause: "it cannot be locked: \(String(cString: strerror(number)))", hint: "keep it on a local file system")
  }
}
