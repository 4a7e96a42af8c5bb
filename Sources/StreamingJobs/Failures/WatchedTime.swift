import JobQueue

/// How long a job watches for something: an asset that is processed, an object that is not seen yet.
///
/// While a gate is closed, or no worker runs, nobody looks, and the provider may do nothing either. So of a longer gap
/// between two looks only ``longestGap`` counts: an outage ends no watch.
struct WatchedTime: Codable, Sendable {
  /// Longer than any pause between two looks.
  private static let longestGap = Duration.seconds(60)

  /// When it began, moved by what does not count.
  private(set) var since: Timestamp
  private var lookedAt: Timestamp

  /// Begins with a look.
  init(at now: Timestamp) { (since, lookedAt) = (now, now) }

  /// Reads also what earlier versions wrote: the moment of the first look.
  init(from decoder: any Decoder) throws {
    if let began = try? Timestamp(from: decoder) {
      (since, lookedAt) = (began, began)
    } else {
      let fields = try decoder.container(keyedBy: CodingKeys.self)
      since = try fields.decode(Timestamp.self, forKey: .since)
      lookedAt = try fields.decode(Timestamp.self, forKey: .lookedAt)
    }
  }

  /// Takes in another look.
  /// - Returns: how long the watch lasts already. A clock that was set back begins it anew.
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
