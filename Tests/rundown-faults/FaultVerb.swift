import JobQueue
import SQLiteJobStore

/// Something that a process does with a queue file, and what the file must be like before.
struct FaultVerb: Sendable {
  /// What is done.
  enum Action: Sendable {
    /// A verb of a store that is open.
    case verb(@Sendable (SQLiteJobStore) async throws -> Void)
    /// The opening itself.
    case open
    /// The end of a process that used the file.
    case close
  }

  /// The file before it.
  enum Base: Sendable {
    /// As the verbs before it in the story left it.
    case story
    /// There is none.
    case missing
    /// As the first version of the program wrote it.
    case older
    /// With a log that the next commit makes large enough to be copied into the file.
    case longLog
  }

  let name: String
  var base = Base.story
  /// Done without faults before it, by the same process.
  var preparation: (@Sendable (SQLiteJobStore) async throws -> Void)?
  let action: Action

  init(_ name: String, _ run: @escaping @Sendable (SQLiteJobStore) async throws -> Void) {
    self.name = name
    action = .verb(run)
  }

  init(
    _ name: String, base: Base, preparation: (@Sendable (SQLiteJobStore) async throws -> Void)? = nil, _ action: Action
  ) {
    self.name = name
    self.base = base
    self.preparation = preparation
    self.action = action
  }
}

/// A moment of the story's own count.
func at(_ seconds: Int) -> Timestamp { Timestamp(milliseconds: 1_700_000_000_000 + Int64(seconds) * 1000) }
