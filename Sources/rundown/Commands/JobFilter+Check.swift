import JobQueue
import Settings
import StreamingJobs

extension JobFilter {
  /// Refuses a kind or a queue that neither this program nor any job in the file has: it would match nothing, as if
  /// there were no such jobs. The file is checked as well, because other programs may enqueue into it.
  func check(in store: any QueryStore) async throws {
    for kind in kind where JobKinds.streaming.named(kind) == nil {
      guard try await store.jobs(JobQuery(kinds: [kind], limit: 1)).isEmpty else { continue }
      throw Self.unknown("job kind", kind, flag: "--kind", code: "RD0202", known: JobKinds.streaming.all.map(\.kind))
    }
    for queue in queue where !JobKinds.streaming.queues.contains(queue) {
      guard try await store.jobs(JobQuery(queues: [queue], limit: 1)).isEmpty else { continue }
      throw Self.unknown("queue", queue, flag: "--queue", code: "RD0304", known: JobKinds.streaming.queues)
    }
  }

  private static func unknown(
    _ what: String, _ word: String, flag: String, code: String, known: [String]
  ) -> CommandError {
    let near = Suggestion.nearest(to: word, among: known)
    return .input(
      code, "unknown \(what) '\(word)'", flag: flag,
      help: near.map { "did you mean '\($0)'?" } ?? "known: \(known.joined(separator: ", "))")
  }
}
