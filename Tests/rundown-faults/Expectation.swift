import SQLiteFaultKit
import SQLiteJobStore

/// Something that somebody tried, which did not say that it was done.
struct Attempt: Sendable {
  let name: String
  let run: @Sendable (SQLiteJobStore) async throws -> Void
}

/// What must be found: all that was acknowledged last, and nothing beside it but what was tried since.
struct Expectation: Sendable {
  let view: DatabaseView
  let pages: [UInt8]
  var attempts: [Attempt] = []
}

/// What a file holds after what was tried was done on it, with any of the attempts left out.
actor Replays {
  private let place: String
  private var known: [String: Set<UInt64>] = [:]
  private var count = 0

  init(in place: String) { self.place = place }

  /// Whether a file that was found is as expected.
  func allows(_ found: DatabaseView, _ expectation: Expectation) async throws -> Bool {
    if found.digest == expectation.view.digest { return true }
    guard let digest = found.namelessDigest else { return false }
    return try await outcomes(of: expectation).contains(digest)
  }

  private func outcomes(of expectation: Expectation) async throws -> Set<UInt64> {
    let key = ([expectation.view.namelessDigest.map(String.init) ?? ""] + expectation.attempts.map(\.name))
      .joined(separator: "/")
    if let outcomes = known[key] { return outcomes }
    var outcomes: Set<UInt64> = []
    for choice in 0..<(1 << expectation.attempts.count) where choice > 0 {
      let chosen = expectation.attempts.indices.filter { choice & 1 << $0 != 0 }.map { expectation.attempts[$0] }
      if let outcome = try await outcome(of: chosen, on: expectation.pages) { outcomes.insert(outcome) }
    }
    known[key] = outcomes
    return outcomes
  }

  private func outcome(of attempts: [Attempt], on pages: [UInt8]) async throws -> UInt64? {
    count += 1
    let folder = try Folder("\(place)/replay-\(count)")
    defer { folder.remove() }
    // The pages hold what the log held too; an empty one says that none is missing.
    if !pages.isEmpty { try folder.write(["queue.db": pages, "queue.db-wal": []]) }
    let store = try await SQLiteJobStore.open(at: folder.database)
    // What fails in the replay, because what it stands on was left out, changes nothing.
    for attempt in attempts { _ = try? await attempt.run(store) }
    await store.close()
    return try DatabaseView.look(at: folder.database).namelessDigest
  }
}
