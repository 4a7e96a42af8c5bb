import Threading

/// The journal of a running job as its attempt knows it: what came with the lease, or was read since the last write.
///
/// Only the attempt that holds the lease writes to it. An attempt that lost its lease reads what was true while it held
/// it, and can write nothing.
final class KnownJournal: Sendable {
  private struct Copy {
    var journal: Journal?
    /// Grows with each write: whatever was read before a write is not kept.
    var writes = 0
  }

  private let copy: MutexBox<Copy>

  init(_ journal: Journal?) {
    copy = MutexBox(Copy(journal: journal))
  }

  /// The journal, read by `read` if it is not known.
  func value(_ read: () async throws -> Journal) async throws -> Journal {
    let (known, writes) = copy.withLock { ($0.journal, $0.writes) }
    if let known { return known }
    let journal = try await read()
    copy.withLock { copy in
      if copy.writes == writes { copy.journal = journal }
    }
    return journal
  }

  /// Performs a write, which may have happened even if it throws.
  func changed<Answer: Sendable>(by write: () async throws -> Answer) async throws -> Answer {
    forget()
    defer { forget() }
    return try await write()
  }

  private func forget() {
    copy.withLock { copy in
      copy.journal = nil
      copy.writes += 1
    }
  }
}
