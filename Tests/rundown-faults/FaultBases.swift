import JobQueue
import SQLiteFaultKit
import SQLiteJobStore

/// The files that each verb begins with.
struct FaultBases: Sendable {
  private var files: [String: [String: [UInt8]]] = [:]

  /// Lives through the story once and keeps the files before each verb.
  init(in place: String) async throws {
    let folder = try Folder(place + "/story")
    defer { folder.remove() }
    var store = try await SQLiteJobStore.open(at: folder.database)
    for (number, verb) in FaultStory.verbs.enumerated() {
      // Some verbs find all in the file, most some of it in the log.
      if number.isMultiple(of: 9) {
        await store.close()
        store = try await SQLiteJobStore.open(at: folder.database)
      }
      if case .story = verb.base { files[verb.name] = try folder.read() }
      if case .verb(let run) = verb.action, case .story = verb.base { try await run(store) }
    }
    let long = try await Self.fill(store, folder)
    await store.close()
    for verb in FaultStory.verbs {
      switch verb.base {
      case .story: break
      case .missing: files[verb.name] = [:]
      case .older: files[verb.name] = try Self.older(in: place)
      case .longLog: files[verb.name] = long
      }
    }
  }

  /// The files before a verb, by name.
  func files(before verb: FaultVerb) -> [String: [UInt8]] { files[verb.name] ?? [:] }

  /// From so many frames on the log is copied: each of them is read, and each page written, once for every fault there.
  static let longLog = 250

  /// Grows the log until the next large commit, of some 70 pages, makes it long enough to be copied.
  private static func fill(_ store: SQLiteJobStore, _ folder: Folder) async throws -> [String: [UInt8]] {
    let frame = 4096 + 24
    while true {
      let files = try folder.read()
      let frames = (files["queue.db-wal"]?.count ?? 0) / frame
      if frames > longLog - 70 { return files }
      if frames < longLog - 160 {
        try await FaultStory.enqueueLarge(store)
      } else {
        _ = try await store.enqueue([NewJob(kind: "filler", queue: "default")], at: at(1999))
      }
    }
  }

  /// A file of the program's first version.
  private static func older(in place: String) throws -> [String: [UInt8]] {
    let folder = try Folder(place + "/older")
    defer { folder.remove() }
    let script = """
      \(Schema.migrations[0]);
      INSERT INTO meta VALUES ('identity', 'older');
      INSERT INTO job (kind, queue, state, priority, payload, payload_version, run_at, created_at, updated_at, max_attempts)
      VALUES ('work', 'default', 'ready', 0, '{}', 1, 5, 5, 5, 12);
      PRAGMA application_id = \(Schema.applicationID);
      PRAGMA user_version = 1;
      """
    try DatabaseView.execute(script, in: folder.database)
    return try folder.read()
  }
}
