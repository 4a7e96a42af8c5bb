/// How long an effect of unknown outcome has been looked for in vain.
///
/// Only looks that got an answer count, each for at most as long as all earlier ones together. The pauses that a job
/// chooses double as well, so they count in full; anything longer (an outage, a stopped worker, a clock that was set
/// forward) counts no more than such a pause.
struct DoubtWatch: Codable, Equatable {
  /// The latest time at which the request may have been sent. A different time means a different doubt.
  let since: Timestamp
  private var milliseconds: Int64 = 0
  private var lookedAt: Timestamp

  /// The time counted so far.
  var counted: Duration { .milliseconds(milliseconds) }

  /// Starts at the latest time at which the request may have been sent.
  init(since: Timestamp) { (self.since, lookedAt) = (since, since) }

  /// The key of the checkpoint that stores it; it passes with the intent to the next job with the same unique key.
  static func key(of effect: String) -> String {
    let key = "\(effect)/in-doubt"
    guard key.utf8.count > JobLimits.nameBytes else { return key }
    // FNV-1a: any number that distinguishes the long names of one job.
    let number = effect.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    return "in-doubt/\(String(number, radix: 16))"
  }

  /// Counts a look that found nothing. A clock that was set back adds nothing.
  mutating func look(at now: Timestamp, readDelay: Duration) {
    milliseconds += min(max(now - lookedAt, .zero), max(counted, readDelay, .milliseconds(100))).wholeMilliseconds
    lookedAt = now
  }
}
