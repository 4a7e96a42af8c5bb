import CFaultVFS

/// What SQLite asks the system to do, as far as it can be made to fail.
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
  /// The number of the occurrence that fails, counted from 1 since the fault was armed.
  package var position: Int
  /// Whether all later ones fail too.
  package var isForever: Bool

  package init(_ operation: FaultOperation, at position: Int, isForever: Bool) {
    self.operation = operation
    self.position = position
    self.isForever = isForever
  }

  func hits(_ count: Int) -> Bool { isForever ? count >= position : count == position }
}

/// A lie of the disk, or a bug in a program, that the finder must find.
package enum PlantedBug: String, Sendable, CaseIterable {
  /// The sync of a log reports success and does nothing.
  case logSyncSkipped = "log-sync-skipped"
  /// The same for a folder's sync.
  case folderSyncIgnored = "folder-sync-ignored"
  /// A later process appends to the log regardless of earlier failed syncs.
  case logUsedAfterFailedSync = "log-used-after-failed-sync"
  /// After a power loss a program assumes that the mark it finds is the newest one.
  case formerMarkTrusted = "former-mark-trusted"
}
