import Wire

extension EventTiming: Codable {
  private enum Key: String, CodingKey {
    case at, cron, exclude, gap, overlap, startsAt, endsAt, count
  }

  /// Reads the texts, as a person may have written them.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    func wrong(_ key: Key, _ text: String) -> DecodingError {
      .dataCorruptedError(forKey: key, in: values, debugDescription: "'\(text)' cannot be read")
    }
    func wallTime(_ text: String, _ key: Key) throws -> WallTime {
      guard let time = WallTime(text) else { throw wrong(key, text) }
      return time
    }
    if let text = try values.decodeIfPresent(String.self, forKey: .cron) {
      guard let expression = try? CronExpression(text) else { throw wrong(.cron, text) }
      self.init(.cron(expression))
    } else {
      self.init(.instants(try values.decode([String].self, forKey: .at).map { try wallTime($0, .at) }))
    }
    excluded = Set(
      try (values.decodeIfPresent([String].self, forKey: .exclude) ?? []).map { text in
        guard let day = CalendarDay(text) else { throw wrong(.exclude, text) }
        return day
      })
    if let text = try values.decodeIfPresent(String.self, forKey: .gap) {
      guard let policy = GapPolicy(rawValue: text) else { throw wrong(.gap, text) }
      gap = policy
    }
    if let text = try values.decodeIfPresent(String.self, forKey: .overlap) {
      guard let policy = OverlapPolicy(rawValue: text) else { throw wrong(.overlap, text) }
      overlap = policy
    }
    startsAt = try values.decodeIfPresent(String.self, forKey: .startsAt).map { try wallTime($0, .startsAt) }
    endsAt = try values.decodeIfPresent(String.self, forKey: .endsAt).map { try wallTime($0, .endsAt) }
    count = try values.decodeIfPresent(Int.self, forKey: .count)
  }

  /// Writes the texts that ``init(from:)`` reads.
  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Key.self)
    switch moments {
    case .cron(let expression): try values.encode(expression.description, forKey: .cron)
    case .instants(let times): try values.encode(times.map { Self.text($0) }, forKey: .at)
    }
    if !excluded.isEmpty {
      let days = excluded.map(\.daysSince1970).sorted()
      try values.encode(days.map { String(InternetTime.text($0 * 86_400).prefix(10)) }, forKey: .exclude)
    }
    try values.encode(gap.rawValue, forKey: .gap)
    try values.encode(overlap.rawValue, forKey: .overlap)
    try values.encodeIfPresent(startsAt.map { Self.text($0) }, forKey: .startsAt)
    try values.encodeIfPresent(endsAt.map { Self.text($0) }, forKey: .endsAt)
    try values.encodeIfPresent(count, forKey: .count)
  }

  private static func text(_ time: WallTime) -> String { String(InternetTime.text(time.seconds).dropLast()) }
}
