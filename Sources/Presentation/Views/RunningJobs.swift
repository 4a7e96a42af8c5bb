package import JobQueue
import StreamingJobs

/// How far running jobs are whose kinds can tell, looked at again and again.
package struct RunningJobs {
  private var meter = ProgressMeter()

  /// Jobs of which nothing was seen yet.
  package init() {}

  /// A sentence on each running job that can tell how far it is.
  package mutating func sentences(
    on jobs: [Job], in store: any JournalStore, _ now: Timestamp
  ) async throws -> [String] {
    var sentences: [String] = []
    for job in jobs where job.state == .running {
      guard let kind = JobKinds.streaming.named(job.kind) else { continue }
      guard let progress = kind.progress(try await store.journal(of: job.id)) else { continue }
      sentences.append(meter.sentence(on: job, progress, at: now))
    }
    return sentences
  }
}
