/// How long an effect of unknown outcome was looked for in vain.
///
/// Only looks that were answered count, each for at most as long as the ones before it together. The pauses that a job
/// chooses double as well, so they count whole, and what is longer (an outage, a stopped worker, a clock that was put
/// forward) counts no more than they would.
struct DoubtWatch: Codable, Equatable {
  /// When the request may have left at the latest: another one is another doubt.
  let since: Timestamp
  private var milliseconds: Int64 = 0
  private var lookedAt: Timestamp

  /// What counts so far.
  var counted: Duration { .milliseconds(milliseconds) }

  /// Begins when the request may have left at the latest.
  init(since: Timestamp) { (self.since, lookedAt) = (since, since) }

  /// The checkpoint in which it is kept; it goes with the intent to the next job of the key.
  static func key(of effect: String) -> String {
    let key = "\(effect)/in-doubt"
    guard key.utf8.count > JobLimits.nameBytes else { return key }
    // FNV-1a: any number that distinguishes the long names of one job.
    let number = effect.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    return "in-doubt/\(String(number, radix: 16))"
  }

  /// Takes in a look that found nothing. A clock that was set back adds nothing.
  mutating func look(at now: Timestamp, readDelay: Duration) {
    milliseconds += min(max(now - lookedAt, .zero), max(counted, readDelay, .milliseconds(100))).wholeMilliseconds
    lookedAt = now
  }
}
