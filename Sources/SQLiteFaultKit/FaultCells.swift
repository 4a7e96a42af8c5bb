/// The cells of the table in which no fault can fire, each with the reason. Every other cell must have some.
package enum FaultCells {
  private struct Exception: Sendable {
    let operations: Set<FaultOperation>
    let verbs: @Sendable (String) -> Bool
    let reason: String
  }

  /// Verbs that create or remove files.
  private static let ofFiles: Set<String> = ["open a new file", "open", "bring up an older file", "close"]

  /// Verbs that copy the log into the database: when it is long, at the end, and with the first commit after the file
  /// was opened, as every ninth verb of the story is.
  private static let thatCheckpoint: Set<String> = [
    "close", "enqueue, and checkpoint", "announce", "retry", "ask, and stand in line", "hold all that is unfinished",
  ]

  private static let exceptions = [
    Exception(
      operations: [.write, .sync, .truncate, .open, .delete, .syncFolder], verbs: { $0 == "look" },
      reason: "it only reads, through a connection that is open"),
    Exception(
      operations: [.open], verbs: { !ofFiles.contains($0) || $0 == "close" }, reason: "the files are open already"),
    Exception(
      operations: [.delete], verbs: { !ofFiles.contains($0) || $0 == "open" },
      reason: "files are deleted when a file is first kept with a log, and when the last process closes it"),
    Exception(
      operations: [.truncate], verbs: { !thatCheckpoint.contains($0) },
      reason: "the database is cut to its size when the log is copied into it, and nothing else is cut"),
    Exception(
      operations: [.sync, .syncFolder], verbs: { $0 == "open" },
      reason: "a file of this version is only read when it is opened, and a mark left that is not synced"),
    Exception(
      operations: [.syncFolder], verbs: { $0 == "close" }, reason: "the commit before it had the folder synced"),
    Exception(
      operations: [.syncFolder], verbs: { $0 == "enqueue, and begin the log anew" },
      reason: "the commit before it had the folder synced"),
  ]

  /// Why an operation never happens in a verb; nil if it does.
  package static func reason(for operation: FaultOperation, in verb: String) -> String? {
    exceptions.first { $0.operations.contains(operation) && $0.verbs(verb) }?.reason
  }
}
