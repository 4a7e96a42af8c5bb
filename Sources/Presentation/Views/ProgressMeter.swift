package import JobQueue
package import StreamingJobs

/// The progress of running jobs, their speed and the time left, computed from successive readings.
package struct ProgressMeter {
  private struct Sample {
    var at: Timestamp
    var bytes: Int64
  }

  /// The speed is averaged over this time.
  private static let window: Duration = .seconds(60)

  private var samples: [JobID: [Sample]] = [:]

  /// A meter without any readings.
  package init() {}

  /// Adds a reading of a job's progress.
  /// - Returns: a sentence about it.
  package mutating func sentence(on job: Job, _ progress: JobProgress, at now: Timestamp) -> String {
    var seen = (samples[job.id] ?? []).filter { now - $0.at <= Self.window && $0.bytes <= progress.bytes }
    seen.append(Sample(at: now, bytes: progress.bytes))
    samples[job.id] = seen
    let subject = JobTable.subject(job)
    let all = progress.allParts.map { " of \($0)" } ?? ""
    var words = ["\(progress.parts)\(all) \(progress.allParts ?? progress.parts == 1 ? "part" : "parts")"]
    words.append("\(ByteText.of(progress.bytes)) of \(ByteText.of(progress.allBytes))")
    if let first = seen.first, now - first.at >= .seconds(1), progress.bytes > first.bytes {
      let speed = Double(progress.bytes - first.bytes) / (Double((now - first.at).wholeMilliseconds) / 1000)
      words.append("\(ByteText.of(Int64(speed)))/s")
      let left = Double(max(0, progress.allBytes - progress.bytes)) / speed
      words.append("\(TimeText.span(.seconds(Int64(left.rounded(.up))))) left")
    }
    return "job \(job.id) \(job.kind)\(subject.isEmpty ? "" : " \(subject)"): " + words.joined(separator: ", ")
  }
}
