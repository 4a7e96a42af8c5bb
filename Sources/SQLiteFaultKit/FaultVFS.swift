import CFaultVFS
import CSQLite
import FoundationEssentials
import Glibc
import JobQueueTestKit
import Threading

/// The layer between this process's SQLite and its files: every operation on the files of one folder is counted, may be
/// made to fail, and is recorded in a ``FaultDisk``, which knows what a power loss would leave. Other folders are not
/// affected.
package final class FaultVFS: Sendable {
  /// What is left of a folder if the power is lost at some moment.
  package struct Moment: Sendable {
    let disk: FaultDisk
    /// The last value that the caller passed to ``FaultVFS/mark(_:)``.
    package let mark: Int

    /// The files that are found.
    package func left(by loss: PowerLoss, _ random: (Int) -> Int) -> LeftFiles { disk.left(by: loss, random) }
  }

  /// Something that was done to a file of the folder, or is about to be, as one process reports it to another.
  package struct Operation: Sendable, Codable {
    let number: Int32
    let name: String
    var isDone = false
    var offset: Int64 = 0
    var size: Int64 = 0
    var bytes = Data()
  }

  private struct State: Sendable {
    var folder = ""
    var disk = FaultDisk(durable: [:])
    var fault: Fault?
    var counts: [FaultOperation: Int] = [:]
    var fired = 0
    var isGone = false
    var mark = 0
    var bug: PlantedBug?
    /// After how many operations a moment is kept; nil for never.
    var untilMoment: Int?
    var moment: Moment?
    /// What is reported to another process instead of being recorded here; nil if nothing is.
    var told: [Operation]?
  }

  private let state = MutexBox(State())

  /// Registers it as the default VFS. Once per process, before SQLite is used.
  package init(bug: PlantedBug? = nil) throws {
    state.withLock { $0.bug = bug }
    let hooks = cfault_hooks(
      // Never released: SQLite keeps a VFS for the life of the process.
      context: Unmanaged.passRetained(self).toOpaque(),
      before: { context, operation, path in
        guard let context else { return SQLITE_OK }
        return Unmanaged<FaultVFS>.fromOpaque(context).takeUnretainedValue().before(operation, path)
      },
      after: { context, operation, path, offset, size, data in
        guard let context else { return }
        Unmanaged<FaultVFS>.fromOpaque(context).takeUnretainedValue().after(operation, path, offset, size, data)
      })
    guard cfault_register_allocator() == SQLITE_OK, cfault_register("rundown-faults", hooks) == SQLITE_OK else {
      throw FaultKitError(words: "the VFS cannot be registered")
    }
  }

  /// From now on, watches the files of this folder; its present content is durable.
  package func watch(_ folder: String, durable content: [String: [UInt8]]) {
    state.withLock { state in
      state = State(folder: folder, disk: FaultDisk(durable: content), bug: state.bug)
    }
  }

  /// Restarts the counts, and makes an operation fail; nil for none.
  package func arm(_ fault: Fault?) {
    let isAllocation = fault?.operation == .allocate
    cfault_fail_allocation(isAllocation ? Int64(fault?.position ?? 0) : 0, fault?.isForever == true ? 1 : 0)
    state.withLock { state in
      state.fault = isAllocation ? nil : fault
      state.counts = [:]
      state.fired = 0
    }
  }

  /// How often each operation was requested since then.
  package var counts: [FaultOperation: Int] {
    var counts = state.withLock { $0.counts }
    counts[.allocate] = Int(cfault_allocations())
    return counts
  }

  /// How many operations failed since then.
  package var fired: Int { state.withLock { $0.fired } + Int(cfault_failed_allocations()) }

  /// From now on, what the connections of this process do has no effect: the process counts as gone, and so do its
  /// locks.
  package func vanish(_ isGone: Bool) { state.withLock { $0.isGone = isGone } }

  /// Records how far the caller is; a kept moment includes it.
  package func mark(_ mark: Int) { state.withLock { $0.mark = mark } }

  /// Keeps the moment before one of the next operations.
  package func keepMoment(in operations: Int) {
    state.withLock { state in
      state.untilMoment = operations
      state.moment = nil
    }
  }

  /// The moment that was kept, if that many operations happened.
  package var keptMoment: Moment? { state.withLock { $0.moment } }

  /// From now on, reports operations and records them nowhere.
  package func tell() { state.withLock { $0.told = [] } }

  /// What was done since then.
  package var told: [Operation] { state.withLock { $0.told ?? [] } }

  /// Records what another process did, which had the folder to itself meanwhile.
  package func enter(_ operations: some Sequence<Operation>) {
    for operation in operations {
      state.withLock { state in
        if operation.isDone {
          Self.enter(operation, in: &state)
        } else {
          Self.countToMoment(&state)
        }
      }
    }
  }

  /// The current moment.
  package var now: Moment { state.withLock { Moment(disk: $0.disk, mark: $0.mark) } }

  /// The sync of a folder that is requested outside SQLite; returns 0, or -1 and errno.
  package func syncFolder(_ folder: String, _ sync: (String) -> Int32) -> Int32 {
    let path = folder.hasSuffix("/") ? folder + "queue.db" : folder + "/queue.db"
    guard path.withCString({ before(Int32(CFAULT_SYNC_FOLDER.rawValue), $0) }) == SQLITE_OK else {
      errno = EIO
      return -1
    }
    let result = sync(folder)
    if result == 0 { path.withCString { after(Int32(CFAULT_SYNC_FOLDER.rawValue), $0, 0, 0, nil) } }
    return result
  }

  /// Writes a mark, which is done outside SQLite; returns what pwrite(2) does.
  package func writeMark(_ path: String, _ bytes: [UInt8], _ write: ([UInt8]) -> Int) -> Int {
    let number = Int32(CFAULT_WRITE.rawValue)
    let fault = path.withCString { before(number, $0) }
    guard fault != SQLITE_ABORT else { return -1 }
    let written = write(fault == SQLITE_OK ? bytes : Array(bytes.prefix(bytes.count / 2)))
    if written > 0 {
      path.withCString { path in
        bytes.withUnsafeBytes { after(number, path, 0, Int64(written), $0.baseAddress) }
      }
    }
    errno = EIO
    return written
  }

  private func before(_ number: Int32, _ path: UnsafePointer<CChar>?) -> Int32 {
    guard let operation = FaultOperation(number), let path else { return SQLITE_OK }
    return state.withLock { state in
      guard let name = Self.name(path, in: state.folder) else { return SQLITE_OK }
      guard !state.isGone else { return operation == .read ? SQLITE_OK : SQLITE_ABORT }
      state.told?.append(Operation(number: number, name: name))
      Self.countToMoment(&state)
      let count = state.counts[operation, default: 0] + 1
      state.counts[operation] = count
      guard let fault = state.fault, fault.operation == operation, fault.hits(count) else { return SQLITE_OK }
      state.fired += 1
      if operation == .sync { state.disk.change(name) { $0.failSync() } }
      return Self.error(of: operation, count)
    }
  }

  private func after(
    _ number: Int32, _ path: UnsafePointer<CChar>?, _ offset: Int64, _ size: Int64, _ data: UnsafeRawPointer?
  ) {
    guard let path else { return }
    state.withLock { state in
      guard let name = Self.name(path, in: state.folder), !state.isGone else { return }
      var operation = Operation(number: number, name: name, isDone: true, offset: offset, size: size)
      if number == Int32(CFAULT_OPEN.rawValue) { operation.size = Self.node(path) }
      if let data { operation.bytes = Data(bytes: data, count: Int(size)) }
      if state.told != nil {
        state.told?.append(operation)
      } else {
        Self.enter(operation, in: &state)
      }
    }
  }

  private static func enter(_ done: Operation, in state: inout State) {
    guard let operation = FaultOperation(done.number) else { return }
    switch operation {
    case .read, .allocate: break
    case .write:
      state.disk.change(done.name) { file in done.bytes.withUnsafeBytes { file.write($0, at: Int(done.offset)) } }
    case .truncate: state.disk.change(done.name) { $0.truncate(to: Int(done.size)) }
    case .sync:
      if state.bug == .logSyncSkipped, done.name.hasSuffix("-wal") { return }
      state.disk.change(done.name) { $0.sync() }
    case .open: state.disk.open(done.name, node: UInt64(bitPattern: done.size))
    case .delete: state.disk.delete(done.name)
    case .syncFolder: if state.bug != .folderSyncIgnored { state.disk.syncFolder() }
    }
  }

  private static func countToMoment(_ state: inout State) {
    guard let left = state.untilMoment else { return }
    state.untilMoment = left > 1 ? left - 1 : nil
    if left <= 1 { state.moment = Moment(disk: state.disk, mark: state.mark) }
  }

  /// The inode number of the file at a path.
  private static func node(_ path: UnsafePointer<CChar>) -> Int64 {
    var status = stat()
    return stat(path, &status) == 0 ? Int64(bitPattern: UInt64(status.st_ino)) : 0
  }

  /// The name of a file in the watched folder; nil for any other file.
  private static func name(_ path: UnsafePointer<CChar>, in folder: String) -> String? {
    let path = String(cString: path)
    guard !folder.isEmpty, path.hasPrefix(folder + "/") else { return nil }
    return String(path.dropFirst(folder.count + 1))
  }

  private static func error(of operation: FaultOperation, _ count: Int) -> Int32 {
    // SQLITE_IOERR_…, compound macros in C that Swift does not import.
    switch operation {
    case .read: SQLITE_IOERR | (1 << 8)
    case .write: count.isMultiple(of: 2) ? SQLITE_FULL : SQLITE_IOERR | (3 << 8)
    case .sync: SQLITE_IOERR | (4 << 8)
    case .truncate: SQLITE_IOERR | (6 << 8)
    case .open, .syncFolder: SQLITE_CANTOPEN
    case .delete: SQLITE_IOERR | (10 << 8)
    case .allocate: SQLITE_NOMEM
    }
  }
}

/// An error of the kit itself.
package struct FaultKitError: Error, CustomStringConvertible {
  let words: String
  package init(words: String) { self.words = words }
  package var description: String { words }
}
