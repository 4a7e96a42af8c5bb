import JobQueue
import StreamingJobs

/// A rollout that its own check stopped, while later waves wait behind it.
enum StoppedRollout {
  /// Refuses to enqueue the manifest once more: a second check of the wave would let nobody through, because the jobs of
  /// the later waves wait for the first one.
  static func refuse(_ manifest: String, in store: any QueryStore) async throws {
    let labels = [ManifestLabel.manifest: manifest]
    let blocked = Set(try await store.allJobs(JobQuery(states: [.blocked], labels: labels)).map(\.id))
    guard !blocked.isEmpty else { return }
    guard let kind = JobKinds.streaming.kind(for: .waveCheck)?.kind else { return }
    let checks = try await store.allJobs(JobQuery(states: [.dead, .cancelled], kinds: [kind], labels: labels))
    for check in checks {
      let waiting = try await store.relatives(of: check.id).children.filter { blocked.contains($0) }
      guard !waiting.isEmpty else { continue }
      throw CommandError(
        status: .conflict, code: "RD0438",
        message: "the rollout of \(manifest) was stopped by job \(check.id), and later waves wait for it",
        help: "rundown jobs show \(check.id) says why; retry or discard what failed, then rundown jobs retry"
          + " \(check.id) continues; or end it with rundown jobs cancel -l manifest=\(manifest), and apply again")
    }
  }
}
