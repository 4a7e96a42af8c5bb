import JobQueue

/// For how long a job has watched something, such as an asset that is being processed, or an object that is not visible
/// yet.
///
/// While a gate is closed or no worker runs, nobody looks, and the provider may do nothing either. So only
/// ``longestGap`` of a longer gap between two looks counts: an outage does not end a watch.
struct WatchedTime: Codable, Sendable {
  /// Longer than any pause between two looks.
  private static let longestGap = Duration.seconds(60)

  /// When it started, moved forward by the time that does not count.
  private(set) var since: Timestamp
  private var lookedAt: Timestamp

  /// Starts with a look.
  init(at now: Timestamp) { (since, lookedAt) = (now, now) }

  /// Also reads what earlier versions wrote: the time of the first look.
  init(from decoder: any Decoder) throws {
    if let began = try? Timestamp(from: decoder) {
      (since, lookedAt) = (began, began)
    } else {
      let fields = try decoder.container(keyedBy: CodingKeys.self)
      since = try fields.decode(Timestamp.self, forKey: .since)
      lookedAt = try fields.decode(Timestamp.self, forKey: .lookedAt)
    }
  }

  /// Records another look.
  /// - Returns: how long the watch has lasted. If the clock was set back, it starts over.
  mutating func look(at now: Timestamp) -> Duration {
    guard lookedAt <= now else {
      self = WatchedTime(at: now)
      return .zero
    }
    let gap = now - lookedAt
    if gap > Self.longestGap { since = since + (gap - Self.longestGap) }
    lookedAt = now
    return now - since
  }
}
