import JobQueue
import JobQueueTestKit

extension BrokenStore {
  /// Keeps records whose commit did not happen.
  func keep(_ writes: [RecordWrite], at now: Timestamp) async {
    await model.tamper { tables in
      for write in writes {
        tables.records[write.collection, default: [:]][RecordName(write)] = write.applied(to: nil, by: nil, at: now)
      }
    }
  }
}

extension JournalEntry {
  /// The record to be written.
  var record: RecordWrite? {
    if case .record(let write) = self { write } else { nil }
  }
}

extension [RecordWrite] {
  mutating func replaceAnything() {
    for index in indices { self[index].rule = .upsert }
  }
}
