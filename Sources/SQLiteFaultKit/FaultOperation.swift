import CFaultVFS

/// What SQLite asks of the system, as far as it can be made to fail.
package enum FaultOperation: String, Sendable, CaseIterable, Codable {
  case read, write, sync, truncate, open, delete
  /// The sync of a folder, which makes the names of new and of deleted files durable.
  case syncFolder
  /// An allocation of memory.
  case allocate

  init?(_ number: Int32) {
    let operations: [cfault_operation: FaultOperation] = [
      CFAULT_READ: .read, CFAULT_WRITE: .write, CFAULT_SYNC: .sync, CFAULT_TRUNCATE: .truncate, CFAULT_OPEN: .open,
      CFAULT_DELETE: .delete, CFAULT_SYNC_FOLDER: .syncFolder,
    ]
    guard let operation = operations[cfault_operation(UInt32(number))] else { return nil }
    self = operation
  }
}

/// Which operation fails.
package struct Fault: Sendable, Hashable, Codable {
  package var operation: FaultOperation
  /// The how manieth one, counted from 1 since the fault was armed.
  package var position: Int
  /// Whether all after it fail too.
  package var isForever: Bool

  package init(_ operation: FaultOperation, at position: Int, isForever: Bool) {
    self.operation = operation
    self.position = position
    self.isForever = isForever
  }

  func hits(_ count: Int) -> Bool { isForever ? count >= position : count == position }
}

/// A lie of the disk, or a mistake of a program, that the finder must find.
package enum PlantedBug: String, Sendable, CaseIterable {
  /// The sync of a log says that all went well and does nothing.
  case logSyncSkipped = "log-sync-skipped"
  /// The same of a folder's sync.
  case folderSyncIgnored = "folder-sync-ignored"
  /// A later process appends to the log whatever became of the syncs before.
  case logUsedAfterFailedSync = "log-used-after-failed-sync"
  /// After a loss of power a program takes the mark that it finds for the newest one.
  case formerMarkTrusted = "former-mark-trusted"
}
