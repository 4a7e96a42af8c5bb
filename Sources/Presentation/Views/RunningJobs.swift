package import JobQueue
import StreamingJobs

/// The progress of running jobs, read again and again, for the kinds that report it.
package struct RunningJobs {
  private var meter = ProgressMeter()

  /// Starts without any readings.
  package init() {}

  /// A sentence about each running job that reports its progress.
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
