import JobQueue
import JobWorker
import Presentation
import Threading

/// The jobs that died or were held while a worker ran, except those that have gone on since.
final class StoppedJobs: Sendable {
  private let states = MutexBox<[JobID: JobState]>([:])

  /// Records what the worker did.
  func note(_ event: WorkerEvent) {
    switch event {
    case .recorded(let leased, _, let state, _): states.withLock { $0[leased.job.id] = state }
    case .reaped(let jobs): states.withLock { $0.merge(jobs) { _, newer in newer } }
    case .started, .leased, .dropped, .extended, .promoted, .pruned, .storeFailed, .storeRecovered, .draining, .stopped:
      break
    }
  }

  /// What was done, and what is left according to the final status.
  func summary(_ status: QueueStatus, queues: Set<String>) -> WorkSummary {
    WorkSummary(states.withLock { $0 }, status, queues: queues)
  }

  /// - Throws: ``CommandError`` with status 3 if there are any.
  func check() throws {
    let states = states.withLock { $0 }
    let words = [JobState.dead, .held].compactMap { state in
      let count = states.values.count { $0 == state }
      return count == 0 ? nil : "\(count) \(count == 1 ? "job is" : "jobs are") \(state.rawValue)"
    }
    guard !words.isEmpty else { return }
    throw CommandError(
      status: .partlyFailed, code: "not-reached", message: words.joined(separator: ", "),
      help: "rundown jobs list --state dead,held --by code says why")
  }
}
