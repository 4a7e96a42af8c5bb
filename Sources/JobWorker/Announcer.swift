internal import JobQueue

/// Makes the worker known, so that others on its host can tell when its process is gone.
struct Announcer: Duty {
  let name = "announce"
  let period: Duration = .seconds(30)
  let store: any JobStore
  let record: WorkerRecord

  func runOnce(now: Timestamp) async throws {
    var record = record
    record.seenAt = now
    try await store.announce(record)
  }

  /// Takes the worker's name off the list.
  func retire() async throws {
    try await store.retire([record.id])
  }
}
