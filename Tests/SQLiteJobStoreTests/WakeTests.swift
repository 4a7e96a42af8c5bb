import JobQueue
import Testing

@testable import SQLiteJobStore

@Suite("Wake-ups")
struct WakeTests {
  @Test("Whoever looks when woken sees what another process committed", .timeLimit(.minutes(20)))
  func visible() async throws {
    // Another store object stands for another process: it shares nothing with the first but the file.
    //
    //   listener                     writer
    //                                writes to the -wal file (inotify tells)
    //   looks: nothing yet           waits for the disk
    //   must be woken again          the commit is visible
    try await withStore { listener, directory in
      let writer = try await SQLiteJobStore.open(at: directory.database)
      var wakeUps = listener.wakeUps().makeAsyncIterator()
      for round in 1...40 {
        _ = try await writer.enqueue([NewJob(kind: "a")], at: at(0))
        while try await listener.status().count(.ready) < round {
          try #require(await wakeUps.next() != nil)
        }
      }
      await writer.close()
    }
  }

  @Test("A commit that makes jobs ready wakes every listener of the same store", .timeLimit(.minutes(20)))
  func own() async throws {
    try await withStore { store, _ in
      var first = store.wakeUps().makeAsyncIterator()
      var second = store.wakeUps().makeAsyncIterator()
      _ = try await store.enqueue([NewJob(kind: "a")], at: at(0))
      #expect(await first.next() != nil)
      #expect(await second.next() != nil)
    }
  }

  @Test("Streams end when the store is closed, and one that is asked for later is at its end", .timeLimit(.minutes(20)))
  func end() async throws {
    let directory = try TemporaryDirectory()
    let store = try await SQLiteJobStore.open(at: directory.database)
    let early = store.wakeUps()
    await store.close()
    for await _ in early {}
    for await _ in store.wakeUps() {}
  }
}
