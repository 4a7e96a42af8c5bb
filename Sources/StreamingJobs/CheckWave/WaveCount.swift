import JobQueue

/// The standing of a wave's streams, by their newest jobs.
struct WaveCount: Equatable {
  /// Streams whose jobs are all completed.
  var done = 0
  /// Streams with a job that needs an operator.
  var failed = 0
  /// All others.
  var open = 0
  /// Unfinished jobs that several streams share.
  var openShared = 0
  /// The first jobs that failed, by number.
  var failedJobs: [JobID] = []
  /// A failed job that several streams share.
  var failedShared: Job?
  /// When one of its jobs was last updated.
  var lastChange: Timestamp?

  /// All streams.
  var streams: Int { done + failed + open }

  /// - Parameters:
  ///   - jobs: the wave's jobs, newest first, as the store lists them; if several have the same unique key, the newest
  ///     counts.
  ///   - stuck: those of them that are blocked by one that failed.
  init(_ jobs: [Job], stuck: Set<JobID>) {
    var seen: Set<String> = []
    var byStream: [String: (failed: Bool, open: Bool)] = [:]
    for job in jobs {
      if let key = job.uniqueKey, !seen.insert(key).inserted { continue }
      lastChange = max(lastChange ?? job.updatedAt, job.updatedAt)
      let hasFailed = job.state == .dead || job.state == .held
      if hasFailed { failedJobs.append(job.id) }
      guard let stream = job.labels[ManifestLabel.stream] else {
        if hasFailed || stuck.contains(job.id) {
          failedShared = job
        } else if !job.state.isFinished {
          openShared += 1
        }
        continue
      }
      // A job that an operator discarded counts as neither: nobody waits for it.
      var standing = byStream[stream] ?? (false, false)
      if hasFailed || stuck.contains(job.id) {
        standing.failed = true
      } else if !job.state.isFinished {
        standing.open = true
      }
      byStream[stream] = standing
    }
    for standing in byStream.values {
      if standing.failed { failed += 1 } else if standing.open { open += 1 } else { done += 1 }
    }
    failedJobs.sort()
  }

  /// Whether something of the wave is still to come.
  var isOpen: Bool { open + openShared > 0 }

  /// `3 of 10 streams done, 1 failed`
  var words: String {
    let shared = openShared > 0 ? ", \(openShared) shared \(openShared == 1 ? "job" : "jobs") unfinished" : ""
    return "\(done) of \(streams) streams done" + (failed > 0 ? ", \(failed) failed" : "") + shared
  }

  /// Whether more streams failed than may.
  func isTooMuch(_ percent: Int) -> Bool { failedShared != nil || failed * 100 > streams * percent }
}
