internal import CSQLite
import Glibc
import JobQueue

// @unchecked is sound: `state` and `isClosed` are touched only while `lock` is held; `descriptor` never changes, and
// locks on it are the kernel's business.
/// This process's turn to write, in a queue that the kernel keeps.
///
/// SQLite lets those who find its lock taken sleep and try again: the disk idles meanwhile, and chance decides who
/// starves. So all writers lock a side file first and find SQLite's own lock free, unless a program writes that takes no
/// turns. The file is empty and stays: removing it would let two processes lock two different files of that name.
///
/// `take` and `giveBack` are called by one thread.
final class WriteTurn: @unchecked Sendable {
  private enum State {
    case idle
    /// The waiting thread is to get the lock.
    case wanted
    /// The waiting thread has got it.
    case granted
    /// Patience ended before the lock came; the waiting thread still stands in the queue.
    case abandoned
  }

  private let file: String
  private let descriptor: Int32
  private let patience: Duration
  private let lock = Lock()
  private let changed = Condition()
  private var state = State.idle
  private var hasThread = false
  private var isClosed = false

  /// Opens the side file of a database; creates it with mode 0600.
  init(beside database: String, patience: Duration) throws {
    file = database + "-turn"
    self.patience = patience
    descriptor = open(file, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      throw JobStoreError(
        code: errno == ENOSPC || errno == EDQUOT ? .full : .readOnly, operation: "open", target: file,
        cause: "it cannot be opened: \(String(cString: strerror(errno)))",
        hint: "the file and its directory must be writable by this user")
    }
  }

  deinit {
    Glibc.close(descriptor)
  }

  /// Whether a thread waits in `take`; for tests of waiting.
  var isWanted: Bool { lock.locked { state == .wanted } }

  /// Waits until no other process writes.
  /// - Parameter limit: how long at most; nil for the patience that it was made with.
  /// - Throws: `SQLiteFailure` of `SQLITE_BUSY` when patience ends first, ``JobStoreError`` when no thread can be made.
  /// - Returns: whether it had to wait.
  @discardableResult
  func take(within limit: Duration? = nil) throws -> Bool {
    if try lock.locked({ state == .idle ? try takeAtOnce() : false }) { return false }
    // The kernel's queue knows no time limit, so a thread of its own stands in it.
    if !hasThread {
      try OwnThread.start(for: file) { [self] in stand() }
      hasThread = true
    }
    let deadline = Condition.moment(after: limit ?? patience)
    try lock.locked {
      state = .wanted
      changed.wakeAll()
      while state != .granted {
        guard changed.wait(lock, until: deadline) else {
          state = .abandoned
          throw SQLiteFailure(code: SQLITE_BUSY)
        }
      }
      state = .idle
    }
    return true
  }

  /// Lets the next one write.
  func giveBack() {
    flock(descriptor, LOCK_UN)
  }

  /// Lets the waiting thread end.
  func close() {
    lock.locked {
      isClosed = true
      changed.wakeAll()
    }
  }

  private func takeAtOnce() throws -> Bool {
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
    guard errno == EWOULDBLOCK || errno == EINTR else { throw failure(errno) }
    return false
  }

  private func stand() {
    while lock.locked({ waitUntilWanted() }) {
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
      code: .unavailable, operation: "write", target: file,
      cause: "it cannot be locked: \(String(cString: strerror(number)))", hint: "keep it on a local file system")
  }
}
